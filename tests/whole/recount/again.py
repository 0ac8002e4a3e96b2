"""Duties that come again and again (reviews, assessments, contact): each due day, and whether it was done by then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.whole.reading.days import add, by_risk
from tests.whole.reading.duties.orders import PROTECTION, runs
from tests.whole.reading.duties.rules import quorate
from tests.whole.recount.counting import Counting, Duty, sender

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from tests.whole.reading.facts import Facts


def _joint(facts: Facts, done: date | None) -> date | None:
    anchor = done or facts.case["opened_on"]
    due = add(anchor, by_risk(("10wd", "20wd", "40wd"), facts.risk))
    since = [day for row in facts.every("incidents") if (day := row["reported_on"]) > anchor]
    return min([due, *(add(min(since), "5wd") for _ in since[:1])])


def _supervisor(facts: Facts, done: date | None) -> date | None:
    return add(done or facts.case["opened_on"], by_risk(("7d", "14d", "28d"), facts.risk))


def _assessment(facts: Facts, done: date | None) -> date | None:
    if not done:
        return add(facts.case["opened_on"], "2wd")
    since = [day for row in facts.own("incidents") if (day := row["reported_on"]) > done]
    return min([add(done, "28d"), *(add(min(since), "2wd") for _ in since[:1])])


def _contact(facts: Facts, done: date | None) -> date | None:
    days = facts.case["victim_contact_days"]
    return add(done or facts.case["opened_on"], f"{28 if days is None else days}d")


def _asked(facts: Facts, done: date | None) -> date | None:
    """Give the day on which an order was to be considered: none while one runs that was made before."""

    def covered(trigger: date) -> bool:
        return runs([row for row in facts.own("orders") if row["made_on"] and row["made_on"] <= trigger], trigger)

    reported = (day for row in facts.own("incidents") if done and (day := row["reported_on"]) > done)
    return min((day for day in (reported if done else [facts.case["opened_on"]]) if not covered(day)), default=None)


def _consideration(facts: Facts, done: date | None) -> date | None:
    trigger = _asked(facts, done)
    return trigger and add(trigger, "5wd" if done else "2wd")


def _recorded(column: str) -> Callable[[Facts, Counting], list[date]]:
    def days(facts: Facts, count: Counting) -> list[date]:
        said = count.history.all_said("cases", facts.key)
        return sorted({one.row[column] for one in said if one.row.get(column)})

    return days


def _held(facts: Facts, _: Counting) -> list[date]:
    return sorted({row["held_on"] for row in facts.every("reviews") if quorate(row)})


def _reviewed(facts: Facts, _: Counting) -> list[date]:
    return sorted({row["held_on"] for row in facts.own("reviews") if row["kind"] == "supervisor" or quorate(row)})


RULES = {
    "joint-review": (_joint, _held, ("cases.",)),
    "supervisor-review": (_supervisor, _reviewed, ("cases.",)),
    "risk-assessment": (_assessment, _recorded("risk_assessed_on"), ("cases.risk_assessed_on",)),
    "victim-contact": (_contact, _recorded("victim_contacted_on"), ("cases.victim_contacted_on",)),
    "spo-considered": (_consideration, _recorded("spo_considered_on"), ("cases.spo_considered_on",)),
}


def owes(rule: str, facts: Facts) -> bool:
    """Return whether a rule is for a case, open or not: of linked cases the first owes the joint review."""
    return facts.kind == "stalking" and (rule != "joint-review" or facts.principal)


def _otherwise(rule: str, facts: Facts, last: date | None) -> list[date]:
    """Give the days on which something else made a rule owe nothing: a charge, or a protection order."""
    if rule == "supervisor-review":
        return [facts.charged_on] if facts.charged_on and facts.charged_on > (last or facts.case["opened_on"]) else []
    since = _asked(facts, last) if rule == "spo-considered" else None
    made = (row["made_on"] for row in facts.own("orders") if row["made_on"] and row["kind"] in PROTECTION)
    return sorted(day for day in made if since and day > since)


def duties(rule: str, facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield a duty for each due day of a month: from each day on which it was done to the next."""
    due_after, days, _ = RULES[rule]
    done = days(facts, count)
    for last, following in zip([None, *done], [*done, None], strict=True) if owes(rule, facts) else ():
        due, since = due_after(facts, last), last or facts.case["opened_on"]
        if due and count.holds(due) and not _charged(rule, facts, since):
            met = min((day for day in (following, *_otherwise(rule, facts, last)) if day), default=None)
            yield Duty((facts.key, due), facts, sender(facts.case), due, met)


def _charged(rule: str, facts: Facts, since: date) -> bool:
    return rule == "supervisor-review" and facts.charged_on is not None and facts.charged_on <= since


def is_late(rule: str, facts: Facts, count: Counting, day: date) -> bool:
    """Return whether a duty was overdue at the end of a day."""
    due_after, days, _ = RULES[rule]
    last = max((known for known in days(facts, count) if known <= day), default=None)
    due = due_after(facts, last)
    met = any(other <= day for other in _otherwise(rule, facts, last))
    return owes(rule, facts) and due is not None and due < day and not met
