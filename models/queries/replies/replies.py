"""Replies: claimed once, recorded with what became of them, and answered through the outbox."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection

from config.replies import ACTED, Answered
from config.routes import Route
from config.terms import Addressee, Duty, EndReason, Manner
from models.queries.driver import execute, fetch
from models.queries.obligations import obligation_views
from models.queries.obligations.channels import CHANNELS, parameters
from models.queries.obligations.obligation_views import NotificationView
from models.queries.obligations.versions import CHAIN, versions

CARRIED_ON = versions("v.ended_on is null and v.version > o.version and v.chain_from <= o.version")


class RepliedVersion(NamedTuple):
    """One version of a case's obligation, live or ended, by what its reader knows of it."""

    force_code: str
    case_ref: str
    rule: str
    subject: str
    last_step: int
    end_reason: EndReason | None
    restricted: bool


class ReplyOutcome(NamedTuple):
    """What became of a reply, to be recorded and answered."""

    answered: Answered
    on: date | None = None
    because: str = ""
    obligation_id: int | None = None


class RecordedAnswer(NamedTuple):
    """What one answer is to say, as it was recorded, and what it is about, as that now stands."""

    answered: Answered
    on: date | None
    because: str
    in_reply_to: str
    told: NotificationView | None


class HandOver(NamedTuple):
    """A present step that goes to one more addressee, because someone who was told says that it is not theirs."""

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


def people_at(connection: Connection, address: str, today: date) -> list[str]:
    """The contacts, active that day, whose address this is."""
    rows = fetch(
        connection,
        """select contact_ref from contacts
           where lower(email) = %(address)s and coalesce(withdrawn_on > %(today)s, true)
             and coalesce(active_from <= %(today)s, true) and coalesce(active_to >= %(today)s, true)
           order by contact_ref collate "C" """,
        {"address": address, "today": today},
    )
    return [row[0] for row in rows]


def claim(connection: Connection, identity: str, day: date, at: datetime) -> int | None:
    """Take a reply, once ever: waits for whoever is just taking it; None where it was taken."""
    rows = fetch(
        connection,
        """insert into replies (identity, day, read_at) values (%s, %s, %s)
           on conflict (identity) do nothing returning id""",
        (identity, day, at),
    )
    return rows[0][0] if rows else None


def record(connection: Connection, reply_id: int, contact_ref: str, became: ReplyOutcome, in_reply_to: str) -> None:
    """Write what became of a reply."""
    execute(
        connection,
        """update replies set contact_ref = %s, answered = %s, on_day = %s, because = %s, obligation_id = %s,
                  in_reply_to = %s where id = %s""",
        (contact_ref, became.answered.value, *became[1:], in_reply_to, reply_id),
    )


def answer(connection: Connection, reply_id: int, key: str, channel: str, most: int) -> bool:
    """Queue the answer to a recorded reply; whether there is one.

    There is none if its writer has had `most` that day; but what was done is answered all the same, the first time:
    who forges a person's mails cannot use up the answers by which that person would see it, nor drown them in answers.
    """
    made = fetch(
        connection,
        """insert into messages (key, kind, contact_ref, channel, day, due_at)
           select %(key)s, 'answer', r.contact_ref, %(channel)s, r.day, r.read_at from replies r
           where r.id = %(id)s and (
               %(most)s > (select count(*) from replies s
                           where s.contact_ref = r.contact_ref and s.day = r.day and s.message_id is not null)
               or r.answered = any(%(acted)s) and not exists (
                   select from replies s
                   where s.contact_ref = r.contact_ref and s.day = r.day and s.message_id is not null
                     and s.obligation_id = r.obligation_id and s.answered = r.answered
                     and s.on_day is not distinct from r.on_day))
           returning id""",
        {"key": key, "id": reply_id, "channel": channel, "most": most, "acted": [each.value for each in ACTED]},
    )
    for (message_id,) in made:
        execute(connection, "update replies set message_id = %s where id = %s", (message_id, reply_id))
    return bool(made)


def version(connection: Connection, obligation_id: int) -> RepliedVersion | None:
    """A version of a case's obligation, by its id."""
    for row in fetch(
        connection,
        """select o.force_code, c.case_ref, o.rule, o.subject, o.last_step, o.end_reason, c.restricted
           from obligations o join cases c on c.id = o.case_id where o.id = %s""",
        (obligation_id,),
    ):
        ended = EndReason(row[5]) if row[5] else None
        return RepliedVersion(row[0], row[1], row[2], row[3], row[4], ended, row[6])
    return None


