"""Reads and writes of invitations: people's events of sittings and of series."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import State
from models.queries.driver import execute, fetch_as, mapping, scalars
from models.queries.reviews.attended_sittings import TOLD_AFTER
from models.rules.outbox.message_states import RECALLABLE
from models.rules.reviews.events import SavedInvitation
from models.rules.reviews.invitation_changes import InvitationChange, InvitationState

OVERTAKEN = "overtaken by a later change"
_KEY = "format('invitation:%%s:%%s:%%s', coalesce(s.ref, r.ref), i.contact_ref, i.sequence)"


def lock(connection: Connection) -> None:
    """Take the lock for writing invitations until commit; another transaction waits for it."""
    execute(connection, "lock table invitations in share row exclusive mode")


def with_access(connection: Connection) -> frozenset[str]:
    """Return the contacts who may read about restricted cases."""
    return frozenset(scalars(connection, "select contact_ref from contacts where restricted_access"))


def unsent(connection: Connection) -> dict[str, int]:
    """Return the ids of the unsent messages of invitations by key, locked until commit."""
    statement = f"""
        select key, id from messages where kind = 'invitation' and sending_at is null
        and state in {RECALLABLE} order by id for update"""
    return mapping(connection, "key", "id", statement)


class _Kept(NamedTuple):
    ref: str
    contact_ref: str
    sequence: int
    saved: SavedInvitation
    told_on: date
    cancelled: bool


class _Stored(NamedTuple):
    kept: _Kept
    tried: bool
    state: str


def standing(connection: Connection, today: date, at: datetime, *, mailed: bool) -> list[InvitationState]:
    """Return the invitations to sittings that begin after `at` and to series, and whether each was sent.

    With `mailed` there is a mail server, so that an invitation that was only shown reached nobody.
    """
    statement = f"""
        select coalesce(s.ref, r.ref) as "kept.ref", i.contact_ref as "kept.contact_ref",
               i.sequence as "kept.sequence", i.event as "kept.saved", i.told_on as "kept.told_on",
               i.cancelled as "kept.cancelled", m.id is null or m.sending_at is not null as tried,
               coalesce(m.state, '{State.SENT}') as state
        from invitations i left join sittings s on s.id = i.sitting_id left join series r on r.id = i.series_id
        left join messages m on m.key = {_KEY}
        where s.starts_at > %(at)s
           or r.id is not null and coalesce(r.ended_on > %(today)s::date - %(told)s, true)
        order by 1, 2"""
    given = {"at": at, "today": today, "told": TOLD_AFTER}
    rows = fetch_as(connection, _Stored, statement, given, {"kept.saved": SavedInvitation.of})
    return [_standing(row, mailed=mailed) for row in rows]


def _standing(stored: _Stored, *, mailed: bool) -> InvitationState:
    kept, reached_nobody = stored.kept, mailed and stored.state == State.SHOWN
    left = stored.tried and not reached_nobody
    lost = reached_nobody or (stored.state == State.SILENT and not left)
    saved = kept.saved._replace(was=None) if reached_nobody else kept.saved
    return InvitationState(**{**kept._asdict(), "saved": saved}, left=left, lost=lost)


def key(change: InvitationChange) -> str:
    """Return the key of the message about a change of an event."""
    return f"invitation:{change.ref}:{change.contact_ref}:{change.sequence}"


def write(
    connection: Connection,
    changes: Sequence[InvitationChange],
    channel: str,
    today: date,
    leaves: tuple[date, datetime],
) -> None:
    """Write the new state of each invitation, and the message about it unless the change is quiet.

    `leaves` are the day and the moment from which the messages leave.
    """
    leaves_on, due_at = leaves
    told = [
        {
            "ref": change.ref,
            "contact_ref": change.contact_ref,
            "sequence": change.sequence,
            "event": change.saved.as_json(),
            "told_on": (change.before.told_on if change.before and change.quiet else leaves_on).isoformat(),
            "cancelled": change.cancelled,
            "key": None if change.quiet else key(change),
        }
        for change in changes
    ]
    statement = """
        with told as (
          select t.*, s.id as sitting_id, r.id as series_id, s.undoing_id
          from jsonb_to_recordset(%(told)s::jsonb) as t(ref text, contact_ref text, sequence integer, event jsonb,
               told_on date, cancelled boolean, key text)
          left join sittings s on s.ref = t.ref left join series r on r.ref = t.ref),
        kept as (
          insert into invitations (sitting_id, series_id, contact_ref, sequence, event, told_on, cancelled)
          select sitting_id, series_id, contact_ref, sequence, event, told_on, cancelled from told
          on conflict (sitting_id, series_id, contact_ref) do update
          set sequence = excluded.sequence, event = excluded.event, told_on = excluded.told_on,
              cancelled = excluded.cancelled)
        insert into messages (key, kind, contact_ref, channel, day, about, hard, due_at)
        select key, 'invitation', contact_ref, %(channel)s, %(today)s, ref, undoing_id is not null, %(due)s
        from told where key is not null"""
    execute(connection, statement, {"told": json.dumps(told), "channel": channel, "today": today, "due": due_at})
