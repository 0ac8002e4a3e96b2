"""The outbox: claiming, fencing and settling messages. Leases read the database's clock, everything else is told."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, NotRequired, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import Connection

from config.terms import MessageKind, State
from models.queries.driver import Statement, execute, execute_batch, fetch
from models.rules.outbox.message_states import AUDITED, REPEAT, before

LEASE_SECONDS = 300
SETTLE_SECONDS = 90  # after which a post shows where it was made, if it was: more than a carrier's whole deadline
# How the world of a message m stands, in a word that changes when anything does on which it depends what is said.
_STANDS = """coalesce((
    select md5(string_agg(concat_ws(':', o.id, o.last_step, o.due_on, o.ended_on, c.restricted, p.until_on, p."end"),
                          ',' order by n.id, p.id))
    from notifications n join obligations o on o.id = n.obligation_id
    left join cases c on c.id = o.case_id left join promises p on p.obligation_id = o.id
    where n.message_id = m.id), (
    select md5(string_agg(concat_ws(':', v.id, v.slot, v.ended_on, c.restricted, s.starts_at, s.cancelled_on),
                          ',' order by v.id))
    from sittings s join convenings v on v.sitting_id = s.id join cases c on c.id = v.case_id where s.ref = m.about))"""

_MINE = """m.id = %(message_id)s and m.state = 'claimed' and m.lease_token = %(token)s::uuid
               and m.lease_until > now()"""
_FENCE = f"""update messages m set state = 'sending', sending_at = %(as_of)s, body = %(body)s,
                    remote_ref = coalesce(%(to)s, m.remote_ref),
                    lease_until = now() + make_interval(secs => %(lease)s)
             where {_MINE} and {_STANDS} is not distinct from %(stood)s
             returning true"""


class ClaimedMessage(NamedTuple):
    """A message that this worker has claimed. Of operations where `contact_ref` is None."""

    id: int
    key: str
    kind: MessageKind
    contact_ref: str | None
    channel: str
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


class ClaimTerms(NamedTuple):
    """What a worker may claim: of which channel, due by when; digests only in their hours, or hard clocks only."""

    channel: str
    as_of: datetime
    digests: bool = True
    only_hard: bool = False


def claim(connection: Connection, token: UUID, wanted: ClaimTerms, most: int) -> list[ClaimedMessage]:
    """Take up to `most` messages whose moment has come, hard clocks first; whatever another worker has is skipped.

    A post waits until its thread has its place.
    """
    rows = fetch(
        connection,
        """with due as (
               select id from messages m
               where state in ('queued', 'retry') and channel = %(channel)s and due_at <= %(as_of)s
                 and (hard or not %(only_hard)s) and (kind <> 'digest' or %(digests)s)
                 and (kind <> 'post' or not exists (
                      select from thread_posts p join messages t on t.id = p.thread_id
                      where p.message_id = m.id and t.state not in ('sent', 'dead', 'silent')))
               order by hard desc, due_at, id limit %(most)s for update skip locked)
           update messages m set state = 'claimed', lease_token = %(token)s, attempts = attempts + 1,
                  lease_until = now() + make_interval(secs => %(lease)s)
           from due where m.id = due.id
           returning m.id, m.key, m.kind, m.contact_ref, m.channel, m.day, m.standing, m.hard, m.text, m.attempts,
                     m.reason, m.body, m.due_at""",
        {
            **wanted._asdict(),
            "channel": str(wanted.channel),
            "most": most,
            "token": str(token),
            "lease": LEASE_SECONDS,
        },
    )
    rows.sort(key=lambda row: (not row[7], row[12], row[0]))
    return [_held(row) for row in rows]


def _held(row: Sequence[Any]) -> ClaimedMessage:
    id_, key, kind, ref, channel, day, standing, hard, text, attempts, reason, body, _ = row
    kept = bytes(body) if body is not None else None
    return ClaimedMessage(id_, key, MessageKind(kind), ref, channel, day, standing, hard, text, attempts, reason, kept)


def stands(connection: Connection, ids: Sequence[int]) -> dict[int, str | None]:
    """How the world of each of these messages stands, to be told again when it is fenced."""
    return dict(fetch(connection, f"select m.id, {_STANDS} from messages m where m.id = any(%s)", (list(ids),)))


class Fenced(NamedTuple):
    """Whether a message may go out now; if not, whether it is still the worker's to be read anew."""

    won: bool
    changed: bool = False


