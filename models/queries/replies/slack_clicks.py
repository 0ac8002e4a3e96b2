"""Reads and writes of clicks on Slack's buttons: stored once, taken in turn, checked against their message."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.slack import Click, ClickState
from config.terms import State
from models.queries.driver import execute, first_as, scalar, scalars
from models.queries.people.contacts import ACTIVE


class StoredClick(NamedTuple):
    """One click as it was stored. `nonce` is the chosen day, or Slack's own moment of the click."""

    id: int
    channel_id: str
    ts: str
    key: str
    click: Click
    slack_user_id: str
    nonce: str
    state: ClickState
    answer: str


class ClickedMessage(NamedTuple):
    """The message that a button was on. A thread's message has no contact."""

    id: int
    contact_ref: str | None
    case_id: int | None  # a thread's


class ClickSubject(NamedTuple):
    """The live version of a button's obligation, and its case. `live_id` is None where nothing is owed any more."""

    live_id: int | None
    case_id: int
    force_code: str
    case_ref: str
    restricted: bool
    barred: frozenset[str]


_COLUMNS = "id, channel_id, ts, key, click, slack_user_id, nonce, state, answer"


def store(connection: Connection, clicked: StoredClick, at: datetime) -> bool:
    """Store a click before it is acknowledged to Slack, in one short statement, and return whether it is new."""
    execute(connection, "set local statement_timeout = '1s'")
    statement = """
        insert into clicks (channel_id, ts, key, click, slack_user_id, nonce, heard_at)
        values (%(channel_id)s, %(ts)s, %(key)s, %(click)s, %(slack_user_id)s, %(nonce)s, %(at)s)
        on conflict do nothing"""
    stored = execute(connection, statement, {**clicked._asdict(), "click": clicked.click.value, "at": at})
    return stored > 0


def next_waiting(connection: Connection) -> StoredClick | None:
    """Return the oldest click that waits, locked until commit; a click that another listener has is skipped."""
    statement = f"select {_COLUMNS} from clicks where state = 'heard' order by id limit 1 for update skip locked"
    return first_as(connection, StoredClick, statement)


def reopen(connection: Connection, click_id: int, at: datetime) -> None:
    """Let a click that was refused be judged again, since it may be allowed on a later day."""
    statement = "update clicks set state = 'heard', heard_at = %s where id = %s and state = 'refused'"
    execute(connection, statement, (at, click_id))


def stored_click(connection: Connection, clicked: StoredClick) -> StoredClick | None:
    """Return the stored click that is the same as this one; None where there is none."""
    statement = f"""
        select {_COLUMNS} from clicks
        where channel_id = %(channel_id)s and ts = %(ts)s and key = %(key)s and click = %(click)s
          and slack_user_id = %(slack_user_id)s and nonce = %(nonce)s"""
    return first_as(connection, StoredClick, statement, {**clicked._asdict(), "click": clicked.click.value})


def record_outcome(connection: Connection, click_id: int, state: ClickState, answer: str) -> None:
    """Record the outcome of a click."""
    execute(connection, "update clicks set state = %s, answer = %s where id = %s", (state.value, answer, click_id))


def contacts_of(connection: Connection, slack_user_id: str, today: date) -> list[str]:
    """Return the contacts, active that day, who are this person in Slack."""
    statement = f"select contact_ref from contacts c where slack_user_id = %(user)s and {ACTIVE} order by contact_ref"
    return scalars(connection, statement, {"user": slack_user_id, "today": today})


def clicked_message(connection: Connection, channel_id: str, ts: str) -> ClickedMessage | None:
    """Return our message at this place in Slack; None where there is none."""
    statement = f"""
        select m.id, m.contact_ref, t.case_id from messages m left join threads t on t.message_id = m.id
        where m.channel = 'slack' and m.remote_ref = %s and m.state = '{State.SENT}'"""
    return first_as(connection, ClickedMessage, statement, (f"{channel_id}:{ts}",))


def subject(connection: Connection, notice: ClickedMessage, obligation_id: int) -> ClickSubject | None:
    """Return the case and live version of a button's obligation; None where the button's message is not about it."""
    statement = """
        select live.id as live_id, o.case_id, c.force_code, c.case_ref, c.is_restricted as restricted, c.barred
        from obligations o join disclosed c on c.id = o.case_id
        left join live_obligations live on live.case_id = o.case_id and live.rule = o.rule
             and live.subject = o.subject
             and (o.version between live.chain_from and live.version or o.end_reason = 'void')
        where o.id = %(id)s and (o.case_id = %(case)s or exists (
            select from notifications n where n.message_id = %(message)s and n.obligation_id = o.id))"""
    given = {"id": obligation_id, "case": notice.case_id, "message": notice.id}
    return first_as(connection, ClickSubject, statement, given)


def record_listening(connection: Connection, at: datetime) -> None:
    """Record that a listener runs at this moment."""
    statement = """
        insert into switches (name, value, set_at, set_by) values ('listening', 'yes', %s, 'casebeat')
        on conflict (name) do update set set_at = excluded.set_at"""
    execute(connection, statement, (at,))


def last_listening(connection: Connection) -> datetime | None:
    """Return the moment at which a listener last ran; None where none runs."""
    moment: datetime | None = scalar(connection, "select set_at from switches where name = 'listening'")
    return moment


def stop_listening(connection: Connection) -> None:
    """Record that the listener has stopped. Another one records itself again within a minute."""
    execute(connection, "delete from switches where name = 'listening'")
