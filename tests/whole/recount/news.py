"""Duties that begin with something that happened on a day: each of a month, by the specification's own rules for it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.whole.reading.codes import STALKING
from tests.whole.reading.days import add
from tests.whole.reading.duties.orders import notifiable
from tests.whole.reading.duties.protocol import may_be_stalking, plea_to_another, trigger
from tests.whole.reading.duties.victims import no_further_action
from tests.whole.recount.counting import Counting, Duty, key_of, later, sender
from tests.whole.recount.history import day_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.whole.reading.facts import Facts
    from tests.whole.reading.sheets import Row
    from tests.whole.recount.history import Run

EARLIER = timedelta(days=28)
PROTECTION = {"spo", "interim_spo"}


def _events(facts: Facts, count: Counting) -> Iterator[tuple[date, date]]:
    """Yield each day with news for the victim, and the day of the first extract that told of it."""
    history = count.history
    for run in history.runs[facts.key]:
        if run.status and run.changed_on:
            yield run.changed_on, run.seen_on
    for row in facts.cps:
        if row["charged_on"]:
            key = key_of(row, "cps_cases", facts)
            yield row["charged_on"], history.first_told("cps_cases", key, "charged_on", row["charged_on"])
    for name, ref, column in (("referrals", "referral_ref", "decision_on"), ("orders", "order_ref", "made_on")):
        for row in facts.own(name):
            if row[column]:
                yield row[column], history.first_told(name, (row[ref],), column, row[column])


def victim_told(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield a duty for each day with news."""
    days: dict[date, date] = {}
    for day, told in _events(facts, count) if facts.kind == "stalking" else ():
        days[day] = min(told, days.get(day, told))
    for day, told in days.items():
        if count.holds(day):
            said = count.history.first_on_or_after("cases", facts.key, "victim_told_on", day)
            early = said is not None and (said.day <= told or said.row["victim_told_on"] < told)
            done = day_of(said, "victim_told_on")
            yield Duty((facts.key, day), facts, sender(facts.case), add(day, "1wd"), done, early=early)


