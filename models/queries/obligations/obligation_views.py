"""Reads of the obligations and people that messages are about, in their present state, before a message is made."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from config.terms import Addressee, Agency, Classification, EndReason, Happening, OwedBy, Risk, State
from models.queries.driver import Parameters, fetch_as, grouped, keyed_as
from models.queries.obligations import dangers
from models.queries.obligations.dangers import DangerRow
from models.queries.obligations.met_rules import NEW_ON
from models.queries.obligations.reopened import REOPENED
from models.queries.obligations.versions import EXTRACT_ON, versions
from models.queries.people.disclosure import CASE
from models.queries.people.jurisdictions import NUMBERS_OF
from models.rules.catalogue.contents import CHAIRED, CONVENED, OF_A_SPOC
from models.rules.outbox.message_states import SAID
from models.rules.reviews.convening import risk_of

READS = {"matter.risk": risk_of}  # a risk that a later version of this code wrote is unknown, and so treated as high
# The other versions that this version of an obligation carries on from: its chain.
_CHAIN = """(v.case_id = o.case_id or (v.case_id is null and o.case_id is null))
        and v.rule = o.rule and v.subject = o.subject and v.version between o.chain_from and o.version
        and v.end_reason is distinct from 'void'"""
_CARRIED_ON = versions("v.version > o.version and v.chain_from <= o.version", "live_obligations")
_LIVE_VERSION = versions("o.version between v.chain_from and v.version", "live_obligations")
# The SPOCs of the CPS Area, of a duty of which they owe a part: reference, name, address, access to restricted cases,
# and the first and the last day on which each is active.
WITH_SPOCS = f"""case when o.rule in {OF_A_SPOC} then (
        select jsonb_agg(jsonb_build_array(p.contact_ref, p.name, p.email, p.restricted_access, p.active_from,
                                           least(p.active_to, p.withdrawn_on - 1)) order by p.contact_ref)
        from contacts p where p.agency = 'cps' and 'spoc' = any(p.roles) and c.cps_area = any(p.cps_areas)) end"""
# The columns of a row's `matter`, of the obligation `o` joined as FROM has it.
OBLIGATION = f"""
    o.id as "matter.obligation_id", o.force_code as "matter.force_code", c.case_ref as "matter.case_ref",
    k.urn_root as "matter.urn", coalesce(c.risk, 'unknown') as "matter.risk",
    coalesce(c.is_restricted, false) as "matter.restricted", c.barred as "matter.barred",
    o.rule as "matter.rule", o.subject as "matter.subject",
    o.owed_by as "matter.owed_by", o.hard as "matter.hard", o.stalls as "matter.stalls",
    o.remind_on as "matter.remind_on", o.due_on as "matter.due_on", o.escalate_on as "matter.escalate_on",
    o.because as "matter.because", o.note as "matter.note", o.parts as "matter.parts",
    o.last_step as "matter.last_step",
    o.taken_on as "matter.taken_on", o.ended_on as "matter.ended_on", o.end_reason as "matter.end_reason",
    o.fact as "matter.fact", o.fact_on as "matter.fact_on", o.lost as "matter.lost",
    {EXTRACT_ON} as "matter.extract_on",
    (select count(*) from obligations v where v.end_reason = 'moved' and {_CHAIN}) as "matter.moved",
    p.until_on as "matter.promised_until", p.role as "matter.promised_role", p."end" as "matter.promise_end",
    {NUMBERS_OF} as "matter.numbers_of", {NEW_ON} as "matter.new_on", {dangers.COLUMNS.format("matter.danger.")},
    {dangers.PRESUMED} as "matter.presumed",
    sits.ref as "matter.sitting_ref", sits.starts_at as "matter.sits_at",
    sits.day as "matter.sits_on", sits.last_on as "matter.last_sitting_on",
    acted.kind as "matter.kind", acted.owner_ref as "matter.owner_ref", c.oic_ref as "matter.oic_ref",
    c.supervisor_ref as "matter.supervisor_ref",
    prosecuting.ref as "matter.prosecutor_ref", chaired.chair_ref as "matter.chair_ref",
    {WITH_SPOCS} as "matter.cps_spocs", prosecuting.spoc_ref as "matter.cps_spoc_ref", c.cps_area as "matter.cps_area",
    chaired.id as "matter.met_id", chaired.ref as "matter.met_ref", chaired.day as "matter.met_on",
    (select jsonb_object_agg(p.contact_ref, jsonb_build_array(p.name, p.email, least(p.active_to, p.withdrawn_on - 1)))
     from contacts p where p.contact_ref in (acted.owner_ref, c.oic_ref, c.supervisor_ref, prosecuting.ref,
                                             chaired.chair_ref, {dangers.BY})) as "matter.people" """
FROM = f"""
    {CASE}
    left join actions acted on o.subject like 'action:%%' and acted.action_ref = substr(o.subject, 8)
    left join sittings chaired on o.rule in {CHAIRED} and chaired.ref = substr(o.subject, 9)
    left join case_keys k on k.id = c.urn_key_id
    left join lateral (
        select coalesce(own.prosecutor_ref, linked.prosecutor_ref) as ref,
               coalesce(own.spoc_ref, linked.spoc_ref) as spoc_ref
        from (select) one
        left join cps_cases own on own.key_id = c.id and own.withdrawn_on is null
        left join cps_cases linked on linked.key_id = c.urn_key_id and linked.withdrawn_on is null) prosecuting on true
    left join lateral (
        select q.until_on, q."end",
               (select r from unnest(array['lead', 'spoc', 'legal_manager', 'supervisor', 'prosecutor', 'officer']) r
                where r = any(by.roles) limit 1) as role
        from obligations v join promises q on q.obligation_id = v.id left join contacts by on by.contact_ref = q.by_ref
        where {_CHAIN}
        order by q.ended_on is null desc, q.made_at desc, q.id desc limit 1) p on true
    left join lateral (
        select s.ref, s.starts_at, s.day, planned.last_on
        from (select max(day) as last_on from sittings
              where force_code = c.force_code and cps_area = c.cps_area and cancelled_on is null) planned
        left join convenings v on v.case_id = o.case_id and v.ended_on is null
        left join sittings s on s.id = v.sitting_id) sits on o.rule in {CONVENED}
    {dangers.JOINED} """


class ObligationView(NamedTuple):
    """The present state of an obligation, with its case's references. `moved` counts how often its day has moved."""

    obligation_id: int
    force_code: str | None
    case_ref: str | None
    urn: str | None
    risk: Risk
    restricted: bool
    barred: frozenset[str]  # the contacts who must hear nothing of its case
    rule: str
    subject: str
    owed_by: OwedBy
    hard: bool
    stalls: bool
    remind_on: date
    due_on: date
    escalate_on: date
    because: Sequence[Sequence[str | None]]
    note: str
    parts: tuple[str, ...]  # of a duty of several parts: the names of those that are missing
    last_step: int
    taken_on: tuple[date | None, ...]
    ended_on: date | None
    end_reason: EndReason | None
    fact: str  # that ended it, in a sentence; empty where the reason says it
    fact_on: date | None
    lost: bool  # whether its end is no success
    extract_on: date | None  # the day of the extract that told of a fact without a day
    moved: int
    promised_until: date | None
    promised_role: str | None
    promise_end: str | None
    numbers_of: str | None  # the force whose
    sitting_ref: str | None  # of a joint review: the sitting that the case has
    sits_at: datetime | None
    sits_on: date | None
    last_sitting_on: date | None  # the last that is planned for its force and Area
    kind: str | None  # of the action that it is about
    owner_ref: str | None  # of that action
    oic_ref: str | None
    supervisor_ref: str | None
    prosecutor_ref: str | None
    chair_ref: str | None  # of the sitting whose outcome is owed
    people: Mapping[str, Sequence[Any]] | None  # name, address and last day of those of these contacts who are known
    new_on: date | None = None  # the day on which its rule was new to the book
    danger: DangerRow | None = None  # of one that asks for a look at the grade
    presumed: Classification | None = None  # as what its case is recorded that is watched as stalking all the same
    cps_area: str = ""
    cps_spoc_ref: str | None = None  # the SPOC whom the case's own row names to lead for CPS
    cps_spocs: Sequence[Sequence[Any]] | None = None  # those of the Area, where they owe a part: see WITH_SPOCS
    met_id: int | None = None  # the meeting whose outcome is owed: its id, reference and day
    met_ref: str | None = None
    met_on: date | None = None

    @property
    def kept_apart(self) -> bool:
        """Return whether a channel that several people read may not name the case."""
        return self.restricted or bool(self.barred)

    @property
    def acknowledged_until(self) -> date | None:
        """Return the day of a live promise."""
        return self.promised_until if self.promise_end is None else None


