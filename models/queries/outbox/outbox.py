"""Writes that claim, fence and settle messages. Leases read the database's clock; every other moment is a parameter."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, NotRequired, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import Connection

from config.message_kinds import ENCLOSED, MessageKind
from config.terms import State
from models.queries.driver import Statement, execute, execute_batch, keyed_as, mapping, scalar
from models.queries.pattern import COMBINED
from models.rules.outbox.message_states import AUDITED, DELIVERED, DROPPED, ENDED, REPEAT, WAITING, before

LEASE_SECONDS = 300
QUESTION, ASSURANCE, ALARM = "clock:", "assurance:", "alarm:"  # begin the keys of what a hold lets out: to operations
LET_OUT = [QUESTION, ASSURANCE, ALARM]
SETTLE_SECONDS = 90  # a post that was made is visible after this time: more than a carrier's whole time limit
# A digest of everything on which the contents of a message m depend: it changes when any of it changes. Any case of a
# force or Area may be part of a standing or a list, and any extract may hide it from the reader.
_STANDS = """concat_ws(':', (select max(id) from extracts where state = 'loaded'), (
    select md5(string_agg(concat_ws(':', o.id, o.last_step, o.due_on, o.ended_on, c.is_restricted, p.until_on, p."end"),
                          ',' order by n.id, p.id))
    from notifications n join obligations o on o.id = n.obligation_id
    left join disclosed c on c.id = o.case_id left join promises p on p.obligation_id = o.id
    where n.message_id = m.id), (
    select md5(string_agg(concat_ws(':', v.id, v.slot, v.ended_on, c.is_restricted, s.starts_at, s.cancelled_on),
                          ',' order by v.id))
    from sittings s join convenings v on v.sitting_id = s.id join disclosed c on c.id = v.case_id
    where s.ref in (select m.about union all select e.about from messages e where e.letter_id = m.id)))"""

# A message's name outside: a void message of the same key has used up the key itself, and its letter may be anywhere.
SIGN = """m.key || coalesce((
    select '#' || count(*) from undoings u join messages v on v.key = format('void:%%s:%%s', u.id, m.key)
    having count(*) > 0), '')"""

_MINE = f"""m.id = %(message_id)s and m.state = '{State.CLAIMED}' and m.lease_token = %(token)s::uuid
               and m.lease_until > now()"""
_FENCE = f"""update messages m set state = '{State.SENDING}', sending_at = %(as_of)s, body = %(body)s,
                    remote_ref = coalesce(%(to)s, m.remote_ref),
                    lease_until = now() + make_interval(secs => %(lease)s)
             where {_MINE} and {_STANDS} is not distinct from %(stood)s
             returning true"""


class ClaimedMessage(NamedTuple):
    """A message that this worker has claimed. `contact_ref` is None for operations."""

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
    sign: str  # its name outside: of its file in the Maildir, in the metadata of its post

    @property
    def repeats(self) -> bool:
        """Return whether it may have arrived already."""
        return self.reason.startswith(REPEAT)

    @property
    def repeated_body(self) -> bytes | None:
        """Return the bytes that may have arrived already and are sent once more, whatever they depend on now."""
        return self.body if self.repeats else None


class ClaimTerms(NamedTuple):
    """The messages that a worker may claim: their channel, the moment they are due by; with or without digests.

    While the outbox is held, only questions and alarms to operations are claimed.
    """

    channel: str
    as_of: datetime
    digests: bool = True
    only_hard: bool = False
    held: bool = False


def claim(connection: Connection, token: UUID, wanted: ClaimTerms, most: int) -> list[ClaimedMessage]:
    """Claim up to `most` messages that are due, hard clocks first; a message that another worker holds is skipped.

    A post waits until its thread was sent; what travels in letters, for the next letter where the day's has left.
    """
    rows = keyed_as(
        connection,
        "due_at",
        ClaimedMessage,
        f"""with due as (
               select id from messages m where letter_id is null
                 and state in {WAITING} and channel = %(channel)s and due_at <= %(as_of)s
                 and (hard or not %(only_hard)s) and (kind <> 'letter' or %(digests)s)
                 and (contact_ref is null or kind <> all(%(enclosed)s))
                 and (not %(held)s or key ^@ any(%(let_out)s))
                 and (kind <> 'post' or not exists (
                      select from thread_posts p join messages t on t.id = p.thread_id
                      where p.message_id = m.id and t.state not in {ENDED}))
               order by hard desc, due_at, id limit %(most)s for update skip locked)
           update messages m set state = '{State.CLAIMED}', lease_token = %(token)s, attempts = attempts + 1,
                  lease_until = now() + make_interval(secs => %(lease)s)
           from due where m.id = due.id
           returning m.id, m.key, m.kind, m.contact_ref, m.channel, m.day, m.standing, m.hard, m.text, m.attempts,
                     m.reason, m.body, m.due_at, {SIGN} as sign""",
        {
            **wanted._asdict(), "channel": str(wanted.channel), "enclosed": ENCLOSED, "let_out": LET_OUT,
            "most": most, "token": str(token), "lease": LEASE_SECONDS,
        },
    )  # fmt: skip
    due_at = {message.id: due for due, message in rows}
    return sorted((message for _, message in rows), key=lambda held: (not held.hard, due_at[held.id], held.id))


def fingerprints(connection: Connection, ids: Sequence[int]) -> dict[int, str | None]:
    """Return a digest of what each message's contents depend on, to be compared when the message is fenced."""
    statement = f"select m.id, {_STANDS} as stood from messages m where m.id = any(%s)"
    return mapping(connection, "id", "stood", statement, (list(ids),))


