"""Reads and writes of replies: claimed once, recorded with their outcome, and answered through the outbox."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.replies import ACTED, Answered
from config.routes import Route
from config.terms import Addressee, Duty, EndReason, Manner, State
from models.queries.driver import execute, fetch_as, first_as, keyed_as, scalar, scalars
from models.queries.obligations.channels import CHANNELS, parameters
from models.queries.obligations.explain import SHOWN
from models.queries.obligations.obligation_views import FROM, OBLIGATION, NotificationView, fetch_notifications
from models.queries.obligations.versions import CHAIN, versions

CARRIED_ON = versions(
    "o.end_reason = 'void' or v.version > o.version and v.chain_from <= o.version", "live_obligations"
)


class RepliedVersion(NamedTuple):
    """One version of a case's obligation, live or ended, as its reader knows it."""

    force_code: str
    case_ref: str
    rule: str
    subject: str
    last_step: int
    end_reason: EndReason | None
    restricted: bool
    barred: frozenset[str]


class ReplyOutcome(NamedTuple):
    """The outcome of a reply, to be recorded and answered."""

    answered: Answered
    on: date | None = None
    because: str = ""
    obligation_id: int | None = None


class RecordedAnswer(NamedTuple):
    """The contents of one answer: the recorded outcome of its reply, and the present state of its obligation."""

    answered: Answered
    on: date | None
    because: str
    in_reply_to: str
    told: NotificationView | None


class _Outcome(NamedTuple):
    answered: Answered
    on: date | None
    because: str
    in_reply_to: str


class ReplyIdentity(NamedTuple):
    """What tells a mail from every other. Earlier versions recorded `before`, which counts only for what they read."""

    identity: str
    before: str
    received_on: date


class HandOver(NamedTuple):
    """A present step that goes to one more addressee, because a person who was notified declines it."""

    obligation_id: int
    step: int
    step_name: str
    occasion: str
    day: date
    duty: Duty
    manner: Manner
    addressee: Addressee
    contact_ref: str | None
    note: str


def claim(connection: Connection, identity: ReplyIdentity, day: date, at: datetime) -> int | None:
    """Claim a reply, once ever, and return its id; None where it was claimed. Waits for a concurrent claim to end."""
    statement = """
        insert into replies (identity, day, read_at)
        select %(identity)s, %(day)s, %(at)s
        where not exists (select from replies where identity = %(before)s and day >= %(received_on)s)
        on conflict (identity) do nothing returning id"""
    claimed: int | None = scalar(connection, statement, {**identity._asdict(), "day": day, "at": at})
    return claimed


def record(connection: Connection, reply_id: int, contact_ref: str, became: ReplyOutcome, in_reply_to: str) -> None:
    """Write the outcome of a reply."""
    statement = """
        update replies set contact_ref = %(contact_ref)s, answered = %(answered)s, on_day = %(on)s,
               because = %(because)s, obligation_id = %(obligation_id)s, in_reply_to = %(in_reply_to)s
        where id = %(id)s"""
    given = {
        **became._asdict(),
        "answered": became.answered.value,
        "contact_ref": contact_ref,
        "in_reply_to": in_reply_to,
        "id": reply_id,
    }
    execute(connection, statement, given)


def answer(connection: Connection, reply_id: int, key: str, channel: str, most: int) -> bool:
    """Queue the answer to a recorded reply, and return whether there is one.

    There is none where its writer was sent `most` answers that day. An action is still answered the first time: a
    person who forges somebody's mails can neither use up the answers that would warn them, nor flood them with answers.
    """
    statement = """
        insert into messages (key, kind, contact_ref, channel, day, due_at)
        select %(key)s, 'answer', r.contact_ref, %(channel)s, r.day, r.read_at from replies r
        where r.id = %(id)s and (
            %(most)s > (select count(*) from replies s
                        where s.contact_ref = r.contact_ref and s.day = r.day and s.message_id is not null)
            or r.answered = any(%(acted)s) and not exists (
                select from replies s
                where s.contact_ref = r.contact_ref and s.day = r.day and s.message_id is not null
                  and s.obligation_id = r.obligation_id and s.answered = r.answered
                  and s.on_day is not distinct from r.on_day))
        returning id"""
    given = {"key": key, "id": reply_id, "channel": channel, "most": most, "acted": [each.value for each in ACTED]}
    made = scalars(connection, statement, given)
    for message_id in made:
        execute(connection, "update replies set message_id = %s where id = %s", (message_id, reply_id))
    return bool(made)