class NotificationView(NamedTuple):
    """One notification of a message, with the present state of its obligation."""

    message_id: int
    notification_id: int
    happening: Happening
    step: int
    addressee: Addressee
    note: str
    day: date
    first_told_on: date
    matter: ObligationView
    owed_again: bool = False  # it ended, and a version that carries on from it is live
    reopened: bool = False  # it takes the news of an end back


class Reader(NamedTuple):
    """The person to whom a message goes."""

    ref: str
    agency: Agency
    name: str
    email: str
    roles: frozenset[str]
    force_codes: tuple[str, ...]
    cps_areas: tuple[str, ...]
    restricted_access: bool
    left: bool = False


def fetch_notifications(connection: Connection, statement: str, parameters: Parameters) -> list[NotificationView]:
    """Return the rows of a statement of a notification's columns and OBLIGATION."""
    return fetch_as(connection, NotificationView, statement, parameters, READS)


def keyed_notifications(
    connection: Connection, key: str, statement: str, parameters: Parameters
) -> list[tuple[Any, NotificationView]]:
    """Return the rows of a statement of a notification's columns and OBLIGATION, each with one more column as key."""
    return keyed_as(connection, key, NotificationView, statement, parameters, READS)


def notifications(connection: Connection, message_ids: Sequence[int]) -> list[NotificationView]:
    """Return the notifications of these messages, as of now, in the order in which they were decided."""
    statement = f"""
        select n.message_id, n.id as notification_id, n.happening, n.step, n.addressee, n.note, n.day,
               coalesce((select min(f.day) from notifications f
                         where f.obligation_id in (select v.id from obligations v where {_CHAIN})
                         and f.contact_ref is not distinct from n.contact_ref
                         and f.happening <> 'resolved' and f.state <> '{State.VOID}'), n.day) as first_told_on,
               n.happening = 'resolved' and o.end_reason <> 'moved' and exists (
                   select from {_CARRIED_ON}) as owed_again,
               n.occasion = '{REOPENED}' as reopened, {OBLIGATION}
        from notifications n join obligations o on o.id = n.obligation_id {FROM}
        where n.message_id = any(%s) and n.state <> '{State.SILENT}' order by n.id"""
    return fetch_notifications(connection, statement, (list(message_ids),))


