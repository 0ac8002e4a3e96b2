"""Reads of the sittings to come with the parties of their cases, and reads and writes of invitations to them."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.sittings import ConveningEnd, ConveningReason
from config.terms import State
from models.queries.driver import execute, fetch_as, grouped, keyed_as, mapping, scalars
from models.queries.people.barring import BARRED
from models.queries.people.parties import BOTH_PARTIES, CPS_CASES
from models.queries.people.restriction import RESTRICTED
from models.rules.people.addressing import Parties
from models.rules.reviews import sitting_leads
from models.rules.reviews.inviting import ComingSitting, InvitationChange, InvitationState, SavedInvitation, SittingCase

OVERTAKEN = "overtaken by a later change"
# A convening `v` is live, or ended with an outcome: an outcome removes the event from nobody's calendar.
_SITS = """(v.ended_on is null or v."end" in ('held', 'not_held'))"""
_KEY = "format('invitation:%%s:%%s:%%s', s.ref, i.contact_ref, i.sequence)"


def lock(connection: Connection) -> None:
    """Take the lock for writing invitations until commit; another transaction waits for it."""
    execute(connection, "select pg_advisory_xact_lock(hashtext('casebeat invitations'))")


class _Sitting(NamedTuple):
    id: int
    ref: str
    day: date
    starts_at: datetime
    places: int
    minutes_per_case: int
    place: str


class _Case(NamedTuple):
    sitting: _Sitting
    force_code: str
    cps_area: str
    chair_ref: str
    case_id: int
    slot: int
    restricted: bool
    matter: Parties


def sittings(connection: Connection, at: datetime) -> list[ComingSitting]:
    """Return every sitting that begins after `at` and has a case, with its cases by slot."""
    rows = keyed_as(
        connection,
        "sitting_id",
        _Case,
        f"""select s.id as sitting_id, s.id as "sitting.id", s.ref as "sitting.ref", s.day as "sitting.day",
                  s.starts_at as "sitting.starts_at", s.places as "sitting.places",
                  s.minutes_per_case as "sitting.minutes_per_case", s.place as "sitting.place", s.force_code,
                  s.cps_area, s.chair_ref, c.id as case_id, v.slot, {RESTRICTED} as restricted, {BOTH_PARTIES}
           from sittings s join convenings v on v.sitting_id = s.id and {_SITS} join cases c on c.id = v.case_id
           {CPS_CASES}
           where s.cancelled_on is null and s.starts_at > %s order by s.id, v.slot""",
        (at,),
        {"sitting.starts_at": lambda moment: moment.astimezone(UTC)},
    )
    return [_sitting(cases) for cases in grouped(rows).values()]


def _sitting(cases: Sequence[_Case]) -> ComingSitting:
    first = next(iter(cases))
    at = (first.chair_ref, first.force_code, first.cps_area)
    chair, spocs = sitting_leads.matters(*at, (one.matter.barred for one in cases))
    convened = tuple(SittingCase(one.case_id, one.slot, one.restricted, one.matter) for one in cases)
    return ComingSitting(**first.sitting._asdict(), chair=chair, spocs=spocs, cases=convened)


def with_access(connection: Connection) -> frozenset[str]:
    """Return the contacts who may read about restricted cases."""
    return frozenset(scalars(connection, "select contact_ref from contacts where restricted_access"))


def unsent(connection: Connection) -> dict[str, int]:
    """Return the ids of the unsent messages of invitations by key, locked until commit."""
    return mapping(
        connection,
        "key",
        "id",
        """select key, id from messages where kind = 'invitation' and sending_at is null
           and state in ('queued', 'retry', 'claimed') order by id for update""",
    )


class _Kept(NamedTuple):
    sitting_id: int
    sitting_ref: str
    contact_ref: str
    sequence: int
    saved: SavedInvitation
    told_on: date
    cancelled: bool


class _Stored(NamedTuple):
    kept: _Kept
    tried: bool
    state: str


def standing(connection: Connection, at: datetime, *, mailed: bool) -> list[InvitationState]:
    """Return the invitations to every sitting that begins after `at`, and whether each was sent.

    With `mailed` there is a mail server, so that an invitation that was only shown reached nobody.
    """
    rows = fetch_as(
        connection,
        _Stored,
        f"""select i.sitting_id as "kept.sitting_id", s.ref as "kept.sitting_ref", i.contact_ref as "kept.contact_ref",
                   i.sequence as "kept.sequence", i.event as "kept.saved", i.told_on as "kept.told_on",
                   i.cancelled as "kept.cancelled", m.id is null or m.sending_at is not null as tried,
                   coalesce(m.state, 'sent') as state
            from invitations i join sittings s on s.id = i.sitting_id left join messages m on m.key = {_KEY}
            where s.starts_at > %(at)s order by i.sitting_id, i.contact_ref""",
        {"at": at},
        {"kept.saved": SavedInvitation.of},
    )
    return [_standing(row, mailed=mailed) for row in rows]


def _standing(stored: _Stored, *, mailed: bool) -> InvitationState:
    kept, reached_nobody = stored.kept, mailed and stored.state == State.SHOWN
    left = stored.tried and not reached_nobody
    lost = reached_nobody or (stored.state == State.SILENT and not left)
    saved = kept.saved._replace(was=None) if reached_nobody else kept.saved
    return InvitationState(**{**kept._asdict(), "saved": saved}, left=left, lost=lost)


def key(change: InvitationChange) -> str:
    """Return the key of the message about a change of an event."""
    return f"invitation:{change.sitting_ref}:{change.contact_ref}:{change.sequence}"


def write(
    connection: Connection, made: Sequence[InvitationChange], channel: str, today: date, due_at: datetime
) -> None:
    """Write the new state of each invitation, and the message about it unless the change is quiet."""
    told = [
        {
            "sitting_id": one.sitting_id,
            "contact_ref": one.contact_ref,
            "sequence": one.sequence,
            "event": one.saved.as_json(),
            "told_on": (one.before.told_on if one.before and one.quiet else today).isoformat(),
            "cancelled": one.cancelled,
            "key": None if one.quiet else key(one),
            "about": one.sitting_ref,
        }
        for one in made
    ]
    execute(
        connection,
        """with told as (
             select * from jsonb_to_recordset(%(told)s::jsonb) as t(sitting_id bigint, contact_ref text,
                    sequence integer, event jsonb, told_on date, cancelled boolean, key text, about text)),
           kept as (
             insert into invitations (sitting_id, contact_ref, sequence, event, told_on, cancelled)
             select sitting_id, contact_ref, sequence, event, told_on, cancelled from told
             on conflict (sitting_id, contact_ref) do update
             set sequence = excluded.sequence, event = excluded.event, told_on = excluded.told_on,
                 cancelled = excluded.cancelled)
           insert into messages (key, kind, contact_ref, channel, day, about, hard, due_at)
           select key, 'invitation', contact_ref, %(channel)s, %(today)s, about, s.undoing_id is not null, %(due)s
           from told join sittings s on s.id = told.sitting_id where key is not null""",
        {"told": json.dumps(told), "channel": channel, "today": today, "due": due_at},
    )


class ConvenedCase(NamedTuple):
    """A case that an event names, in its present state: its slot in that sitting and why, or how it ended there."""

    case_id: int
    reference: str
    restricted: bool
    barred: frozenset[str]  # the contacts who must hear nothing of it
    slot: int | None  # in the event's sitting, while it is convened there
    because: ConveningReason
    due_on: date
    ended: ConveningEnd | None  # why it is no longer convened there
    now_at: datetime | None  # the beginning of the sitting to which it is convened now


class WrittenEvent(NamedTuple):
    """The event that a message is about, and the present state of its sitting."""

    sequence: int  # the message's
    latest: int  # the invitation's
    saved: SavedInvitation
    cancelled: bool
    sitting_id: int
    ref: str
    force_code: str
    cps_area: str
    starts_at: datetime
    minutes: int
    minutes_per_case: int
    place: str
    takes_place: bool
    empty: bool


def written(connection: Connection, message_ids: Sequence[int]) -> dict[int, WrittenEvent]:
    """Return the invitations that these messages carry, by message."""
    rows = keyed_as(
        connection,
        "message_id",
        WrittenEvent,
        f"""select m.id as message_id, split_part(m.key, ':', -1)::integer as sequence, i.sequence as latest,
                  i.event as saved, i.cancelled, s.id as sitting_id, s.ref, s.force_code, s.cps_area, s.starts_at,
                  s.places * s.minutes_per_case as minutes, s.minutes_per_case, s.place,
                  s.cancelled_on is null as takes_place,
                  not exists (select from convenings v where v.sitting_id = s.id and {_SITS}) as empty
           from messages m join sittings s on s.ref = m.about
           join invitations i on i.sitting_id = s.id and i.contact_ref = m.contact_ref
           where m.id = any(%s)""",
        (list(message_ids),),
        {"saved": SavedInvitation.of},
    )
    return dict(rows)


def named_cases(connection: Connection, wanted: Sequence[tuple[int, int]]) -> dict[tuple[int, int], ConvenedCase]:
    """Return the cases that events name, by sitting and case, each by its latest convening to that sitting."""
    rows = keyed_as(
        connection,
        "sitting_id",
        ConvenedCase,
        f"""select distinct on (v.sitting_id, v.case_id) v.sitting_id, v.case_id,
                  c.force_code || '/' || c.case_ref as reference, {RESTRICTED} as restricted,
                  {BARRED} as barred, case when {_SITS} then v.slot end as slot, v.because, v.due_on, v."end" as ended,
                  s.starts_at as now_at
           from unnest(%s::bigint[], %s::bigint[]) w(sitting_id, case_id)
           join convenings v on v.sitting_id = w.sitting_id and v.case_id = w.case_id
           join cases c on c.id = v.case_id
           left join convenings now_ on now_.case_id = v.case_id and now_.ended_on is null
           left join sittings s on s.id = now_.sitting_id
           order by v.sitting_id, v.case_id, {_SITS} desc, v.id desc""",
        ([sitting for sitting, _ in wanted], [case for _, case in wanted]),
    )
    return {(sitting_id, case.case_id): case for sitting_id, case in rows}
