"""The facts of many cases at once, as the values that rules read: one statement per table and chunk of cases."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection

from config.terms import (
    ActionSource,
    ActionStatus,
    Agency,
    Classification,
    FinalisedReason,
    OrderKind,
    Relationship,
    ReviewKind,
    Risk,
    SuspectStatus,
)
from models.queries.driver import array, fetch
from models.rules.facts import (
    ActionFact,
    CaseFacts,
    CaseRow,
    IncidentFact,
    OrderFact,
    PleaFact,
    ReferralFact,
    ReviewFact,
    SittingFact,
)

_CASES = """
select c.id, c.force_code, c.case_ref, k.urn_root, c.cps_area, c.opened_on, c.classification, c.risk, c.relationship,
       c.offence_codes, c.suspect_status, c.bail_ends_on, c.last_act_on, c.time_limit_noted_on, c.finalised_on,
       c.finalised_reason, coalesce(own.charge_authorised_on, shared.charge_authorised_on),
       coalesce(own.charged_on, shared.charged_on), coalesce(own.ctl_expires_on, shared.ctl_expires_on),
       coalesce(own.next_hearing_on, shared.next_hearing_on), c.declassified_on, c.why_not_stalking_on,
       c.risk_assessed_on, c.victim_contacted_on, c.victim_contact_days, c.spo_considered_on, c.pin_issued_on,
       c.pin_withdrawn_on, c.urn_key_id
from cases c
left join case_keys k on k.id = c.urn_key_id
left join cps_cases own on own.key_id = c.id and own.withdrawn_on is null
left join cps_cases shared on shared.key_id = c.urn_key_id and shared.withdrawn_on is null
where c.id = any(%s::bigint[]) order by c.id"""
_LINKED = """
select id, urn_key_id, classification, finalised_on, opened_on, case_ref, force_code
from cases where urn_key_id = any(%s::bigint[])"""
_INCIDENTS = """
select key_id, incident_ref, occurred_on, reported_on, breach, withdrawn_on is null
from incidents where key_id = any(%s::bigint[]) order by reported_on, incident_ref"""
_ACTIONS = """
select key_id, action_ref, kind, source, owner_agency, status, raised_on, due_on, closed_on, owner_ref,
       withdrawn_on is null
from actions where key_id = any(%s::bigint[]) order by action_ref"""
_REVIEWS = """
select key_id, review_ref, kind, held_on, quorate, withdrawn_on is null
from reviews where key_id = any(%s::bigint[]) order by held_on, review_ref"""
_REFERRALS = """
select key_id, referral_ref, submitted_on, decision_required_by, decision_on, checklist_missing, withdrawn_on is null
from referrals where key_id = any(%s::bigint[]) order by submitted_on, referral_ref"""
_ORDERS = """
select key_id, order_ref, kind, made_on, expires_on, renewal_decided_on, victim_views_on, decided_on,
       withdrawn_on is null
from orders where key_id = any(%s::bigint[]) order by order_ref"""
_PLEAS = """
select key_id, plea_ref, offered_on, charged_code, plea_code, victim_consulted_on, rationale_recorded_on,
       spoc_reviewed_on, withdrawn_on is null
from pleas where key_id = any(%s::bigint[]) order by plea_ref"""
_SITTINGS = """
select distinct on (v.case_id, s.id) v.case_id, s.ref, s.day, k.agency,
       exists (select from outcomes o where o.convening_id = v.id and o.stands),
       v."end" is null or v."end" in ('held', 'not_held', 'unrecorded')
