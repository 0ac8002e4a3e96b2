"""The obligations of each case under the protocol rules of specification 3, from the text alone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests.whole.reading.codes import STALKING, code
from tests.whole.reading.days import add
from tests.whole.reading.duties.orders import of_orders, restraining_order
from tests.whole.reading.duties.owed import Debt
from tests.whole.reading.duties.rules import quorate
from tests.whole.reading.seen import blind, seen
from tests.whole.reading.sheets import Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.whole.reading.facts import Facts


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


def answered(facts: Facts) -> bool:
    """Return whether the reason is recorded, and not about an earlier classification."""
    said = facts.case["why_not_stalking_on"]
    return bool(said) and not (facts.declassified_on and said < facts.declassified_on)


def _of_the_reason(facts: Facts) -> Iterator[Debt]:
    day = trigger(facts)
    if may_be_stalking(facts) and day and not answered(facts) and not blind("why-not-stalking", facts):
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
        yield from restraining_order(facts)
    if facts.kept:
        yield from of_orders(facts)
    if closed_administratively(facts):
        yield from _closed_silently(facts)