def breaches(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield a duty for each breach reported."""
    for row in facts.own("incidents"):
        day = row["reported_on"]
        if facts.kind == "stalking" and row["breach"] and count.holds(day):
            parts = answers(row, facts, count)
            done = later(*parts)
            told = count.history.all_said("incidents", (row["incident_ref"],))[0].day
            early = done is not None and done < told
            yield Duty(row["incident_ref"], facts, sender(row), add(day, "2wd"), done, early=early)


def answers(row: Row, facts: Facts, count: Counting) -> list[date | None]:
    """Give the day of each part of a breach's answer that can be seen: the risk assessed, and the decision."""
    found: list[date | None] = []
    if facts.store.sees(facts.case, "cases", "risk_assessed_on"):
        said = count.history.first_on_or_after("cases", facts.key, "risk_assessed_on", row["reported_on"])
        found.append(day_of(said, "risk_assessed_on"))
    if facts.store.sees(row, "incidents", "breach_decided_on"):
        found.append(row["breach_decided_on"])
    return found


def _early(name: str, ref: str, done: date | None, count: Counting) -> bool:
    """Return whether something was done before the first extract told of its row."""
    return done is not None and done < count.history.all_said(name, (ref,))[0].day


def pleas(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield a duty for each plea to another offence than the stalking charged."""
    for row in facts.own("pleas") if facts.kind != "other" else ():
        if plea_to_another(row) and count.holds(row["offered_on"]):
            parts = ("victim_consulted_on", "rationale_recorded_on", "spoc_reviewed_on")
            done = later(*(row[part] for part in parts if facts.store.sees(row, "pleas", part)))
            early = _early("pleas", row["plea_ref"], done, count)
            yield Duty(row["plea_ref"], facts, sender(row), add(row["offered_on"], "1wd"), done, early=early)


def _replaced_by(order: Row, facts: Facts, day: date) -> bool:
    family = PROTECTION if order["kind"] in PROTECTION else {order["kind"]}
    made = [row["made_on"] for row in facts.own("orders") if row["kind"] in family and row["made_on"]]
    return any(order["made_on"] < other <= day for other in made)


def order_told(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield a duty for each order made."""
    for row in facts.own("orders") if facts.kept else ():
        if count.holds(row["made_on"]):
            due, ref = add(row["made_on"], "1wd"), row["order_ref"]
            if not _replaced_by(row, facts, due):
                early = _early("orders", ref, row["victim_told_on"], count)
                yield Duty(ref, facts, sender(row), due, row["victim_told_on"], outlives=True, early=early)


def spo_notification(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield a duty for each order served that obliges its subject to give name and address."""
    for row in facts.own("orders") if facts.kept else ():
        if count.holds(row["served_on"]) and notifiable(row, facts.own("orders")):
            ref, done = row["order_ref"], row["notified_on"]
            served = count.history.first_told("orders", (ref,), "served_on", row["served_on"])
            early = done is not None and done < served
            yield Duty(ref, facts, sender(row), add(row["served_on"], "2d"), done, outlives=True, early=early)


def nfa_review(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield the duty of a case that ended with no further action."""
    day = facts.case["finalised_on"]
    if no_further_action(facts) and count.holds(day):
        columns = [
            name for name in ("nfa_reviewed_on", "nfa_victim_told_on") if facts.store.sees(facts.case, "cases", name)
        ]
        days = [facts.case[name] for name in columns]
        done = later(*(day_ if day_ and day_ >= day - EARLIER else None for day_ in days))
        told = count.history.first_told("cases", facts.key, "finalised_on", day)
        early = done is not None and done < told
        yield Duty(facts.key, facts, sender(facts.case), add(day, "1wd"), done, outlives=True, early=early)


def charge_not_stalking(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield the duty of a charge without a stalking code."""
    day, asked = facts.charged_on, facts.kind == "stalking" or (facts.kind == "harassment" and trigger(facts))
    if asked and count.holds(day) and facts.charged_codes and not facts.charged_codes & STALKING:
        row = next(row for row in facts.cps if row["charged_on"] == day)
        key, done = key_of(row, "cps_cases", facts), facts.earliest("not_stalking_reason_on")
        told = count.history.first_told("cps_cases", key, "charged_on", day)
        yield Duty(key, facts, sender(row), add(day, "1wd"), done, early=done is not None and done < told)


def why_not_stalking(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield the duty of a case in which the question arose."""
    day, said = trigger(facts), facts.case["why_not_stalking_on"]
    once = facts.declassified_on is not None and facts.kind != "stalking"
    if (may_be_stalking(facts) or facts.kind == "harassment" or once) and count.holds(day):
        stale = facts.declassified_on and said and said < facts.declassified_on
        done = None if stale else said
        early = done is not None and done < _asked_first(facts, day, count)
        yield Duty(facts.key, facts, sender(facts.case), add(day, "2wd"), done, early=early)


def _asked_first(facts: Facts, day: date, count: Counting) -> date:
    """Give the day of the first extract by which the question had arisen on a day: at the opening, or by a row."""
    rows = [
        *(("incidents", row["incident_ref"]) for row in facts.own("incidents") if row["reported_on"] == day),
        *(("referrals", row["referral_ref"]) for row in facts.own("referrals") if row["submitted_on"] == day),
    ]
    first = count.history.all_said("cases", facts.key)[0].day
    told = [count.history.all_said(name, (ref,))[0].day for name, ref in rows]
    return first if day == facts.case["opened_on"] or not told else max(first, min(told))


def pin_issued(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield the duty of a notice that was issued."""
    day, done = facts.case["pin_issued_on"], facts.case["pin_withdrawn_on"]
    if facts.kind == "stalking" and count.holds(day):
        told = count.history.first_told("cases", facts.key, "pin_issued_on", day)
        early = done is not None and done < told
        yield Duty(facts.key, facts, sender(facts.case), day, done, early=early)


def referral_checklist(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield a duty for each referral submitted."""
    for row in facts.own("referrals") if facts.kind != "other" else ():
        if count.holds(row["submitted_on"]):
            first = count.history.all_said("referrals", (row["referral_ref"],))[0]
            decided = row["decision_on"]
            early = not first.row["checklist_missing"] or bool(decided and decided < first.day)
            yield Duty(row["referral_ref"], facts, sender(row), row["submitted_on"], decided, early=early)


def _of_statuses(facts: Facts, count: Counting, kinds: set[str], column: str, within: str) -> Iterator[Duty]:
    for run in count.history.runs[facts.key]:
        due = add(run.since, within)
        if facts.kind == "stalking" and run.status in kinds and count.holds(run.since) and _lasted(run, due):
            day = date.min if run.any_day else run.since
            said = count.history.first_on_or_after("cases", facts.key, column, day)
            done = day_of(said, column)
            early = said is not None and (said.row[column] < run.seen_on or said.day <= run.seen_on)
            yield Duty((facts.key, run.since), facts, sender(facts.case), due, done, early=early)


def _lasted(run: Run, due: date) -> bool:
    return run.until is None or run.until > due


def bail_views(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield a duty for each time that a suspect began to be on bail, until a charge."""
    for duty in _of_statuses(facts, count, {"bail"}, "bail_views_on", "1wd"):
        charged = facts.charged_on
        if not charged or charged > duty.due:
            yield duty
        elif not duty.in_time and charged < duty.due:
            yield Duty(duty.unit, facts, duty.source, duty.due, charged)
        else:
            yield duty


def release_review(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield a duty for each release without bail of a suspect of a case of high or unknown risk."""
    if facts.risk in (None, "high"):
        yield from _of_statuses(facts, count, {"rui", "voluntary"}, "release_reviewed_on", "2wd")


BY_EVENT = {
    "victim-told": (victim_told, ("cases.victim_told_on",)),
    "breach-unanswered": (breaches, ("incidents.breach",)),
    "plea": (pleas, ("pleas.",)),
    "order-told": (order_told, ("orders.victim_told_on",)),
    "spo-notification": (spo_notification, ("orders.served_on", "orders.notified_on")),
    "nfa-review": (nfa_review, ("cases.",)),
    "charge-not-stalking": (
        charge_not_stalking,
        ("cps_cases.charged_on", "cps_cases.charged_codes", "cps_cases.not_stalking_reason_on"),
    ),
    "why-not-stalking": (why_not_stalking, ("cases.why_not_stalking_on",)),
    "pin-issued": (pin_issued, ("cases.pin_issued_on", "cases.pin_withdrawn_on")),
    "referral-checklist": (referral_checklist, ("referrals.decision_on", "referrals.checklist_missing")),
    "bail-views": (bail_views, ("cases.bail_views_on",)),
    "release-review": (release_review, ("cases.release_reviewed_on",)),
}
# and the columns of rules in parts
PARTS: dict[str, tuple[str, ...]] = {
    "breach-unanswered": ("cases.risk_assessed_on", "incidents.breach_decided_on"),
    "plea": ("pleas.victim_consulted_on", "pleas.rationale_recorded_on", "pleas.spoc_reviewed_on"),
    "nfa-review": ("cases.nfa_reviewed_on", "cases.nfa_victim_told_on"),
}