def carried_on(connection: Connection, obligation_id: int) -> int | None:
    """The live version that carries on from one that moved; None where there is none."""
    rows = fetch(
        connection, f"select v.id from obligations o join {CARRIED_ON} on true where o.id = %s", (obligation_id,)
    )
    return rows[0][0] if rows else None


def told_as(connection: Connection, obligation_id: int, contact_ref: str) -> Addressee | None:
    """By which of the ladder's words somebody was last told of it, or of a version before; None: they were not."""
    rows = fetch(
        connection,
        f"""select n.addressee from obligations o join {CHAIN} on true join notifications n on n.obligation_id = v.id
            where o.id = %s and n.contact_ref = %s and n.happening <> 'resolved' order by n.id desc limit 1""",
        (obligation_id, contact_ref),
    )
    return Addressee(rows[0][0]) if rows else None


def hand_on(connection: Connection, told: Sequence[HandOver], routes: Sequence[Route]) -> None:
    """Write the present step for more addressees, by each of their channels; what is written already stays once."""
    for one in told:
        execute(
            connection,
            f"""insert into notifications (happening, obligation_id, step, step_name, occasion, day, duty, manner,
                                           addressee, contact_ref, channel, note)
                select 'handed_over', given.id, %(step)s, %(step_name)s, %(occasion)s, %(day)s, %(duty)s, %(manner)s,
                       %(addressee)s, given.contact_ref, by.channel, %(note)s
                from (select %(obligation_id)s::bigint as id, %(contact_ref)s::text as contact_ref) given
                cross join {CHANNELS} by order by by.channel on conflict do nothing""",
            {**one._asdict(), **parameters(routes)},
        )


class ReplyHistoryRow(NamedTuple):
    """A reply that was about one of a case's obligations, and where its answer stands; none where none was due."""

    day: date
    contact_ref: str
    rule: str
    subject: str
    answered: Answered
    on: date | None
    state: str | None


def of_case(connection: Connection, case_id: int) -> list[ReplyHistoryRow]:
    """The replies about a case, in the order in which they were read."""
    rows = fetch(
        connection,
        """select r.day, r.contact_ref, o.rule, o.subject, r.answered, r.on_day, m.state
           from replies r join obligations o on o.id = r.obligation_id left join messages m on m.id = r.message_id
           where o.case_id = %s order by r.id""",
        (case_id,),
    )
    return [ReplyHistoryRow(row[0], row[1], row[2], row[3], Answered(row[4]), row[5], row[6]) for row in rows]


def mail_with_ref(connection: Connection, message_ref: str, since: date) -> str | None:
    """The key of the e-mail of these days whose Message-ID has this left side (message_ref of mail's letters)."""
    rows = fetch(
        connection,
        """select key from messages
           where channel = 'email' and day >= %s
             and left(encode(sha256(convert_to(key, 'UTF8')), 'hex'), 40) = %s""",
        (since, message_ref),
    )
    return rows[0][0] if rows else None


_ANSWERS = f"""
select r.message_id, r.answered, r.on_day, r.because, r.in_reply_to,
       o.id is not null, coalesce(n.id, 0), case when o.ended_on is null then coalesce(n.happening, 'step')
       else 'resolved' end, coalesce(n.step, o.last_step), coalesce(n.addressee, 'owner'), coalesce(n.note, ''),
       coalesce(n.day, r.day), coalesce(n.day, r.day), false, {obligation_views.OBLIGATION}
from replies r left join obligations o on o.id = r.obligation_id {obligation_views.FROM}
left join lateral (
    select t.* from {CHAIN} join notifications t on t.obligation_id = v.id and t.contact_ref = r.contact_ref
    order by t.id desc limit 1) n on true
where r.message_id = any(%s)"""


def answers(connection: Connection, message_ids: Sequence[int]) -> dict[int, RecordedAnswer]:
    """What these answers say, by their message."""
    return {row[0]: _answer(row) for row in fetch(connection, _ANSWERS, (list(message_ids),))}


def _answer(row: Sequence[Any]) -> RecordedAnswer:
    told = obligation_views.told_of((0, *row[6:])) if row[5] else None
    return RecordedAnswer(Answered(row[1]), row[2], row[3], row[4], told)
