"""The reasons why a version ended (specification 3, Its life)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import Any

from tests.whole.reading.duties.clocks import limited
from tests.whole.reading.duties.orders import SERVED, notifiable, replaced
from tests.whole.reading.duties.owed import Owed
from tests.whole.reading.duties.protocol import (
    charged_otherwise,
    closed_administratively,
    may_be_stalking,
    plea_to_another,
)
from tests.whole.reading.duties.victims import no_further_action
from tests.whole.reading.duties.watched import guarded, reviewed
from tests.whole.reading.duties.without_case import has_left, is_prosecutor, is_spoc, posts
from tests.whole.reading.facts import Facts
from tests.whole.reading.panels import Sitting
from tests.whole.reading.seen import IN_PARTS, NEEDS, begun_unseen, blind, seen, trained_seen
from tests.whole.reading.sheets import Row
from tests.whole.reading.store import Held, Store
from tests.whole.reading.suspects import Suspect

FILES = {
    "action": "actions",
    "referral": "referrals",
    "order": "orders",
    "plea": "pleas",
    "incident": "incidents",
    "contact": "contacts",
    "suspect": "suspects",
    "defendant": "defendants",
}
OUTLIVE = {"order-expiry", "order-told", "order-served", "spo-notification"}  # rules that a closed case owes too
CHECKLIST = "referrals.checklist_missing"
UNTIL_CHARGED = {"supervisor-review", "no-progress", "bail-end", "bail-end-unknown", "bail-views"}
GUARDED = {  # and those of a case that is presumed to be stalking, as long as that is seen
    *("pin-issued", "risk-assessment", "victim-contact", "spo-considered", "breach-unanswered", "bail-views"),
    *("release-review", "victim-told", "advocate-referral", "suspect-wanted", "danger", "nfa-review"),
    *("joint-review", "supervisor-review", "no-progress", "awaiting-charge"),
}
CLOSED = {"closed-silently", "nfa-review"}  # and those that only a closed one owes


def _either(facts: Facts) -> bool:
    return facts.stalking_or_harassment


def _kept(facts: Facts) -> bool:
    return facts.kept


# rule: the cases that it applies to; what ends by the charge is met
CASES: dict[str, Callable[[Facts], bool]] = {
    "joint-review": lambda facts: reviewed(facts) and facts.principal,
    **dict.fromkeys(("supervisor-review", "no-progress", "awaiting-charge"), reviewed),
    "summary-time-limit": limited,
    "time-limit-unknown": limited,
    "charge-code-unknown": lambda facts: limited(facts) and facts.charged,
    **dict.fromkeys(("bail-end", "bail-end-unknown", "custody-limit"), lambda facts: facts.clock_case),
    "custody-limit-unknown": lambda facts: facts.clock_case and facts.charged,
    "why-not-stalking": may_be_stalking,
    "charge-not-stalking": charged_otherwise,
    "restraining-order": lambda facts: facts.in_scope and facts.charged,
    "release-review": lambda facts: guarded(facts) and facts.risk in (None, "high"),
    "nfa-review": no_further_action,
    "closed-silently": closed_administratively,
    "outcome-unrecorded": lambda facts: facts.open,
    **dict.fromkeys(("action", "action-plan", "charging-decision", "referral-checklist", "plea"), _either),
    **dict.fromkeys(OUTLIVE, _kept),
}
# rule: the suspects of a case that it applies to
SUSPECTS: dict[str, Callable[[Suspect], bool]] = {
    **dict.fromkeys(("bail-end", "bail-end-unknown", "bail-views"), Suspect.on_bail),
    "release-review": Suspect.free,
    "suspect-wanted": Suspect.wanted,
}
# rule: the rows of a case that it applies to
ROWS: dict[str, Callable[[Row, Facts], bool]] = {
    "action": lambda row, _: row["source"] != "action_plan",
    "action-plan": lambda row, _: row["source"] == "action_plan",
    "plea": lambda row, _: plea_to_another(row),
    "order-expiry": lambda row, _: bool(row["expires_on"]),
    "order-told": lambda row, facts: bool(row["made_on"]) and not replaced(row, facts.own("orders")),
    "order-served": lambda row, facts: (
        bool(row["made_on"]) and row["kind"] in SERVED and not replaced(row, facts.own("orders"))
    ),
    "spo-notification": lambda row, facts: notifiable(row, facts.own("orders")),
    "breach-unanswered": lambda row, _: bool(row["breach"]),
}


def _of_a_row(owed: Owed, held: Held, facts: Facts) -> set[str]:
    reasons: set[str] = set()
    if not held.supplied or held.row.get("status") in ("cancelled", "not_possible"):
        reasons.add("withdrawn")
    name = FILES[owed.subject.partition(":")[0]]
    elsewhere = held.supplied and not any(row is held.row for row in facts.own(name))
    if elsewhere or (owed.rule in ROWS and not ROWS[owed.rule](held.row, facts)):
        reasons.add("out_of_scope")
    return reasons


def _unseen(owed: Owed, facts: Facts, row: Row | None) -> set[str]:
    """Say whether a column vanished; where other parts are done, and one never was sent, the text ranks neither end."""
    told = seen(owed.rule, facts, row)
    whole = row and CHECKLIST in told and not row["checklist_missing"]
    if owed.rule == "referral-checklist" and row and (whole or row["decision_on"]):
        return set()  # either answers by itself, whatever is sent of the other: nothing is missing, or it is decided
    declined = owed.rule == "advocate-referral" and facts.case["advocate_declined_on"]
    if declined or (owed.rule == "order-served" and row and row["renewal_decided_on"]):
        return set()  # that is recorded, and ends it whatever is sent of a referral, or of the service
    if begun_unseen(owed.rule, facts, row):
        return {"unseen"}
    if owed.rule == "restraining-order" and any(each["kind"] == "restraining_order" for each in facts.own("orders")):
        rows = [each for each in facts.own("orders") if each["kind"] == "restraining_order"]
        partly = any(len(seen(owed.rule, facts, each)) < 2 for each in rows)
        return {"met", "unseen"} if partly else set()  # one of them may satisfy what can be seen of it
    if blind(owed.rule, facts, row) or (owed.rule in IN_PARTS and owed.seen - told):
        return {"unseen"}
    return {"met", "unseen"} if owed.rule in IN_PARTS and len(told) < len(NEEDS[owed.rule].split()) else set()


def _without_case(owed: Owed, store: Store, everything: list[Facts], day: date) -> set[str]:
    kind, _, name = owed.subject.partition(":")
    if kind == "source":
        return set()
    if kind != "contact":
        return set() if owed.subject in posts(everything) else {"out_of_scope"}
    held = store.files["contacts"][name,]
    reasons = set() if held.supplied else {"withdrawn"}
    wanted = is_prosecutor(held.row) if owed.rule == "prosecutor-training" else is_spoc(held.row)
    if not wanted or has_left(held.row, day):
        reasons.add("out_of_scope")
    agency = "cps" if owed.rule == "prosecutor-training" else held.row["agency"]
    told = trained_seen(store, agency, held.row["force_code"] or [])
    return reasons if reasons or told else {"unseen"}


def _concerned(owed: Owed, facts: Facts) -> bool:
    """Return whether the suspect or defendant of an obligation is one that its rule is for."""
    if owed.subject.startswith("suspect:") and not facts.store.files["suspects"][owed.subject[8:],].supplied:
        return True  # it was withdrawn
    if owed.subject.startswith("defendant:") and not facts.store.files["defendants"][owed.subject[10:],].supplied:
        return True
    if owed.rule in SUSPECTS:
        return any(one.subject == owed.subject and SUSPECTS[owed.rule](one) for one in facts.suspects)
    if owed.rule.startswith("custody-limit"):
        return any(one.subject == owed.subject and facts.in_custody(one) for one in facts.defendants)
    return True


def _named_apart(owed: Owed, facts: Facts) -> bool:
    """Return whether the suspects or defendants of a case have rows of their own, perhaps of a linked case."""
    each = facts.defendants if owed.rule.startswith("custody-limit") else facts.suspects
    return all(one.subject != "case" for one in each)


def _beyond(owed: Owed, facts: Facts) -> set[str]:
    """Give the reasons why a case or a suspect is no longer one that a rule is for: the text ranks none first."""
    found = {"out_of_scope"}
    if _charged(owed, facts) and owed.rule in UNTIL_CHARGED:
        found.add("met")
    if owed.rule in GUARDED and not facts.store.sees(facts.case, "cases", "why_not_stalking_on"):
        found.add("unseen")  # whether it is presumed is not seen any more
    if owed.subject == "case" and not _concerned(owed, facts) and _named_apart(owed, facts):
        found.add("withdrawn")  # the case's row gave way to rows of their own
    return found


def _charged(owed: Owed, facts: Facts) -> bool:
    if owed.rule in SUSPECTS:
        return any(one.subject == owed.subject and one.charged for one in facts.suspects)
    return facts.charged


def reasons(
    owed: Owed, store: Store, everything: list[Facts], day: date, of: Collection[Sitting] = ()
) -> frozenset[Any]:
    """Give each reason why this is no longer owed; where there are several, the text ranks none first."""
    if owed.force is None:
        return frozenset(_without_case(owed, store, everything, day) or {"met"})
    own = (owed.force, owed.case_ref)
    facts = next(each for each in everything if each.key == own)
    found: set[str] = set()
    if not facts.open and owed.rule not in OUTLIVE | CLOSED:
        found.add("finalised")
    elif not CASES.get(owed.rule, guarded)(facts) or not _concerned(owed, facts):
        found |= _beyond(owed, facts)
    kind, _, ref = owed.subject.partition(":")
    if kind == "sitting" and ref not in {one.ref for one in of}:  # its place there was given up
        found |= {"withdrawn"} if facts.in_scope and facts.principal else {"withdrawn", "out_of_scope"}
    row = None
    if kind in FILES:
        held = store.files[FILES[kind]][ref,]
        row = held.row
        found |= _of_a_row(owed, held, facts)
    unseen = _unseen(owed, facts, row)
    if not found or unseen == {"unseen"}:
        found |= unseen
    if not store.counts(owed.rule, owed.began):
        found.add("policy")
    return frozenset(found or {"met"})
