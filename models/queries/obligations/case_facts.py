"""Reads of the facts of many cases as the values that rules read: one statement for each table and chunk of cases.

The types in `models.rules.facts` name the columns: a new field is read from the column of its name.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from sqlalchemy import Connection

from config.policy import Policy
from config.terms import Classification
from models.queries.driver import array, grouped, keyed_as
from models.queries.intake import source_columns
from models.queries.kept_plans import Kept
from models.queries.obligations.confirmations import RATIFIED_ON
from models.queries.obligations.same_suspect import SAME_SUSPECT
from models.queries.people.jurisdictions import IN_SCOPE
from models.queries.row_values import T
from models.queries.secrets import secrets_of
from models.rules.case_row import CaseRow
from models.rules.facts import CaseFacts
from models.rules.literals import Literals
from models.rules.offences import HARASSMENT, STALKING
from models.rules.row_facts import (
    ActionFact,
    DefendantFact,
    IncidentFact,
    OrderFact,
    OtherCase,
    PleaFact,
    ReferralFact,
    ReviewFact,
    SeenChange,
    SittingFact,
    SuspectFact,
)


def _columns(row_type: type[NamedTuple], **others: str) -> str:
    """Return the columns that fill a type's fields: those of the same name, and `others` that are worked out."""
    return ", ".join(f"{others.get(field, field)} as {field}" for field in row_type._fields)


def _of_case(row_type: type[NamedTuple], table: str, ref: str) -> str:
    return f"""
select key_id, {_columns(row_type, ref=ref, supplied="withdrawn_on is null")}
from {table} where key_id = any(%(keys)s::bigint[])"""


# What CPS sent of a case `c`: under its own reference (`own`) and under its URN (`shared`), withdrawn rows aside.
CPS_CASES = """left join cps_cases own on own.key_id = c.id and own.withdrawn_on is null
left join cps_cases shared on shared.key_id = c.urn_key_id and shared.withdrawn_on is null"""
_OF_CPS = (
    "charge_authorised_on", "not_stalking_reason_on", "in_custody", "ctl_expires_on", "next_hearing_on",
)  # fmt: skip
_OWN_BEFORE_SHARED = {field: f"coalesce(own.{field}, shared.{field})" for field in _OF_CPS} | {
    "charged_on": "coalesce(own.charged_on, shared.charged_on, c.charged_on)",
    "charged_codes": "coalesce(nullif(own.charged_codes, '{}'), shared.charged_codes, '{}')",
    "cps_source_id": "coalesce(own.source_id, shared.source_id)",
}
_OF_ITSELF = {field: f"c.{field}" for field in CaseRow._fields if field not in _OWN_BEFORE_SHARED}
_COLUMNS = _columns(CaseRow, **{
    **_OF_ITSELF, **_OWN_BEFORE_SHARED,
    "case_id": "c.id", "urn_root": "k.urn_root", "risk_ratified_on": RATIFIED_ON,
})  # fmt: skip
_CASES = f"""
select {_COLUMNS}, c.urn_key_id
from cases c
left join case_keys k on k.id = c.urn_key_id
{CPS_CASES}
where c.id = any(%(keys)s::bigint[]) order by c.id"""
_CLOCKED = f"""exists (select from unnest(offence_codes) code
                        where left(upper(btrim(code)), 7) in {Literals(sorted(STALKING | HARASSMENT))})"""
# Not by disclosed: which of linked cases is the principal
LINK = f"""finalised_on is not null or not {IN_SCOPE} as out_of_scope, finalised_on is not null as closed,
       opened_on, case_ref, force_code, id as case_id,
       classification <> 'other' or declassified_on is not null as followed,
       finalised_reason is not distinct from 'transferred' as transferred,
       finalised_on is null and (classification <> 'other' or {_CLOCKED}) as clocked"""  # the columns of a Link
