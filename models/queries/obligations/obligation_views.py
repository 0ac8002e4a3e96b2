"""What messages are about: the live world of each obligation and person, read once before anything is said of them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection

from config.terms import Addressee, Agency, EndReason, Happening, OwedBy, Risk
from models.queries.driver import fetch
from models.queries.obligations.versions import versions
from models.queries.people.jurisdictions import NUMBERS_OF, OF_AREAS

_RISK = {word.value: word for word in Risk}  # a word of a later version reads as unknown, and so as high
# Other versions of an obligation that this one carries on from: its chain.
_CHAIN = """(v.case_id = o.case_id or (v.case_id is null and o.case_id is null))
        and v.rule = o.rule and v.subject = o.subject and v.version between o.chain_from and o.version"""
_CARRIED_ON = versions("v.ended_on is null and v.version > o.version and v.chain_from <= o.version")
OBLIGATION = f"""
    o.id, o.force_code, c.case_ref, k.urn_root, coalesce(c.risk, 'unknown'), coalesce(c.restricted, false),
    o.rule, o.subject, o.owed_by, o.hard, o.stalls, o.remind_on, o.due_on, o.escalate_on, o.because, o.note,
    o.last_step, o.taken_on, o.ended_on, o.end_reason,
    (select count(*) from obligations v where v.end_reason = 'moved' and {_CHAIN}),
    p.until_on, p.role, p."end", {NUMBERS_OF}, sits.ref, sits.starts_at, sits.day,
    sits.last_on """
FROM = f"""
    left join cases c on c.id = o.case_id
    left join case_keys k on k.id = c.urn_key_id
    left join lateral (
        select q.until_on, q."end",
               (select r from unnest(array['lead', 'spoc', 'legal_manager', 'supervisor', 'prosecutor', 'officer']) r
                where r = any(by.roles) limit 1) as role
        from obligations v join promises q on q.obligation_id = v.id left join contacts by on by.contact_ref = q.by_ref
        where {_CHAIN}
        order by q.ended_on is null desc, q.made_at desc limit 1) p on true
    left join lateral (
        select s.ref, s.starts_at, s.day, planned.last_on
        from (select max(day) as last_on from sittings
              where force_code = c.force_code and cps_area = c.cps_area and cancelled_on is null) planned
        left join convenings v on v.case_id = o.case_id and v.ended_on is null
        left join sittings s on s.id = v.sitting_id) sits on o.rule = 'joint-review' """
_OF_FORCES = "o.force_code = any(%(forces)s)"  # the index of what stalls is by force


class ObligationView(NamedTuple):
    """An obligation as it stands now, with its case's references. `moved` counts how often its day has moved."""

    obligation_id: int
    force_code: str | None
    case_ref: str | None
    urn: str | None
    risk: Risk
    restricted: bool
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
    last_step: int
    taken_on: tuple[date | None, ...]
    ended_on: date | None
    end_reason: EndReason | None
    moved: int
    promised_until: date | None
    promised_role: str | None
    promise_end: str | None
    numbers_of: str | None  # the force whose
    sitting_ref: str | None  # of a joint review: the sitting that the case has
    sits_at: datetime | None
    sits_on: date | None
    last_sitting_on: date | None  # the last that is planned for its force and Area

    @property
    def acknowledged_until(self) -> date | None:
        """The day of a promise that stands."""
        return self.promised_until if self.promise_end is None else None


class NotificationView(NamedTuple):
    """One notification of a message, and its obligation's world."""

    message_id: int
    notification_id: int
    happening: Happening
    step: int
    addressee: Addressee
    note: str
    day: date
    first_told_on: date
    matter: ObligationView
    owed_again: bool = False  # it ended, and a version that carries on from it lives


class Reader(NamedTuple):
    """The person a message goes to."""

    ref: str
    agency: Agency
    name: str
    email: str
    roles: frozenset[str]
    force_codes: tuple[str, ...]
    cps_areas: tuple[str, ...]
    restricted_access: bool


class PlaceTotals(NamedTuple):
    """How some forces or Areas stand: stalled cases, hard clocks run out or near, what is stalled but restricted."""

    stalled: int
    passed: int
    within_7_days: int
    restricted: frozenset[str]


class EndedVersion(NamedTuple):
    """A version of a case's obligation that ended in the past week."""

    rule: str
    end_reason: EndReason
    ended_on: date


def _matter(row: Sequence[Any]) -> ObligationView:
    values = list(row)
    values[4], values[8], values[17] = _RISK.get(row[4], Risk.UNKNOWN), OwedBy(row[8]), tuple(row[17])
    values[19] = EndReason(row[19]) if row[19] else None
    return ObligationView(*values)


def told_of(row: Sequence[Any]) -> NotificationView:
    """A notification's own columns, whether it is owed again, and its obligation's columns."""
    happening, addressee = Happening(row[2]), Addressee(row[4])
    return NotificationView(
        row[0], row[1], happening, row[3], addressee, row[5], row[6], row[7], _matter(row[9:]), row[8]
    )


