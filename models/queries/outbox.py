"""The outbox: claiming, fencing and settling messages. Leases read the database's clock, everything else is told."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from config.terms import Channel, MessageKind, State
from models.queries import audit
from models.queries.rows import execute, fetch
from models.rules.transitions import AUDITED, MOST_TRIES, REPEAT, before

LEASE_SECONDS = 300
# The two halves of a holder's advisory key, as pg_locks shows them, from the token that its rows carry.
_HOLDER_IS_GONE = """not exists (
    select from pg_locks l join pg_database d on d.oid = l.database and d.datname = current_database()
    where l.locktype = 'advisory' and l.objsubid = 1
      and l.classid::bigint = ('x' || substr(replace(m.lease_token::text, '-', ''), 1, 8))::bit(32)::bigint
      and l.objid::bigint = ('x' || substr(replace(m.lease_token::text, '-', ''), 9, 8))::bit(32)::bigint)"""


class Held(NamedTuple):
    """A message that this worker has claimed. Of operations where `contact_ref` is None."""

    id: int
    key: str
    kind: MessageKind
    contact_ref: str | None
    channel: Channel
    day: date
    standing: bool
    hard: bool
    text: str | None
    attempts: int
    reason: str
    body: bytes | None

    @property
    def repeats(self) -> bool:
        """Whether it may have arrived already."""
        return self.reason.startswith(REPEAT)


def lock_key(token: UUID) -> int:
    """The advisory key that a worker holds for as long as it lives: the token's first 64 bits, signed."""
    key = token.int >> 64
    return key - 2**64 if key >= 2**63 else key


def stand(connection: Connection, token: UUID) -> None:
    """Hold the worker's advisory lock on this session: what it claims is free again when the session ends."""
    fetch(connection, "select pg_advisory_lock(%s)", (lock_key(token),))


def leave(connection: Connection, token: UUID) -> None:
    """Give the worker's lock back; the session goes on."""
    fetch(connection, "select pg_advisory_unlock(%s)", (lock_key(token),))


def reap(connection: Connection) -> list[tuple[int, State]]:
    """What dead or hanging holders left behind: the messages, and the state in which each was left."""
    rows = fetch(
        connection,
        f"""select m.id, m.state from messages m
            where m.state in ('claimed', 'sending') and (m.lease_until < now() or {_HOLDER_IS_GONE})
            order by m.id for update skip locked""",
    )
    return [(row[0], State(row[1])) for row in rows]


def unknown(connection: Connection) -> tuple[list[int], list[tuple[int, str]]]:
    """Messages nobody knows the fate of: those to be said once more, and those that were said once more already."""
    rows = fetch(
        connection,
        """select id, key, starts_with(reason, %s) or attempts >= %s from messages
           where state = 'unknown' order by id for update""",
        (REPEAT, MOST_TRIES),
    )
    return [row[0] for row in rows if not row[2]], [(row[0], row[1]) for row in rows if row[2]]


def claim(connection: Connection, token: UUID, as_of: datetime, most: int, *, only_hard: bool) -> list[Held]:
    """Take up to `most` messages whose moment has come, hard clocks first; whatever another worker has is skipped."""
    rows = fetch(
        connection,
        """with due as (
               select id from messages
               where state in ('queued', 'retry') and due_at <= %(as_of)s and (hard or not %(only_hard)s)
               order by hard desc, due_at, id limit %(most)s for update skip locked)
           update messages m set state = 'claimed', lease_token = %(token)s, attempts = attempts + 1,
                  lease_until = now() + make_interval(secs => %(lease)s)
           from due where m.id = due.id
           returning m.id, m.key, m.kind, m.contact_ref, m.channel, m.day, m.standing, m.hard, m.text, m.attempts,
                     m.reason, m.body, m.due_at""",
        {"as_of": as_of, "only_hard": only_hard, "most": most, "token": str(token), "lease": LEASE_SECONDS},
    )
    rows.sort(key=lambda row: (not row[7], row[12], row[0]))
    return [_held(row) for row in rows]


def _held(row: Sequence[Any]) -> Held:
    id_, key, kind, ref, channel, day, standing, hard, text, attempts, reason, body, _ = row
    kept = bytes(body) if body is not None else None
    return Held(id_, key, MessageKind(kind), ref, Channel(channel), day, standing, hard, text, attempts, reason, kept)