from convenings v join sittings s on s.id = v.sitting_id left join contacts k on k.contact_ref = s.chair_ref
where v.case_id = any(%s::bigint[]) order by v.case_id, s.id, v.id desc"""

_URN_KEY = 28  # its place in a row of _CASES, after all that a rule reads
_CLASSIFICATION = {word.value: word for word in Classification}
_RISK = {word.value: word for word in Risk}
_RELATIONSHIP: dict[str | None, Relationship | None] = {None: None, **{word.value: word for word in Relationship}}
_SUSPECT: dict[str | None, SuspectStatus | None] = {None: None, **{word.value: word for word in SuspectStatus}}
_FINALISED: dict[str | None, FinalisedReason | None] = {None: None, **{word.value: word for word in FinalisedReason}}
_SOURCE = {word.value: word for word in ActionSource}
_AGENCY = {word.value: word for word in Agency}
_STATUS = {word.value: word for word in ActionStatus}
_REVIEW = {word.value: word for word in ReviewKind}
_ORDER = {word.value: word for word in OrderKind}


class Link(NamedTuple):
    """One of the linked cases, with what decides which is the principal."""

    out_of_scope: bool
    closed: bool
    opened_on: date
    case_ref: str
    force_code: str
    case_id: int


def case_facts(connection: Connection, case_ids: Sequence[int]) -> Iterator[CaseFacts]:
    """The facts of these cases, in the order of their ids, rows given by URN included for the principal."""
    cases = fetch(connection, _CASES, (array(case_ids),))
    groups = _links(connection, {row[_URN_KEY] for row in cases if row[_URN_KEY] is not None})
    owned = {row[0] for row in cases} | set(groups)
    own = (array(sorted(owned)),)
    all_linked = (array(sorted(owned | {link.case_id for links in groups.values() for link in links})),)
    incidents = _by_key(fetch(connection, _INCIDENTS, all_linked), _incident)
    reviews = _by_key(fetch(connection, _REVIEWS, all_linked), _review)
    actions = _by_key(fetch(connection, _ACTIONS, own), _action)
    referrals = _by_key(fetch(connection, _REFERRALS, own), _referral)
    orders = _by_key(fetch(connection, _ORDERS, own), _order)
    pleas = _by_key(fetch(connection, _PLEAS, own), _plea)
    sittings = _by_key(fetch(connection, _SITTINGS, (array(case_ids),)), _sitting)
    for row in cases:
        principal, mine, others = _keys(row[0], row[_URN_KEY], groups.get(row[_URN_KEY], ()))
        yield CaseFacts(
            _case(row),
            _of(incidents, mine), _of(actions, mine), _of(reviews, mine), _of(referrals, mine), _of(orders, mine),
            _of(pleas, mine), principal,
            linked_reviews=_of(reviews, others), linked_incidents=_of(incidents, others),
            sittings=_of(sittings, (row[0],)),
        )  # fmt: skip


def _keys(case_id: int, urn_key: int | None, links: Sequence[Link]) -> tuple[bool, Sequence[int], Sequence[int]]:
    """Whether a case is the principal of those linked, the keys of its own rows, and those of the others'."""
    if urn_key is None:
        return True, (case_id,), ()
    others = [link.case_id for link in links if link.case_id != case_id]
    if not others:
        return True, (case_id, urn_key), ()
    if min(links).case_id == case_id:
        return True, (case_id, urn_key), others
    return False, (case_id,), [*others, urn_key]


def _links(connection: Connection, urn_keys: set[int]) -> dict[int, list[Link]]:
    groups: dict[int, list[Link]] = {}
    for row in fetch(connection, _LINKED, (array(sorted(urn_keys)),)) if urn_keys else ():
        closed = row[3] is not None
        stalking = row[2] == Classification.STALKING
        groups.setdefault(row[1], []).append(Link(closed or not stalking, closed, row[4], row[5], row[6], row[0]))
    return groups


def _by_key(rows: Iterable[Sequence[Any]], value: Callable[[Sequence[Any]], Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(value(row))
    return found


def _of(found: dict[int, list[Any]], keys: Sequence[int]) -> tuple[Any, ...]:
    return tuple([value for key in keys if key in found for value in found[key]]) if found and keys else ()


def _case(row: Sequence[Any]) -> CaseRow:
    return CaseRow(
        row[0], row[1], row[2], row[3], row[4], row[5], _CLASSIFICATION[row[6]], _RISK[row[7]],
        _RELATIONSHIP[row[8]], tuple(row[9]), _SUSPECT[row[10]], row[11], row[12], row[13], row[14],
        _FINALISED[row[15]], *row[16:_URN_KEY],
    )  # fmt: skip


def _incident(row: Sequence[Any]) -> IncidentFact:
    return IncidentFact._make(row[1:])


def _action(row: Sequence[Any]) -> ActionFact:
    return ActionFact(
        row[1], row[2], _SOURCE[row[3]], _AGENCY[row[4]], _STATUS[row[5]], row[6], row[7], row[8], row[9], row[10]
    )


def _review(row: Sequence[Any]) -> ReviewFact:
    return ReviewFact(row[1], _REVIEW[row[2]], row[3], row[4], row[5])


def _referral(row: Sequence[Any]) -> ReferralFact:
    return ReferralFact(row[1], row[2], row[3], row[4], tuple(row[5]), row[6])


def _order(row: Sequence[Any]) -> OrderFact:
    return OrderFact(row[1], _ORDER[row[2]], *row[3:])


def _plea(row: Sequence[Any]) -> PleaFact:
    return PleaFact._make(row[1:])


def _sitting(row: Sequence[Any]) -> SittingFact:
    return SittingFact(row[1], row[2], _AGENCY.get(row[3]), row[4], row[5])
