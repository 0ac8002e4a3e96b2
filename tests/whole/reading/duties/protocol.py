"""The obligations of each case under the protocol rules of specification 3, from the text alone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests.whole.reading.codes import STALKING, code
from tests.whole.reading.days import add
from tests.whole.reading.duties.orders import of_orders, restraining_order, spo_considered
from tests.whole.reading.duties.owed import Debt
from tests.whole.reading.duties.rules import quorate
from tests.whole.reading.duties.victims import bail_views, of_no_further_action, release_review, victim_told
from tests.whole.reading.seen import blind, seen
from tests.whole.reading.sheets import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.whole.reading.facts import Facts

PLEA_DUTIES = ("victim_consulted_on", "rationale_recorded_on", "spoc_reviewed_on")


def may_be_stalking(facts: Facts) -> bool:
    """Return whether an open case needs a reason why it is not stalking."""
    once = facts.declassified_on is not None and facts.kind != "stalking"
    return facts.open and (facts.kind == "harassment" or once)


def plea_to_another(plea: Row) -> bool:
    """Return whether a plea to another code was offered on a charge of stalking."""
    charged = code(plea["charged_code"])
    return charged in STALKING and code(plea["plea_code"]) != charged


def charged_otherwise(facts: Facts) -> bool:
    """Return whether what is charged is known, and is no stalking."""
    return facts.stalking_or_harassment and bool(facts.charged_codes) and not facts.charged_codes & STALKING


def closed_administratively(facts: Facts) -> bool:
    """Return whether a stalking case was finalised for an administrative reason."""
    return facts.kind == "stalking" and not facts.open and facts.case["finalised_reason"] == "administrative"


def trigger(facts: Facts) -> date | None:
    """Give the day from which a case needs a reason why it is not stalking."""
    if facts.declassified_on:
        return facts.declassified_on
    days = [facts.case["opened_on"]] if facts.case["relationship"] == "ex_partner" else []
    incidents = sorted(facts.own("incidents"), key=lambda row: (row["reported_on"], row["incident_ref"]))
    days += [row["reported_on"] for row in incidents[1:2]]
    days += [row["submitted_on"] for row in facts.own("referrals")]
    return min(days, default=None)


def _of_the_reason(facts: Facts) -> Iterator[Debt]:
    day, said = trigger(facts), facts.case["why_not_stalking_on"]
    stale = facts.declassified_on and said and said < facts.declassified_on
    if may_be_stalking(facts) and day and (not said or stale) and not blind("why-not-stalking", facts):
        yield Debt("why-not-stalking", "case", "police", add(day, "2wd"), began=day)
    charged = facts.charged_on
    asked = (facts.kind == "stalking" or day) and not facts.earliest("not_stalking_reason_on")
    if charged_otherwise(facts) and charged and asked and not blind("charge-not-stalking", facts):
        yield Debt("charge-not-stalking", "case", "cps", add(charged, "1wd"), began=charged)


def _of_referrals_and_pleas(facts: Facts) -> Iterator[Debt]:
    for row in facts.own("referrals"):
        missing = row["checklist_missing"] and not row["decision_on"]
        if missing and not blind("referral-checklist", facts, row):
            day = row["submitted_on"]
            yield Debt("referral-checklist", f"referral:{row['referral_ref']}", "police", day, began=day)
    for row in facts.own("pleas"):
        asked = [column.partition(".")[2] for column in seen("plea", facts, row)]
        if plea_to_another(row) and not all(row[duty] for duty in asked):
            offered = row["offered_on"]
            yield Debt("plea", f"plea:{row['plea_ref']}", "cps", add(offered, "1wd"), began=offered)


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
    due = add(facts.case["opened_on"], "2wd")
    if assessed:
        since = [day for row in facts.own("incidents") if (day := row["reported_on"]) > assessed]
        again = add(assessed, "28d")
        due = min(again, add(min(since), "2wd")) if since else again
    return Debt("risk-assessment", "case", "police", due, assessed)


def _victim_contact(facts: Facts) -> Debt:
    case = facts.case
    days = 28 if case["victim_contact_days"] is None else case["victim_contact_days"]
    contacted = case["victim_contacted_on"]
    return Debt("victim-contact", "case", "police", add(contacted or case["opened_on"], f"{days}d"), contacted)


def _of_the_case(facts: Facts) -> Iterator[Debt]:
    issued = facts.case["pin_issued_on"]
    if issued and not facts.case["pin_withdrawn_on"] and not blind("pin-issued", facts):
        yield Debt("pin-issued", "case", "police", issued, began=issued)
    if not blind("risk-assessment", facts):
        yield _risk_assessment(facts)
    if not blind("victim-contact", facts):
        yield _victim_contact(facts)
    yield from spo_considered(facts)
    yield from restraining_order(facts)
    yield from _of_breaches(facts)
    yield from bail_views(facts)
    yield from release_review(facts)
    yield from victim_told(facts)


def _closed_silently(facts: Facts) -> Iterator[Debt]:
    finalised = facts.case["finalised_on"]
    held = any(quorate(row) and row["held_on"] >= finalised for row in facts.every("reviews"))
    if not held and not blind("closed-silently", facts):
        yield Debt("closed-silently", "case", "both", add(finalised, "1wd"), began=finalised)


def of_the_protocol(facts: Facts) -> Iterator[Debt]:
    """Yield the debts of one case under the protocol."""
    yield from _of_the_reason(facts)
    if facts.stalking_or_harassment:
        yield from _of_referrals_and_pleas(facts)
    if facts.in_scope:
        yield from _of_the_case(facts)
    if facts.kept:
        yield from of_orders(facts)
    if closed_administratively(facts):
        yield from _closed_silently(facts)
    yield from of_no_further_action(facts)