def fence(connection: Connection, token: UUID, bodies: Mapping[int, bytes], as_of: datetime) -> set[int]:
    """Mark claimed messages as being sent, with their bytes. Commit before the network; only those returned go out."""
    won: set[int] = set()
    for id_, body in bodies.items():
        won.update(
            row[0]
            for row in fetch(
                connection,
                """update messages set state = 'sending', sending_at = %s, body = %s,
                          lease_until = now() + make_interval(secs => %s)
                   where id = %s and state = 'claimed' and lease_token = %s and lease_until > now() returning id""",
                (as_of, body, LEASE_SECONDS, id_, str(token)),
            )
        )
    return won


def settle(  # noqa: PLR0913  what became of it, each by name
    connection: Connection,
    ids: Sequence[int],
    state: State,
    *,
    reason: str,
    as_of: datetime,
    due_at: datetime | None = None,
    remote_ref: str | None = None,
    token: UUID | None = None,
) -> int:
    """Change messages' state, their notifications' with it, and audit it: the one place where a state changes.

    Those that may not come into `state` (models.rules.transitions), or are held by another than `token`, stay. Back to
    `queued` costs no try.
    """
    rows = fetch(
        connection,
        """update messages set state = %(state)s, lease_until = null,
                  reason = case when not starts_with(reason, %(repeat)s) then %(reason)s
                                when %(state)s in ('queued', 'retry') then %(repeat)s
                                when %(state)s = 'unknown' then %(repeat)s || '; ' || %(reason)s
                                else %(reason)s end,
                  due_at = coalesce(%(due_at)s, due_at), remote_ref = coalesce(%(remote_ref)s, remote_ref),
                  attempts = case when state = 'dead' then 0 when %(state)s = 'queued' then attempts - 1
                                  else attempts end,
                  first_tried_at = case when %(state)s = 'queued' then first_tried_at
                                        else coalesce(first_tried_at, %(as_of)s) end,
                  sent_at = case when %(state)s in ('sent', 'shown') then %(as_of)s else sent_at end,
                  body = case when %(state)s in ('queued', 'retry', 'unknown') then body end
           where id = any(%(ids)s) and state = any(%(before)s) and (%(token)s is null or lease_token = %(token)s::uuid)
           returning id, key, contact_ref""",
        {
            "state": state.value, "reason": reason, "repeat": REPEAT, "due_at": due_at, "remote_ref": remote_ref,
            "as_of": as_of, "ids": list(ids), "before": [each.value for each in before(state)],
            "token": str(token) if token else None,
        },
    )  # fmt: skip
    execute(
        connection,
        """update notifications set state = %s, reason = %s
           where message_id = any(%s) and state <> 'silent'""",
        (state.value, reason, [row[0] for row in rows]),
    )
    if state in AUDITED:
        audit.record(
            connection,
            [
                {
                    "verb": AUDITED[state], "by": "casebeat", "about": "message", "ref": row[1],
                    "to_ref": row[2] or "operations", "reason": reason or state.value, "detail": {"state": state.value},
                }
                for row in rows
            ],
        )  # fmt: skip
    return len(rows)


def silence(connection: Connection, reasons: Mapping[int, str]) -> None:
    """Notifications that are not said after all, each with its reason."""
    for reason in sorted(set(reasons.values())):
        ids = [id_ for id_, why in reasons.items() if why == reason]
        execute(connection, "update notifications set state = 'silent', reason = %s where id = any(%s)", (reason, ids))


def said_since(connection: Connection, contact_refs: Sequence[str], since: datetime, token: UUID) -> dict[str, int]:
    """How many messages, hard clocks not counted, each of these people was sent since a moment or will be by another.

    These people are this worker's until commit: whoever else claims something for one of them counts after it.
    """
    if not contact_refs:
        return {}
    fetch(
        connection,
        """select pg_advisory_xact_lock(hashtext('casebeat cap'), person)
           from (select distinct hashtext(ref) as person from unnest(%s::text[]) ref order by 1) people""",
        (list(contact_refs),),
    )
    rows = fetch(
        connection,
        """select contact_ref, count(*) from messages
           where contact_ref = any(%(refs)s) and not hard
             and (sending_at >= %(since)s and state in ('sending', 'sent', 'shown', 'unknown')
                  or state = 'claimed' and lease_token <> %(token)s) group by contact_ref""",
        {"refs": list(contact_refs), "since": since, "token": str(token)},
    )
    return {row[0]: row[1] for row in rows}


def waiting(connection: Connection, as_of: datetime) -> int:
    """How many messages' moment has come and are not said yet."""
    found: int = fetch(
        connection,
        "select count(*) from messages where state in ('queued', 'retry') and due_at <= %s",
        (as_of,),
    )[0][0]
    return found
