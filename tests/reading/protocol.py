"""The obligations of each case under the protocol rules of specification 3, from the text alone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests.reading.days import add
from tests.reading.facts import HARASSMENT, STALKING, Row, kind_of
from tests.reading.owed import Owed
from tests.reading.rules import quorate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.reading.facts import Facts

Debt = tuple[str, str, str, date]  # rule, subject, owed by, due
PLEA_DUTIES = ("victim_consulted_on", "rationale_recorded_on", "spoc_reviewed_on")
PROTECTION = {"spo", "interim_spo"}


def code(text: str) -> str:
    """Give an offence code in comparable form: its first seven characters, in any case."""
    return text.upper()[:7]


def may_be_stalking(facts: Facts) -> bool:
    """Return whether an open case needs a reason why it is not stalking."""
    kind = kind_of(facts.case)
    once = facts.declassified_on is not None and kind != "stalking"
    return not facts.case["finalised_on"] and (kind == "harassment" or once)


def plea_to_less(plea: Row) -> bool:
    """Return whether a plea to harassment was offered on a charge of stalking."""
    return code(plea["charged_code"]) in STALKING and code(plea["plea_code"]) in HARASSMENT


def closed_administratively(facts: Facts) -> bool:
    """Return whether a stalking case was finalised for an administrative reason."""
    case = facts.case
    stalking = kind_of(case) == "stalking"
    return stalking and bool(case["finalised_on"]) and case["finalised_reason"] == "administrative"


def _why_not_stalking(facts: Facts) -> Iterator[Debt]:
    case, declassified = facts.case, facts.declassified_on
    said = case["why_not_stalking_on"]
    if said and (declassified is None or said >= declassified):
        return
    triggers = [declassified] if declassified else []
    if not declassified and case["relationship"] == "ex_partner":
        triggers.append(case["opened_on"])
    incidents = sorted(facts.own("incidents"), key=lambda row: (row["reported_on"], row["incident_ref"]))
    if not declassified and len(incidents) > 1:
        triggers.append(incidents[1]["reported_on"])
    if triggers:
        yield "why-not-stalking", "case", "police", add(min(triggers), "2wd")


def _of_referrals_and_pleas(facts: Facts) -> Iterator[Debt]:
    for row in facts.own("referrals"):
        if not row["decision_on"] and row["checklist_missing"]:
            yield "referral-checklist", f"referral:{row['referral_ref']}", "police", row["submitted_on"]
    for row in facts.own("pleas"):
        if plea_to_less(row) and not all(row[duty] for duty in PLEA_DUTIES):
            yield "plea", f"plea:{row['plea_ref']}", "cps", add(row["offered_on"], "1wd")


def _of_the_case(facts: Facts) -> Iterator[Debt]:
    case, orders = facts.case, facts.own("orders")
    if case["pin_issued_on"] and not case["pin_withdrawn_on"]:
        yield "pin-issued", "case", "police", case["pin_issued_on"]
    if not case["spo_considered_on"] and not any(row["kind"] in PROTECTION for row in orders):
        yield "spo-considered", "case", "police", add(case["opened_on"], "2wd")
    hearings = [day for row in facts.cps if (day := row["next_hearing_on"])]
    ready = any(row["kind"] == "restraining_order" and row["victim_views_on"] and row["decided_on"] for row in orders)
    if facts.charged and hearings and not ready:
        charged = min(day for row in facts.cps if (day := row["charged_on"]))
        yield "restraining-order", "case", "both", max(charged, add(min(hearings), "-10wd"))
    assessed = case["risk_assessed_on"]
    for row in facts.own("incidents"):
        if row["breach"] and not (assessed and assessed >= row["reported_on"]):
            yield "breach-unanswered", f"incident:{row['incident_ref']}", "police", add(row["reported_on"], "2wd")


def _risk_assessment(facts: Facts) -> date:
    assessed = facts.case["risk_assessed_on"]
    if not assessed:
        return add(facts.case["opened_on"], "2wd")
    since = [day for row in facts.own("incidents") if (day := row["reported_on"]) > assessed]
    again = add(assessed, "28d")
    return min(again, add(min(since), "2wd")) if since else again


def _victim_contact(facts: Facts) -> date:
    case = facts.case
    days = 28 if case["victim_contact_days"] is None else case["victim_contact_days"]
    return add(case["victim_contacted_on"] or case["opened_on"], f"{days}d")


def _replaced(order: Row, orders: list[Row]) -> bool:
    family = PROTECTION if order["kind"] in PROTECTION else {order["kind"]}
    made = [row["made_on"] for row in orders if row["kind"] in family and row["made_on"]]
    return bool(order["made_on"]) and any(day > order["made_on"] for day in made)


def _closed_silently(facts: Facts) -> Iterator[Debt]:
    finalised = facts.case["finalised_on"]
    if not any(quorate(row) and row["held_on"] >= finalised for row in facts.every("reviews")):
        yield "closed-silently", "case", "both", add(finalised, "1wd")


def _debts(facts: Facts) -> Iterator[Debt]:
    if may_be_stalking(facts):
        yield from _why_not_stalking(facts)
    if facts.stalking_or_harassment:
        yield from _of_referrals_and_pleas(facts)
    if facts.in_scope:
        yield from _of_the_case(facts)
    if closed_administratively(facts):
        yield from _closed_silently(facts)


def owed_by_protocol(facts: Facts) -> Iterator[Owed]:
    """Yield the obligations of one case under the protocol; a closed case owes at most a review of its closing."""
    head = (facts.case["force_code"], facts.case["case_ref"], facts.root)
    for rule, subject, by, due in _debts(facts):
        yield Owed(*head, rule, subject, by, due, facts.risk)
    if not facts.in_scope:
        return
    case = facts.case
    assessed, contacted = case["risk_assessed_on"], case["victim_contacted_on"]
    yield Owed(*head, "risk-assessment", "case", "police", _risk_assessment(facts), facts.risk, assessed)
    yield Owed(*head, "victim-contact", "case", "police", _victim_contact(facts), facts.risk, contacted)
    for row in facts.own("orders"):
        if row["expires_on"] and not row["renewal_decided_on"] and not _replaced(row, facts.own("orders")):
            first = "-14d" if row["kind"] == "interim_spo" else "-3m"
            subject = f"order:{row['order_ref']}"
            yield Owed(*head, "order-expiry", subject, "police", row["expires_on"], facts.risk, remind_by=first)