class Fence(NamedTuple):
    """A claimed message that is to go out: its bytes, the world they are of, and where it goes if that is kept.

    `to` is kept where a message that nobody answers for can be looked for.
    """

    message_id: int
    body: bytes
    as_of: datetime
    stood: str | None = None
    to: str | None = None


def fence(connection: Connection, token: UUID, wanted: Fence, answered: Statement | None = None) -> Fenced:
    """Mark a claimed message as being sent, with its bytes, unless its world has changed. Commit before the network.

    `answered`, the settlement of another, is part of it: all or none, on a connection that commits by itself.
    """
    mine = {"message_id": wanted.message_id, "token": str(token)}
    answers = {"settlement": answered} if answered else {}
    marking = {**wanted._asdict(), **mine, "lease": LEASE_SECONDS}
    if execute_batch(connection, {**answers, "fence": (_FENCE, marking)}):
        return Fenced(won=True)
    return Fenced(won=False, changed=bool(fetch(connection, f"select 1 from messages m where {_MINE}", mine)))


class Settling(TypedDict):
    """What became of messages: why, and when; when they are due again; what the carrier calls them; whose they are."""

    reason: str
    as_of: datetime
    due_at: NotRequired[datetime | None]
    remote_ref: NotRequired[str | None]
    token: NotRequired[UUID | None]


def settle(connection: Connection, ids: Sequence[int], state: State, **given: Unpack[Settling]) -> int:
    """Change messages' state, their notifications' with it, and audit it: the one place where a state changes.

    Those that may not come into `state` (models.rules.outbox.message_states), or are held by another than `token`,
    stay. Back to `queued` costs no try. How many changed.
    """
    ((settled,),) = fetch(connection, *settlement(ids, state, **given))
    return int(settled)


def settlement(ids: Sequence[int], state: State, **given: Unpack[Settling]) -> Statement:
    """The statement that does it."""
    token, verb = given.get("token"), AUDITED.get(state)
    return (
        """with settled as (
             update messages set state = %(state)s, told = false,
                    lease_until = case when %(state)s = 'unknown' then now() + make_interval(secs => %(settle)s) end,
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
             where id = any(%(ids)s) and state = any(%(before)s)
               and (%(token)s::uuid is null or lease_token = %(token)s::uuid)
             returning id, key, contact_ref),
           told as (
             update notifications n set state = %(state)s, reason = %(reason)s from settled
             where n.message_id = settled.id and n.state <> 'silent'),
           audited as (
             insert into audit (verb, by, about, ref, to_ref, reason, detail)
             select %(verb)s, 'casebeat', 'message', key, coalesce(contact_ref, 'operations'),
                    coalesce(nullif(%(reason)s, ''), %(state)s), jsonb_build_object('state', %(state)s)
             from settled where %(verb)s::text is not null)
           select count(*) from settled""",
        {
            "due_at": None, "remote_ref": None, **given, "state": state.value, "repeat": REPEAT, "ids": list(ids),
            "before": [each.value for each in before(state)],
            "token": str(token) if token else None, "settle": SETTLE_SECONDS, "verb": verb.value if verb else None,
        },
    )  # fmt: skip


def silence(connection: Connection, reasons: Mapping[int, str]) -> None:
    """Notifications that are not said after all, each with its reason."""
    for reason in sorted(set(reasons.values())):
        ids = [id_ for id_, why in reasons.items() if why == reason]
        execute(connection, "update notifications set state = 'silent', reason = %s where id = any(%s)", (reason, ids))


def waiting(connection: Connection, as_of: datetime) -> int:
    """How many messages' moment has come and are not said yet."""
    found: int = fetch(
        connection,
        "select count(*) from messages where state in ('queued', 'retry') and due_at <= %s",
        (as_of,),
    )[0][0]
    return found
