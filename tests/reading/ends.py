"""The reasons why a version ended (specification 3, Its life)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from tests.reading.facts import Facts, Held, Row, Store
from tests.reading.owed import Owed
from tests.reading.panels import Sitting
from tests.reading.protocol import closed_administratively, may_be_stalking, plea_to_less
from tests.reading.rules import SUMMARY_ONLY
from tests.reading.without_case import has_left, is_spoc, posts, prosecutors

FILES = {
    "action": "actions",
    "referral": "referrals",
    "order": "orders",
    "plea": "pleas",
    "incident": "incidents",
    "contact": "contacts",
}


def _limited(facts: Facts) -> bool:
    codes = {code.upper()[:7] for code in facts.case["offence_codes"]}
    return facts.stalking_or_harassment and bool(codes & SUMMARY_ONLY)


def _either(facts: Facts) -> bool:
    return facts.stalking_or_harassment


def _in_scope(facts: Facts) -> bool:
    return facts.in_scope


def _not_charged(facts: Facts) -> bool:
    return facts.in_scope and not facts.charged


# rule: the cases that it applies to
CASES: dict[str, Callable[[Facts], bool]] = {
    "joint-review": lambda facts: facts.in_scope and facts.principal,
    "supervisor-review": _not_charged,
    "no-progress": _not_charged,
    "summary-time-limit": _limited,
    "time-limit-unknown": _limited,
    "bail-end": lambda facts: facts.stalking_or_harassment and facts.case["suspect_status"] == "bail",
    "custody-limit": lambda facts: facts.stalking_or_harassment and facts.case["suspect_status"] == "custody",
    "why-not-stalking": may_be_stalking,
    "restraining-order": lambda facts: facts.in_scope and facts.charged,
    "closed-silently": closed_administratively,
    "outcome-unrecorded": lambda facts: not facts.case["finalised_on"],
    **dict.fromkeys(("action", "action-plan", "charging-decision", "referral-checklist", "plea"), _either),
}
# rule: the rows of a case that it applies to
ROWS: dict[str, Callable[[Row], bool]] = {
    "action": lambda row: row["source"] != "action_plan",
    "action-plan": lambda row: row["source"] == "action_plan",
    "plea": plea_to_less,
    "order-expiry": lambda row: bool(row["expires_on"]),
    "breach-unanswered": lambda row: bool(row["breach"]),
}


def _of_a_row(owed: Owed, held: Held, facts: Facts) -> set[str]:
    reasons: set[str] = set()
    if not held.supplied or held.row.get("status") in ("cancelled", "not_possible"):
        reasons.add("withdrawn")
    name = FILES[owed.subject.partition(":")[0]]
    elsewhere = held.supplied and not any(row is held.row for row in facts.own(name))
    if elsewhere or (owed.rule in ROWS and not ROWS[owed.rule](held.row)):
        reasons.add("out_of_scope")
    return reasons


def _without_case(owed: Owed, store: Store, everything: list[Facts], day: date) -> set[str]:
    kind, _, name = owed.subject.partition(":")
    if kind != "contact":
        return set() if owed.subject in posts(everything) else {"out_of_scope"}
    held = store.files["contacts"][name,]
    reasons = set() if held.supplied else {"withdrawn"}
    wanted = name in prosecutors(everything) if owed.rule == "prosecutor-training" else is_spoc(held.row)
    return reasons if wanted and not has_left(held.row, day) else {*reasons, "out_of_scope"}


def reasons(
    owed: Owed, store: Store, everything: list[Facts], day: date, of: Collection[Sitting] = ()
) -> frozenset[Any]:
    """Give each reason why this is no longer owed; where there are several, the text ranks none first."""
    if owed.force is None:
        return frozenset(_without_case(owed, store, everything, day) or {"met"})
    own = (owed.force, owed.case_ref)
    facts = next(each for each in everything if (each.case["force_code"], each.case["case_ref"]) == own)
    found: set[str] = set()
    if facts.case["finalised_on"] and owed.rule != "closed-silently":
        found.add("finalised")
    elif not CASES.get(owed.rule, _in_scope)(facts):
        found.add("out_of_scope")
    kind, _, ref = owed.subject.partition(":")
    if kind == "sitting" and ref not in {one.ref for one in of}:  # its place there was given up
        found |= {"withdrawn"} if facts.in_scope and facts.principal else {"withdrawn", "out_of_scope"}
    if kind in FILES:
        found |= _of_a_row(owed, store.files[FILES[kind]][ref,], facts)
    return frozenset(found or {"met"})
