"""Invitations: who decides who attends the sittings to come, what each invitee was told, and what is to be said."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from config.sittings import ConveningEnd, ConveningReason
from config.terms import OwedBy, State
from models.queries.driver import execute, fetch
from models.rules.people.addressing import Parties
from models.rules.reviews import sitting_leads
from models.rules.reviews.inviting import ComingSitting, InvitationChange, InvitationState, SavedInvitation, SittingCase

OVERTAKEN = "overtaken by a later change"
# A case `v` is before its sitting, or was: what came of it there takes the event out of nobody's calendar.
_SITS = """(v.ended_on is null or v."end" in ('held', 'not_held'))"""
_KEY = "format('invitation:%%s:%%s:%%s', s.ref, i.contact_ref, i.sequence)"


def lock(connection: Connection) -> None:
    """One at a time writes invitations; another waits until this one has committed."""
    fetch(connection, "select pg_advisory_xact_lock(hashtext('casebeat invitations'))")


def sittings(connection: Connection, at: datetime) -> list[ComingSitting]:
    """Every sitting that is to begin after `at` and has a case, with its cases by slot."""
    rows = fetch(
        connection,
        f"""select s.id, s.ref, s.day, s.starts_at, s.places, s.minutes_per_case, s.place, s.force_code, s.cps_area,
                  s.chair_ref, c.id, v.slot, c.restricted,
                  c.oic_ref, c.supervisor_ref, coalesce(own.prosecutor_ref, shared.prosecutor_ref)
           from sittings s join convenings v on v.sitting_id = s.id and {_SITS}
           join cases c on c.id = v.case_id
           left join cps_cases own on own.key_id = c.id and own.withdrawn_on is null
           left join cps_cases shared on shared.key_id = c.urn_key_id and shared.withdrawn_on is null
           where s.cancelled_on is null and s.starts_at > %s order by s.id, v.slot""",
        (at,),
    )
    found: dict[int, tuple[Sequence[Any], list[SittingCase]]] = {}
    for row in rows:
        matter = Parties(OwedBy.BOTH, (row[7],), (row[8],), *row[13:16])
        found.setdefault(row[0], (row, []))[1].append(SittingCase(row[10], row[11], row[12], matter))
    return [_sitting(row, cases) for row, cases in found.values()]


def _sitting(row: Sequence[Any], cases: list[SittingCase]) -> ComingSitting:
    values = (*row[:3], row[3].astimezone(UTC), *row[4:7])
    return ComingSitting._make((*values, *sitting_leads.matters(row[9], row[7], row[8]), tuple(cases)))


def with_access(connection: Connection) -> frozenset[str]:
    """Who may read of restricted cases."""
    return frozenset(row[0] for row in fetch(connection, "select contact_ref from contacts where restricted_access"))


def unsent(connection: Connection) -> dict[str, int]:
    """The invitations that no carrier has been given yet: their messages' ids by key. They stay so until commit."""
    rows = fetch(
        connection,
        """select key, id from messages where kind = 'invitation' and sending_at is null
           and state in ('queued', 'retry', 'claimed') order by id for update""",
    )
    return dict(rows)


def standing(connection: Connection, at: datetime, *, mailed: bool) -> list[InvitationState]:
    """What was written to the invitees of every sitting that is to begin after `at`, and whether it left.

    `mailed`: there is a mail server, so that what was only shown was said to nobody.
    """
    rows = fetch(
        connection,
        f"""select i.sitting_id, s.ref, i.contact_ref, i.sequence, i.event, i.told_on, i.cancelled,
                   m.id is null or m.sending_at is not null, coalesce(m.state, 'sent')
            from invitations i join sittings s on s.id = i.sitting_id left join messages m on m.key = {_KEY}
            where s.starts_at > %(at)s order by i.sitting_id, i.contact_ref""",
        {"at": at},
    )
    return [_standing(row, mailed=mailed) for row in rows]


def _standing(row: Sequence[Any], *, mailed: bool) -> InvitationState:
    *about, stored, told_on, cancelled, tried, state = row
    saved, nobody = SavedInvitation.of(stored), mailed and state == State.SHOWN
    left = tried and not nobody
    lost = nobody or (state == State.SILENT and not left)
    saved = saved._replace(was=None) if nobody else saved
    return InvitationState._make((*about, saved, told_on, cancelled, left, lost))


def key(change: InvitationChange) -> str:
    """What the message of an event's change is called."""
    return f"invitation:{change.sitting_ref}:{change.contact_ref}:{change.sequence}"


def write(
    connection: Connection, made: Sequence[InvitationChange], channel: str, today: date, due_at: datetime
) -> None:
    """Keep what each invitation is from now on, and the message that tells it, unless it is quiet."""
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
           insert into messages (key, kind, contact_ref, channel, day, about, due_at)
           select key, 'invitation', contact_ref, %(channel)s, %(today)s, about, %(due)s from told
           where key is not null""",
        {"told": json.dumps(told), "channel": channel, "today": today, "due": due_at},
    )


class ConvenedCase(NamedTuple):
    """A case that an event names, as it now stands: its place in that sitting and why, or what became of it."""

    case_id: int
    reference: str
    restricted: bool
    slot: int | None  # in the event's sitting, while it is convened there
    because: ConveningReason
    due_on: date
    ended: ConveningEnd | None  # how it came to be convened there no more
    now_at: datetime | None  # when the sitting begins to which it is convened now


class WrittenEvent(NamedTuple):
    """What a message is to say of an event, and its sitting as it now is."""

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
    """The invitations that these messages carry, by message."""
    rows = fetch(
        connection,
        f"""select m.id, split_part(m.key, ':', -1)::integer, i.sequence, i.event, i.cancelled,
                  s.id, s.ref, s.force_code, s.cps_area, s.starts_at, s.places * s.minutes_per_case, s.minutes_per_case,
                  s.place, s.cancelled_on is null,
                  not exists (select from convenings v where v.sitting_id = s.id and {_SITS})
           from messages m join sittings s on s.ref = m.about
           join invitations i on i.sitting_id = s.id and i.contact_ref = m.contact_ref
           where m.id = any(%s)""",
        (list(message_ids),),
    )
    return {row[0]: WrittenEvent._make((*row[1:3], SavedInvitation.of(row[3]), *row[4:])) for row in rows}


def named(connection: Connection, wanted: Sequence[tuple[int, int]]) -> dict[tuple[int, int], ConvenedCase]:
    """The cases that events name, by sitting and case: the latest word on each case's place in that sitting."""
    rows = fetch(
        connection,
        f"""select distinct on (v.sitting_id, v.case_id) v.sitting_id, v.case_id, c.force_code || '/' || c.case_ref,
                  c.restricted, case when {_SITS} then v.slot end, v.because, v.due_on, v."end", s.starts_at
           from unnest(%s::bigint[], %s::bigint[]) w(sitting_id, case_id)
           join convenings v on v.sitting_id = w.sitting_id and v.case_id = w.case_id
           join cases c on c.id = v.case_id
           left join convenings now_ on now_.case_id = v.case_id and now_.ended_on is null
           left join sittings s on s.id = now_.sitting_id
           order by v.sitting_id, v.case_id, {_SITS} desc, v.id desc""",
        ([sitting for sitting, _ in wanted], [case for _, case in wanted]),
    )
    return {
        (row[0], row[1]): ConvenedCase._make(
            (*row[1:5], ConveningReason(row[5]), row[6], ConveningEnd(row[7]) if row[7] else None, row[8])
        )
        for row in rows
    }