def told(connection: Connection, message_ids: Sequence[int]) -> list[NotificationView]:
    """Everything that these messages are to say, as the world now is, in the order it was decided."""
    rows = fetch(
        connection,
        f"""select n.message_id, n.id, n.happening, n.step, n.addressee, n.note, n.day,
                   coalesce((select min(f.day) from notifications f where f.obligation_id = o.id
                             and f.contact_ref is not distinct from n.contact_ref
                             and f.happening <> 'resolved'), n.day),
                   n.happening = 'resolved' and exists (
                       select from {_CARRIED_ON}),
                   {OBLIGATION}
            from notifications n join obligations o on o.id = n.obligation_id {FROM}
            where n.message_id = any(%s) and n.state <> 'silent' order by n.id""",
        (list(message_ids),),
    )
    return [told_of(row) for row in rows]


def readers(connection: Connection, contact_refs: Sequence[str], today: date) -> dict[str, Reader]:
    """The people these messages go to, by reference. Who has left since has no address to be written to."""
    rows = fetch(
        connection,
        """select contact_ref, agency, name,
                  case when coalesce(withdrawn_on > %(today)s, true) and coalesce(active_to >= %(today)s, true)
                       then email else '' end, roles, force_codes, cps_areas, restricted_access
           from contacts where contact_ref = any(%(refs)s)""",
        {"today": today, "refs": list(contact_refs)},
    )
    return {
        row[0]: Reader(row[0], Agency(row[1]), row[2], row[3], frozenset(row[4]), tuple(row[5]), tuple(row[6]), row[7])
        for row in rows
    }


def stalled(
    connection: Connection, today: date, force_codes: Sequence[str], cps_areas: Sequence[str]
) -> list[tuple[int, ObligationView]]:
    """What stalls the cases of some forces or Areas, with each case's id, oldest stall first."""
    rows = fetch(
        connection,
        f"""select o.case_id, {OBLIGATION}
            from obligations o {FROM}
            where o.ended_on is null and o.stalls and o.escalate_on <= %(today)s and o.due_on < %(today)s
              and {OF_AREAS if cps_areas else _OF_FORCES}
              and (c.force_code = any(%(forces)s) or c.cps_area = any(%(areas)s))
            order by min(o.escalate_on) over (partition by o.case_id), o.case_id, o.escalate_on, o.id""",
        {"today": today, "forces": list(force_codes), "areas": list(cps_areas)},
    )
    return [(row[0], _matter(row[1:])) for row in rows]


def whole(
    connection: Connection, today: date, force_codes: Sequence[str], cps_areas: Sequence[str], *, access: bool
) -> PlaceTotals:
    """How some forces or Areas stand, for a reader with or without access to restricted cases.

    A hard clock is critically overdue soon after its day, which bounds how far ahead the index is read.
    """
    ((stalled_, passed, near, restricted),) = fetch(
        connection,
        f"""select count(distinct o.case_id) filter (where stalled and shown),
                  count(*) filter (where o.hard and shown and o.due_on < %(today)s),
                  count(*) filter (where o.hard and shown and o.due_on between %(today)s and %(today)s + 7),
                  array_agg(distinct o.force_code || '/' || c.case_ref) filter (where stalled and not shown)
           from obligations o join cases c on c.id = o.case_id
           cross join lateral (select o.stalls and o.escalate_on <= %(today)s and o.due_on < %(today)s as stalled,
                                      %(access)s or not c.restricted as shown) s
           where o.ended_on is null and (o.stalls or o.hard) and o.escalate_on <= %(today)s + 14
             and (o.hard or o.escalate_on <= %(today)s)
             and {OF_AREAS if cps_areas else _OF_FORCES}
             and (c.force_code = any(%(forces)s) or c.cps_area = any(%(areas)s))""",
        {"today": today, "forces": list(force_codes), "areas": list(cps_areas), "access": access},
    )
    return PlaceTotals(stalled_, passed, near, frozenset(restricted or ()))


def still_open(connection: Connection, contact_refs: Sequence[str]) -> dict[str, list[NotificationView]]:
    """What these people were told of and is still owed: each obligation once, by its latest word, oldest first."""
    rows = fetch(
        connection,
        f"""select distinct on (n.contact_ref, o.id) n.contact_ref,
                   0, n.id, n.happening, n.step, n.addressee, n.note, n.day, n.day, false, {OBLIGATION}
            from notifications n join obligations o on o.id = n.obligation_id {FROM}
            where n.contact_ref = any(%(refs)s) and n.state in ('sent', 'shown', 'unknown')
              and n.happening <> 'resolved' and o.ended_on is null
            order by n.contact_ref, o.id, n.id desc""",
        {"refs": list(contact_refs)},
    )
    found: dict[str, list[NotificationView]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(told_of(row[1:]))
    for each in found.values():
        each.sort(key=lambda one: (not one.matter.hard, one.matter.escalate_on, one.matter.obligation_id))
    return found


def changes_since(connection: Connection, case_ids: Sequence[int], today: date) -> dict[int, list[EndedVersion]]:
    """What ended on these cases in the seven days before today."""
    found: dict[int, list[EndedVersion]] = {}
    for case_id, rule, reason, on in fetch(
        connection,
        """select case_id, rule, end_reason, ended_on from obligations
           where case_id = any(%s) and ended_on > %s order by case_id, ended_on, id""",
        (list(case_ids), today - timedelta(days=7)),
    ):
        found.setdefault(case_id, []).append(EndedVersion(rule, EndReason(reason), on))
    return found