def readers(connection: Connection, contact_refs: Sequence[str], today: date) -> dict[str, Reader]:
    """Return the people to whom these messages go, by reference, and whether they have left since."""
    statement = """
        select contact_ref as ref, agency, name, email, roles, force_codes, cps_areas, restricted_access,
               coalesce(withdrawn_on <= %(today)s, false) or coalesce(active_to < %(today)s, false) as left
        from contacts where contact_ref = any(%(refs)s)"""
    found = fetch_as(connection, Reader, statement, {"today": today, "refs": list(contact_refs)})
    return {reader.ref: reader for reader in found}


def still_open(
    connection: Connection, contact_refs: Sequence[str], by_case: Sequence[str] = (), today: date = date.min
) -> dict[str, list[NotificationView]]:
    """Return the live obligations of which each person was notified: each by its latest notification, oldest first.

    Notified in this version, or in one that it carries on from. Those of a case from which the person is barred now are
    left out. It reads the notifications of what is live alone, however many these people ever had. To those `by_case`
    nothing is given of what stalls its case today.
    """
    statement = f"""
        with told as (
          select distinct on (n.contact_ref, v.id) n.*, v.id as live_id
          from notifications n join obligations o on o.id = n.obligation_id
          cross join {_LIVE_VERSION}
          where n.contact_ref = any(%(refs)s) and n.live and n.state in {SAID}
            and n.happening <> 'resolved'
          order by n.contact_ref, v.id, n.id desc)
        select n.contact_ref, 0 as message_id, n.id as notification_id, n.happening, n.step, n.addressee, n.note,
               n.day, n.day as first_told_on, false as owed_again, false as reopened, {OBLIGATION}
        from told n join obligations o on o.id = n.live_id {FROM}
        where not (o.stalls and o.escalate_on <= %(today)s and o.due_on < %(today)s
                   and n.contact_ref = any(%(by_case)s))"""
    given = {"refs": list(contact_refs), "by_case": list(by_case), "today": today}
    rows = keyed_notifications(connection, "contact_ref", statement, given)
    found = grouped((ref, notification) for ref, notification in rows if ref not in notification.matter.barred)
    for each in found.values():
        each.sort(key=lambda one: (not one.matter.hard, one.matter.escalate_on, one.matter.obligation_id))
    return found
