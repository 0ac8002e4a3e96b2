"""Duties that come again and again (reviews, assessments, contact): each due day, and whether it was done by then."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests.whole.reading.days import add, by_risk
from tests.whole.reading.duties.dangers import danger_days
from tests.whole.reading.duties.orders import PROTECTION, runs
from tests.whole.reading.duties.rules import quorate
from tests.whole.recount.counting import STALKING, Counting, Duty, sender, watched, watched_since

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.whole.reading.facts import Facts
    from tests.whole.reading.sheets import Row

    Owed = Iterator[tuple[date, date | None]]  # each due day, and when something else made it owed no more


def _reported(rows: list[Row], after: date, until: date | None) -> list[date]:
    """Give the days after one on which something was reported, up to another: what is later asks again."""
    days = {row["reported_on"] for row in rows}
    return sorted(day for day in days if after < day and (until is None or day <= until))


def _joint(facts: Facts, done: date | None, until: date | None) -> Owed:
    anchor = done or facts.case["opened_on"]
    due = add(anchor, by_risk(("10wd", "20wd", "40wd"), facts.risk))
    soon = [add(day, "5wd") for day in _reported(facts.every("incidents"), anchor, until)]
    yield min([due, *soon]), None


def _supervisor(facts: Facts, done: date | None, _: date | None) -> Owed:
    since = done or facts.case["opened_on"]
    if facts.charged_on is None or facts.charged_on > since:
        yield add(since, by_risk(("7d", "14d", "28d"), facts.risk)), facts.charged_on


def _assessment(facts: Facts, done: date | None, until: date | None) -> Owed:
    if done:
        soon = [add(day, "2wd") for day in _reported(facts.own("incidents"), done, until)]
        yield min([add(done, "28d"), *soon]), None
    else:
        yield add(watched_since(facts), "2wd"), None


def _contact(facts: Facts, done: date | None, _: date | None) -> Owed:
    days = facts.case["victim_contact_days"]
    yield add(done or watched_since(facts), f"{28 if days is None else days}d"), None


def _consideration(facts: Facts, done: date | None, until: date | None) -> Owed:
    """Yield each consideration that was asked for while no order ran that was made by then; one made later ends it."""
    orders = [row for row in facts.own("orders") if row["made_on"]]
    over = date.min
    for day in _reported(facts.own("incidents"), done, until) if done else [watched_since(facts)]:
        if day > over and not runs([row for row in orders if row["made_on"] <= day], day):
            made = [row["made_on"] for row in orders if row["kind"] in PROTECTION and row["made_on"] > day]
            over = min(made, default=date.max)
            yield add(day, "5wd" if done else "2wd"), min(made, default=None)


def _danger(facts: Facts, done: date | None, until: date | None) -> Owed:
    """Yield the first day of danger after a confirmation that the next one answers."""
    days = (day for day in danger_days(facts) if (done is None or day > done) and (until is None or day <= until))
    if first := min(days, default=None):
        yield add(first, "1wd"), None


def _recorded(column: str) -> Callable[[Facts, Counting], list[date]]:
    def days(facts: Facts, count: Counting) -> list[date]:
        said = count.history.all_said("cases", facts.key)
        return sorted({one.row[column] for one in said if one.row.get(column)})

    return days


def _held(facts: Facts, _: Counting) -> list[date]:
    return sorted({row["held_on"] for row in facts.every("reviews") if quorate(row)})


def _reviewed(facts: Facts, _: Counting) -> list[date]:
    return sorted({row["held_on"] for row in facts.own("reviews") if row["kind"] == "supervisor" or quorate(row)})


# What is due between a day on which it was done and the next, the days on which it was done, and its columns.
RULES = {
    "joint-review": (_joint, _held, ("cases.",)),
    "supervisor-review": (_supervisor, _reviewed, ("cases.",)),
    "risk-assessment": (_assessment, _recorded("risk_assessed_on"), ("cases.risk_assessed_on",)),
    "victim-contact": (_contact, _recorded("victim_contacted_on"), ("cases.victim_contacted_on",)),
    "spo-considered": (_consideration, _recorded("spo_considered_on"), ("cases.spo_considered_on",)),
    "danger": (_danger, _recorded("risk_ratified_on"), ("cases.",)),
}
REVIEWS = ("joint-review", "supervisor-review")  # of what is presumed to be stalking they are not asked


def owes(rule: str, facts: Facts) -> bool:
    """Return whether a rule is for a case, open or not: of linked cases the first owes the joint review."""
    if rule in REVIEWS:
        return facts.kind == STALKING and (rule != "joint-review" or facts.principal)
    return watched(facts)


def duties(rule: str, facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield a duty for each due day of a month: from each day on which it was done to the next."""
    owed, days, _ = RULES[rule]
    done = days(facts, count)
    for last, following in zip([None, *done], [*done, None], strict=True) if owes(rule, facts) else ():
        for due, other in owed(facts, last, following):
            if count.holds(due):
                met = min((day for day in (following, other) if day), default=None)
                yield Duty((facts.key, due), facts, sender(facts.case), due, met)


def is_late(rule: str, facts: Facts, count: Counting, day: date) -> bool:
    """Return whether a duty was overdue at the end of a day."""
    owed, days, _ = RULES[rule]
    last = max((known for known in days(facts, count) if known <= day), default=None)
    standing = (due for due, other in owed(facts, last, day) if other is None or other > day)
    return owes(rule, facts) and any(due < day for due in standing)