class Fenced(NamedTuple):
    """Whether a message may be sent now; if not, whether this worker still holds it and has to compose it again."""

    won: bool
    changed: bool = False


class Fence(NamedTuple):
    """A claimed message to be sent: its bytes, the digest of what they depend on, and where it goes.

    `to` is set where a message without an answer can be looked for.
    """

    message_id: int
    body: bytes
    as_of: datetime
    stood: str | None = None
    to: str | None = None


def fence(connection: Connection, token: UUID, wanted: Fence, answered: Statement | None = None) -> Fenced:
    """Mark a claimed message as being sent, with its bytes, unless what it depends on has changed.

    Commit before the network is used. `answered`, the settlement of another message, is done with it: all or none, on a
    connection that commits by itself.
    """
    mine = {"message_id": wanted.message_id, "token": str(token)}
    answers = {"settlement": answered} if answered else {}
    marking = {**wanted._asdict(), **mine, "lease": LEASE_SECONDS}
    if execute_batch(connection, {**answers, "fence": (_FENCE, marking)}):
        return Fenced(won=True)
    held = scalar(connection, f"select 1 from messages m where {_MINE}", mine)
    return Fenced(won=False, changed=held is not None)


class Settling(TypedDict):
    """The outcome of messages: reason and moment, next due moment, the carrier's reference, the holder's token."""

    reason: str
    as_of: datetime
    due_at: NotRequired[datetime | None]
    remote_ref: NotRequired[str | None]
    token: NotRequired[UUID | None]


def settle(connection: Connection, ids: Sequence[int], state: State, **given: Unpack[Settling]) -> int:
    """Change the state of messages and of their notifications, and audit it; return how many messages changed.

    No other function changes a state. A message that may not enter `state` (models.rules.outbox.message_states), or
    that another worker than `token` holds, stays. Going back to `queued` does not count as an attempt. What travels in
    a letter goes with it; where the letter becomes void, `undone_messages` decides what becomes of it.
    """
    settled: int = scalar(connection, *settlement(ids, state, **given))
    return settled


def settlement(ids: Sequence[int], state: State, **given: Unpack[Settling]) -> Statement:
    """Return the statement that settles messages."""
    token, verb = given.get("token"), AUDITED.get(state)
    return (
        f"""with settled as (
             update messages set state = %(state)s, told = false,
                    lease_until = case when %(state)s = '{State.UNKNOWN}'
                                       then now() + make_interval(secs => %(settle)s) end,
                    reason = case when not starts_with(reason, %(repeat)s) then %(reason)s
                                  when %(state)s in {WAITING} then %(repeat)s
                                  when %(state)s = '{State.UNKNOWN}' then %(repeat)s || '; ' || %(reason)s
                                  else %(reason)s end,
                    due_at = coalesce(%(due_at)s, due_at), remote_ref = coalesce(%(remote_ref)s, remote_ref),
                    attempts = case when state = '{State.DEAD}' then 0
                                    when %(state)s = '{State.QUEUED}' then attempts - 1
                                    else attempts end,
                    first_tried_at = case when %(state)s = '{State.QUEUED}' then first_tried_at
                                          else coalesce(first_tried_at, %(as_of)s) end,
                    sent_at = case when %(state)s in {DELIVERED} then %(as_of)s else sent_at end,
                    body = case when %(state)s in {WAITING} or %(state)s = '{State.UNKNOWN}' then body end
             where id = any(%(ids)s) and state = any(%(before)s)
               and (%(token)s::uuid is null or lease_token = %(token)s::uuid)
             returning id, key, contact_ref),
           enclosed as (
             update messages e
             set state = case %(state)s when '{State.RETRY}' then '{State.QUEUED}' else %(state)s end,
                 reason = %(reason)s, sending_at = l.sending_at,
                 sent_at = case when %(state)s in {DELIVERED} then %(as_of)s end
             from settled join messages l on l.id = settled.id
             where e.letter_id = settled.id and %(state)s <> '{State.VOID}' and e.state not in {DROPPED}
             returning e.id, e.key, e.contact_ref),
           told as (
             update notifications n set state = %(state)s, reason = %(reason)s from settled
             where n.message_id = settled.id and n.state not in {DROPPED}),
           {COMBINED},
           audited as (
             insert into audit (verb, by, about, ref, to_ref, reason, detail)
             select %(verb)s, 'casebeat', 'message', key, coalesce(contact_ref, 'operations'),
                    coalesce(nullif(%(reason)s, ''), %(state)s), jsonb_build_object('state', %(state)s)
             from (select * from settled union all select * from enclosed) each where %(verb)s::text is not null)
           select count(*) from settled""",
        {
            "due_at": None, "remote_ref": None, **given, "state": state.value, "repeat": REPEAT, "ids": list(ids),
            "before": [each.value for each in before(state)],
            "token": str(token) if token else None, "settle": SETTLE_SECONDS, "verb": verb.value if verb else None,
        },
    )  # fmt: skip


def withhold(connection: Connection, ids: Sequence[int], withheld: Collection[int]) -> None:
    """Record of these messages' notifications which are withheld: their readers may not know the case."""
    statement = """
        update notifications set withheld = id = any(%(withheld)s)
        where message_id = any(%(ids)s) and withheld <> (id = any(%(withheld)s))"""
    execute(connection, statement, {"ids": list(ids), "withheld": list(withheld)})


def silence(connection: Connection, reasons: Mapping[int, str]) -> None:
    """Silence notifications that are not sent after all, each with its reason."""
    for reason in sorted(set(reasons.values())):
        ids = [id_ for id_, why in reasons.items() if why == reason]
        execute(
            connection,
            f"update notifications set state = '{State.SILENT}', reason = %s where id = any(%s)",
            (reason, ids),
        )
