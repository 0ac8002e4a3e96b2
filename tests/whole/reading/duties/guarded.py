"""The obligations of cases that are guarded: stalking, or presumed to be (specification 3), from the text alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.whole.reading.days import add
from tests.whole.reading.duties.dangers import danger
from tests.whole.reading.duties.orders import runs
from tests.whole.reading.duties.owed import Debt
from tests.whole.reading.duties.victims import of_suspects, victim_told
from tests.whole.reading.duties.watched import guarded, watched_since
from tests.whole.reading.seen import blind, seen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tests.whole.reading.facts import Facts


def _of_breaches(facts: Facts) -> Iterator[Debt]:
    assessed = facts.case["risk_assessed_on"]
    for row in facts.own("incidents"):
        told, day = seen("breach-unanswered", facts, row), row["reported_on"]
        unassessed = "cases.risk_assessed_on" in told and not (assessed and assessed >= day)
        undecided = "incidents.breach_decided_on" in told and not row["breach_decided_on"]
        if row["breach"] and (unassessed or undecided):
            yield Debt("breach-unanswered", f"incident:{row['incident_ref']}", "police", add(day, "2wd"), began=day)


def _risk_assessment(facts: Facts) -> Debt:
    assessed = facts.case["risk_assessed_on"]
    due = add(watched_since(facts), "2wd")
    if assessed:
        since = [day for row in facts.own("incidents") if (day := row["reported_on"]) > assessed]
        again = add(assessed, "28d")
        due = min(again, add(min(since), "2wd")) if since else again
    return Debt("risk-assessment", "case", "police", due, assessed)


def _victim_contact(facts: Facts) -> Debt:
    case = facts.case
    days = 28 if case["victim_contact_days"] is None else case["victim_contact_days"]
    contacted = case["victim_contacted_on"]
    return Debt("victim-contact", "case", "police", add(contacted or watched_since(facts), f"{days}d"), contacted)


def _spo_considered(facts: Facts) -> Iterator[Debt]:
    """Yield the debt to consider a protection order: at first, and again at the first incident since."""
    orders, considered = facts.own("orders"), facts.case["spo_considered_on"]
    trigger: date | None = watched_since(facts)
    within = "2wd"
    if considered:
        reported = [day for row in facts.own("incidents") if (day := row["reported_on"]) > considered]
        due = (day for day in reported if not runs(orders, day) and facts.store.counts("spo-considered", day))
        trigger, within = min(due, default=None), "5wd"
    if trigger and not runs(orders, trigger) and not blind("spo-considered", facts):
        yield Debt("spo-considered", "case", "police", add(trigger, within), considered, began=trigger)


def _advocate(facts: Facts) -> Iterator[Debt]:
    referred = facts.case["advocate_referred_on"] or facts.case["advocate_declined_on"]
    if not referred and not blind("advocate-referral", facts):
        day = watched_since(facts)
        yield Debt("advocate-referral", "case", "police", add(day, "2wd"), began=day)


def of_the_guarded(facts: Facts) -> Iterator[Debt]:
    """Yield the debts of one case, if it is guarded."""
    if not guarded(facts):
        return
    issued = facts.case["pin_issued_on"]
    if issued and not facts.case["pin_withdrawn_on"] and not blind("pin-issued", facts):
        yield Debt("pin-issued", "case", "police", issued, began=issued)
    if not blind("risk-assessment", facts):
        yield _risk_assessment(facts)
    if not blind("victim-contact", facts):
        yield _victim_contact(facts)
    yield from _spo_considered(facts)
    yield from _of_breaches(facts)
    yield from _advocate(facts)
    yield from of_suspects(facts)
    yield from victim_told(facts)
    yield from danger(facts)
