"""Duties that begin with something that happened on a day: each of a month, by the specification's own rules for it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from tests.whole.reading.codes import STALKING
from tests.whole.reading.days import add
from tests.whole.reading.duties.protocol import may_be_stalking, plea_to_another, trigger
from tests.whole.reading.duties.victims import no_further_action
from tests.whole.recount.counting import (
    Counting,
    Duty,
    is_early,
    key_of,
    later,
    sender,
    suspects,
    watched,
    watched_since,
)
from tests.whole.recount.history import day_of
from tests.whole.recount.orders import order_served, order_told, spo_notification
from tests.whole.recount.status import bail_views, release_review

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.whole.reading.facts import Facts
    from tests.whole.reading.sheets import Row

EARLIER = timedelta(days=28)


def _events(facts: Facts, count: Counting) -> Iterator[tuple[date, date]]:
    """Yield each day with news for the victim, and the day of the first extract that told of it."""
    history = count.history
    for one in suspects(facts):
        for run in history.runs[one.file, one.key]:
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
    for day, told in _events(facts, count) if watched(facts) else ():
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
        if watched(facts) and row["breach"] and count.holds(day):
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


def pleas(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield a duty for each plea to another offence than the stalking charged."""
    for row in facts.own("pleas") if facts.kind != "other" else ():
        if plea_to_another(row) and count.holds(row["offered_on"]):
            parts = ("victim_consulted_on", "rationale_recorded_on", "spoc_reviewed_on")
            done = later(*(row[part] for part in parts if facts.store.sees(row, "pleas", part)))
            early = is_early("pleas", row["plea_ref"], done, count)
            yield Duty(row["plea_ref"], facts, sender(row), add(row["offered_on"], "1wd"), done, early=early)


def advocate_referral(facts: Facts, count: Counting) -> Iterator[Duty]:
    """Yield the duty of a case that began to be watched."""
    since, case = watched_since(facts), facts.case
    if watched(facts) and count.holds(since):
        done = case["advocate_referred_on"] or case["advocate_declined_on"]
        first = _asked_first(facts, since, count)
        yield Duty(facts.key, facts, sender(case), add(since, "2wd"), done, early=done is not None and done < first)


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
    if watched(facts) and count.holds(day):
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


BY_EVENT = {
    "victim-told": (victim_told, ("cases.victim_told_on",)),
    "breach-unanswered": (breaches, ("incidents.breach",)),
    "plea": (pleas, ("pleas.",)),
    "order-told": (order_told, ("orders.victim_told_on",)),
    "order-served": (order_served, ("orders.served_on",)),
    "advocate-referral": (advocate_referral, ("cases.advocate_referred_on",)),
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
