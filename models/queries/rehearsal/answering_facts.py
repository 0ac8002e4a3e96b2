"""The fact that answers each rule in a rehearsal, written into the copied tables as an extract would have brought it.

A rule is missing here if no one fact answers it, or only a day that nobody can know: it stays unanswered.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection

from models.queries.driver import array, execute

_ASKED = "unnest(%(cases)s::bigint[], %(refs)s::text[]) a (case_id, ref)"
_CODES = "case when t.charged_codes = '{}' then c.offence_codes else t.charged_codes end"


def _set(assignments: str) -> str:
    """Return assignments; a column alone gets the day."""
    return ", ".join(one if "=" in one else f"{one} = %(day)s" for one in assignments.split(", "))


def _case(assignments: str) -> str:
    return f"update cases t set {_set(assignments)} from {_ASKED} where t.id = a.case_id"


def _row(table: str, ref: str, assignments: str) -> str:
    return f"update {table} t set {_set(assignments)} from {_ASKED} where t.{ref} = a.ref"


def _cps(assignments: str) -> str:
    return f"""update cps_cases t set {_set(assignments)} from {_ASKED} join cases c on c.id = a.case_id
               where t.key_id in (c.id, c.urn_key_id)"""


def _review(kind: str, held_on: str = "%(day)s::date", also: str = "") -> str:
    return f"""insert into reviews (review_ref, key_id, source_id, kind, held_on, police_attended, cps_attended)
               select concat_ws(':', 'rehearsed', '{kind}', c.id, {held_on}), c.id, c.source_id, '{kind}', {held_on},
                      true, '{kind}' = 'joint'
               from {_ASKED} join cases c on c.id = a.case_id {also} on conflict do nothing"""


_ACTION = _row("actions", "action_ref", "status = 'done', closed_on")
_JOINT_REVIEW = _review("joint")
_RESTRAINING_ORDER = f"""
insert into orders (order_ref, key_id, source_id, kind, victim_views_on, decided_on)
select concat_ws(':', 'rehearsed', c.id, %(day)s::date), c.id, c.source_id, 'restraining_order', %(day)s, %(day)s
from {_ASKED} join cases c on c.id = a.case_id on conflict do nothing"""
FACTS: dict[str, tuple[str, ...]] = {
    "joint-review": (_JOINT_REVIEW,),
    "supervisor-review": (_review("supervisor"),),
    "action": (_ACTION,),
    "action-plan": (_ACTION,),
    "charging-decision": (_row("referrals", "referral_ref", "decision_on"),),
    "awaiting-charge": (_cps(f"charged_on, charged_codes = {_CODES}"),),
    "charge-code-unknown": (_cps(f"charged_codes = {_CODES}"),),
    "why-not-stalking": (_case("why_not_stalking_on"),),
    "charge-not-stalking": (_cps("not_stalking_reason_on"),),
    "referral-checklist": (_row("referrals", "referral_ref", "checklist_missing = '{}'"),),
    "pin-issued": (_case("pin_withdrawn_on"),),
    "risk-assessment": (_case("risk_assessed_on"),),
    "victim-contact": (_case("victim_contacted_on"),),
    "plea": (_row("pleas", "plea_ref", "victim_consulted_on, rationale_recorded_on, spoc_reviewed_on"),),
    "restraining-order": (_RESTRAINING_ORDER,),
    "spo-considered": (_case("spo_considered_on"),),
    "order-expiry": (_row("orders", "order_ref", "renewal_decided_on"),),
    "order-told": (_row("orders", "order_ref", "victim_told_on"),),
    "spo-notification": (_row("orders", "order_ref", "notified_on"),),
    "breach-unanswered": (_case("risk_assessed_on"), _row("incidents", "incident_ref", "breach_decided_on")),
    "bail-views": (_case("bail_views_on"),),
    "release-review": (_case("release_reviewed_on"),),
    "victim-told": (_case("victim_told_on"),),
    "nfa-review": (_case("nfa_reviewed_on, nfa_victim_told_on"),),
    "closed-silently": (_JOINT_REVIEW,),
    "outcome-unrecorded": (_review("joint", "s.day", "join sittings s on s.ref = a.ref"),),
}


def write(connection: Connection, rule: str, asked: Sequence[tuple[int, str]], day: date) -> None:
    """Write the facts that answer obligations of a rule on a day; each is named by its case and its subject's row."""
    given = {"cases": array(case_id for case_id, _ in asked), "refs": array(ref for _, ref in asked), "day": day}
    for statement in FACTS[rule]:
        execute(connection, statement, given)