def version(connection: Connection, obligation_id: int) -> RepliedVersion | None:
    """Return a version of a case's obligation by its id; None where there is no such version."""
    statement = """
        select o.force_code, c.case_ref, o.rule, o.subject, o.last_step, o.end_reason, c.is_restricted as restricted,
               c.barred
        from obligations o join disclosed c on c.id = o.case_id where o.id = %s"""
    return first_as(connection, RepliedVersion, statement, (obligation_id,))


def carried_on(connection: Connection, obligation_id: int) -> int | None:
    """Return the live version that carries on from one that moved, or replaces a void one; None without."""
    statement = f"select v.id from obligations o join {CARRIED_ON} on true where o.id = %s"
    found: int | None = scalar(connection, statement, (obligation_id,))
    return found


class _Told(NamedTuple):
    addressee: Addressee


def told_as(
    connection: Connection, obligation_ids: Sequence[int], contact_refs: Sequence[str]
) -> dict[tuple[int, str], Addressee]:
    """Return as which addressee each person was last notified of an obligation or its chain, by obligation and person.

    Who was not notified of one is left out.
    """
    statement = f"""
        select distinct on (o.id, n.contact_ref) o.id, n.contact_ref, n.addressee
        from obligations o join {CHAIN} on true join notifications n on n.obligation_id = v.id
        where o.id = any(%s) and n.contact_ref = any(%s) and n.happening <> 'resolved' and n.state <> '{State.VOID}'
        order by o.id, n.contact_ref, n.id desc"""
    told = keyed_as(connection, ("id", "contact_ref"), _Told, statement, (list(obligation_ids), list(contact_refs)))
    return {key: row.addressee for key, row in told}


def hand_over(connection: Connection, told: Sequence[HandOver], routes: Sequence[Route]) -> None:
    """Write the present step for more addressees, on each of their channels; a notification is never written twice."""
    for one in told:
        statement = f"""
            insert into notifications (happening, obligation_id, step, step_name, occasion, day, duty, manner,
                                       addressee, contact_ref, channel, note)
            select 'handed_over', given.id, %(step)s, %(step_name)s, %(occasion)s, %(day)s, %(duty)s, %(manner)s,
                   %(addressee)s, given.contact_ref, by.channel, %(note)s
            from (select %(obligation_id)s::bigint as id, %(contact_ref)s::text as contact_ref) given
            cross join {CHANNELS} by order by by.channel on conflict do nothing"""
        execute(connection, statement, {**one._asdict(), **parameters(routes)})


class ExplainedReply(NamedTuple):
    """A reply about one of a case's obligations, its result, and the state of the answer; None where none was due."""

    on: date
    by: str
    rule: str
    subject: str
    answered: Answered
    day: date | None
    state: str | None


def of_case(connection: Connection, case_id: int) -> list[ExplainedReply]:
    """Return the replies about a case, in the order in which they were read."""
    statement = f"""
        select r.day as "on", r.contact_ref as by, o.rule, {SHOWN}, r.answered, r.on_day as day, m.state
        from replies r join obligations o on o.id = r.obligation_id left join messages m on m.id = r.message_id
        where o.case_id = %s order by r.id"""
    return fetch_as(connection, ExplainedReply, statement, (case_id,))


_ANSWERS = """
select message_id, answered, on_day as "on", because, in_reply_to from replies where message_id = any(%s)"""
_TOLD = f"""
select r.message_id, coalesce(n.id, 0) as notification_id,
       case when o.ended_on is null then coalesce(nullif(n.happening, 'opened'), 'step') else 'resolved' end
       as happening,
       coalesce(n.step, o.last_step) as step, coalesce(n.addressee, 'owner') as addressee, coalesce(n.note, '') as note,
       coalesce(n.day, r.day) as day, coalesce(n.day, r.day) as first_told_on, false as owed_again,
       false as reopened, {OBLIGATION}
from replies r join lateral (
    select coalesce((select v.id from obligations o cross join {CARRIED_ON} where o.id = r.obligation_id limit 1),
                    r.obligation_id) as id) present on true
join obligations o on o.id = present.id {FROM}
left join lateral (
    select t.* from {CHAIN} join notifications t on t.obligation_id = v.id and t.contact_ref = r.contact_ref
    where t.happening <> 'resolved' and t.state <> '{State.VOID}'
    order by t.id desc limit 1) n on true
where r.message_id = any(%s)"""


def answers(connection: Connection, message_ids: Sequence[int]) -> dict[int, RecordedAnswer]:
    """Return the contents of these answers, by their message."""
    asked = (list(message_ids),)
    outcomes = keyed_as(connection, "message_id", _Outcome, _ANSWERS, asked)
    told = {fetch.message_id: fetch for fetch in fetch_notifications(connection, _TOLD, asked)}
    return {
        message_id: RecordedAnswer(**outcome._asdict(), told=told.get(message_id)) for message_id, outcome in outcomes
    }