_LINKED = f"select urn_key_id, {LINK} from cases where urn_key_id = any(%(keys)s::bigint[])"
_INCIDENTS = f"{_of_case(IncidentFact, 'incidents', 'incident_ref')} order by reported_on, incident_ref"
_ACTIONS = f"{_of_case(ActionFact, 'actions', 'action_ref')} order by action_ref"
_REVIEWS = f"{_of_case(ReviewFact, 'reviews', 'review_ref')} order by held_on, review_ref"
_REFERRALS = f"{_of_case(ReferralFact, 'referrals', 'referral_ref')} order by submitted_on, referral_ref"
_ORDERS = f"{_of_case(OrderFact, 'orders', 'order_ref')} order by order_ref"
_PLEAS = f"{_of_case(PleaFact, 'pleas', 'plea_ref')} order by plea_ref"
_SUSPECTS = f"{_of_case(SuspectFact, 'suspects', 'suspect_ref')} order by suspect_ref"
_DEFENDANTS = f"{_of_case(DefendantFact, 'defendants', 'defendant_ref')} order by defendant_ref"
_SEEN_CHANGES = f"""
select key_id, {_columns(SeenChange)} from seen_changes where key_id = any(%(keys)s::bigint[])
order by seen_on, kind, suspect_ref, since_on"""
_SITTINGS = """
select distinct on (v.case_id, s.id) v.case_id as key_id, s.ref, s.day, k.agency as chair,
       (select coalesce(case when o.by_ref is null then r.held_on end,
                        (o.recorded_at at time zone 'Europe/London')::date)
        from outcomes o left join reviews r on r.review_ref = o.review_ref
        where o.convening_id = v.id and o.stands) as recorded_on,
       v."end" is null or v."end" in ('held', 'not_held', 'unrecorded') as convened
from convenings v join sittings s on s.id = v.sitting_id left join contacts k on k.contact_ref = s.chair_ref
where v.case_id = any(%(keys)s::bigint[]) and v."end" is distinct from 'void' order by v.case_id, s.id, v.id desc"""


_STALKING = (Classification.STALKING,)
_WITH_HARASSMENT = (Classification.STALKING, Classification.HARASSMENT)


class Link(NamedTuple):
    """One of the linked cases; the principal is the least of them."""

    out_of_scope: bool
    closed: bool
    opened_on: date
    case_ref: str
    force_code: str
    case_id: int
    followed: bool  # (once) stalking or harassment
    transferred: bool
    clocked: bool  # a clock case, as `models.rules.facts.CaseFacts.clock_case` says

    def taken_over(self, links: Sequence["Link"]) -> bool:
        """Return whether another force has one of the linked cases, and keeps it."""
        return any(one.followed and not one.transferred and one.force_code != self.force_code for one in links)

    def keeps(self, links: Sequence["Link"]) -> bool:
        """Return whether its orders are watched there, as `models.rules.facts.CaseFacts.kept` does."""
        return self.followed and not (self.transferred and self.taken_over(links))


def case_facts(connection: Connection, case_ids: Sequence[int], policy: Policy) -> Iterator[CaseFacts]:
    """Return the facts of these cases by their ids; the principal's include the rows that were given by URN.

    The policy says which forces have harassment in scope, for what their cases are presumed stalking, and among which
    sources keys of suspects are compared.
    """
    harassment_in = policy.harassment_in
    asked = array(case_ids)
    cases = keyed_as(connection, "urn_key_id", CaseRow, Kept(_CASES), {"keys": asked})
    groups = _links(connection, {urn_key for urn_key, _ in cases if urn_key is not None}, harassment_in)
    keys = {case.case_id for _, case in cases} | set(groups)
    owned = array(sorted(keys))
    linked = array(sorted(keys | {link.case_id for links in groups.values() for link in links}))
    incidents = _by_key(connection, IncidentFact, _INCIDENTS, linked)
    reviews = _by_key(connection, ReviewFact, _REVIEWS, linked)
    actions = _by_key(connection, ActionFact, _ACTIONS, owned)
    referrals = _by_key(connection, ReferralFact, _REFERRALS, owned)
    orders = _by_key(connection, OrderFact, _ORDERS, owned)
    pleas = _by_key(connection, PleaFact, _PLEAS, owned)
    sittings = _by_key(connection, SittingFact, _SITTINGS, asked)
    suspects = _by_key(connection, SuspectFact, _SUSPECTS, asked)
    defendants = _by_key(connection, DefendantFact, _DEFENDANTS, owned)
    seen_changes = _by_key(connection, SeenChange, _SEEN_CHANGES, asked)
    same_suspect = _same_suspect(connection, [case for _, case in cases], suspects, policy)
    sent = (incidents, reviews, referrals, orders, pleas, suspects, defendants)
    senders = _senders((case for _, case in cases), *sent)
    sights = source_columns.sights(connection, {case.force_code for _, case in cases}, senders)
    for urn_key, case in cases:
        links = groups.get(urn_key, ())
        principal, mine, others = _keys(case.case_id, urn_key, links)
        own, defended = (case.case_id,), _home_keys(case.case_id, urn_key, links, lambda one: one.clocked)
        yield CaseFacts(
            case,
            _of(incidents, mine), _of(actions, mine), _of(reviews, mine), _of(referrals, mine),
            _of(orders, _home_keys(case.case_id, urn_key, links, partial(Link.keeps, links=links))),
            _of(pleas, mine), principal,
            linked_reviews=_of(reviews, others), linked_incidents=_of(incidents, others),
            suspect_rows=_of(suspects, own), seen_changes=_of(seen_changes, own), same_suspect=_of(same_suspect, own),
            defendant_rows=_of(defendants, defended),
            defendants_elsewhere=urn_key not in (None, *defended)
            and any(row.supplied for row in defendants.get(urn_key, ())),
            sittings=_of(sittings, own), sight=sights[case.force_code],
            taken_over=any(one.case_id == case.case_id and one.taken_over(links) for one in links),
            scope=_WITH_HARASSMENT if case.force_code in harassment_in else _STALKING,
            presumption=policy.presumed_for(case.force_code),
        )  # fmt: skip


def _same_suspect(
    connection: Connection, cases: Iterable[CaseRow], suspects: dict[int, list[SuspectFact]], policy: Policy
) -> dict[int, list[OtherCase]]:
    """Return the other cases with the key of a suspect; nothing is asked where no suspect has a key."""
    keyed = {key for key, rows in suspects.items() if any(row.suspect_key for row in rows)}
    keyed |= {case.case_id for case in cases if case.suspect_key}
    secrets = secrets_of(policy.pattern.shared_secrets)
    return _by_key(connection, OtherCase, SAME_SUSPECT, array(sorted(keyed)), **secrets) if keyed else {}


def _senders(cases: Iterable[CaseRow], *rows: dict[int, list[Any]]) -> set[int]:
    """Return the sources of these cases and rows."""
    of_cases = {source for case in cases for source in (case.source_id, case.cps_source_id) if source is not None}
    return of_cases.union(*({row.source_id for found in each.values() for row in found} for each in rows))


def _keys(case_id: int, urn_key: int | None, links: Sequence[Link]) -> tuple[bool, Sequence[int], Sequence[int]]:
    """Return whether a case is the principal of the linked cases, the keys of its own rows, and the others' keys."""
    if urn_key is None:
        return True, (case_id,), ()
    others = [link.case_id for link in links if link.case_id != case_id]
    if not others:
        return True, (case_id, urn_key), ()
    if min(links).case_id == case_id:
        return True, (case_id, urn_key), others
    return False, (case_id,), [*others, urn_key]


def _home_keys(
    case_id: int, urn_key: int | None, links: Sequence[Link], is_home: Callable[[Link], bool]
) -> Sequence[int]:
    """Return the keys of a case's rows of which those given by URN belong to the first linked case that `is_home`.

    The order is that of the principal: orders belong to the first case that keeps them, defendants to a clock case.
    """
    if urn_key is None:
        return (case_id,)
    home = min(links, key=lambda one: (not is_home(one), one))
    return (case_id, urn_key) if home.case_id == case_id else (case_id,)


def _links(connection: Connection, urn_keys: set[int], harassment_in: Collection[str]) -> dict[int, list[Link]]:
    if not urn_keys:
        return {}
    given = {"keys": sorted(urn_keys), "harassment_in": list(harassment_in)}
    return grouped(keyed_as(connection, "urn_key_id", Link, Kept(_LINKED), given))


def _by_key(connection: Connection, row_type: type[T], statement: str, keys: str, **given: str) -> dict[int, list[T]]:
    return grouped(keyed_as(connection, "key_id", row_type, Kept(statement), {"keys": keys, **given}))


def _of(found: dict[int, list[Any]], keys: Sequence[int]) -> tuple[Any, ...]:
    return tuple([value for key in keys if key in found for value in found[key]]) if found and keys else ()
