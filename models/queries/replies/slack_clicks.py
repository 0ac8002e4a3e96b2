"""Clicks on Slack's buttons: stored once, taken up in turn, and what decides whether they are believed."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.slack import Click, ClickState
from models.queries.driver import execute, fetch


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
    """The message that a button was on. To nobody in particular where it is a thread's."""

    id: int
    contact_ref: str | None
    case_id: int | None  # a thread's


class ClickSubject(NamedTuple):
    """The live version of what a button is about, and its case. None where nothing is owed any more."""

    live_id: int | None
    case_id: int
    force_code: str
    case_ref: str
    restricted: bool


_COLUMNS = "id, channel_id, ts, key, click, slack_user_id, nonce, state, answer"


def store(connection: Connection, clicked: StoredClick, at: datetime) -> bool:
    """Keep a click before it is acknowledged to Slack: one short statement. Whether it is new."""
    execute(connection, "set local statement_timeout = '1s'")
    return (
        execute(
            connection,
            """insert into clicks (channel_id, ts, key, click, slack_user_id, nonce, heard_at)
               values (%s, %s, %s, %s, %s, %s, %s) on conflict do nothing""",
            (*clicked[1:4], clicked.click.value, clicked.slack_user_id, clicked.nonce, at),
        )
        > 0
    )


def next_heard(connection: Connection) -> StoredClick | None:
    """The oldest click that nobody has acted upon, locked until commit; another listener's is skipped."""
    found = fetch(
        connection,
        f"select {_COLUMNS} from clicks where state = 'heard' order by id limit 1 for update skip locked",
    )
    return _clicked(found[0]) if found else None


def hear_again(connection: Connection, click_id: int, at: datetime) -> None:
    """Let a click that was refused be judged anew: what may not be today may be tomorrow."""
    execute(
        connection,
        "update clicks set state = 'heard', heard_at = %s where id = %s and state = 'refused'",
        (at, click_id),
    )


def same(connection: Connection, clicked: StoredClick) -> StoredClick | None:
    """The click that was stored first where this one is the same."""
    found = fetch(
        connection,
        f"""select {_COLUMNS} from clicks where channel_id = %s and ts = %s and key = %s and click = %s
                   and slack_user_id = %s and nonce = %s""",
        (*clicked[1:4], clicked.click.value, clicked.slack_user_id, clicked.nonce),
    )
    return _clicked(found[0]) if found else None


def _clicked(row: tuple[object, ...]) -> StoredClick:
    made = StoredClick._make(row)
    return made._replace(click=Click(made.click), state=ClickState(made.state))


def answered(connection: Connection, click_id: int, state: ClickState, answer: str) -> None:
    """Keep what became of a click."""
    execute(connection, "update clicks set state = %s, answer = %s where id = %s", (state.value, answer, click_id))


def who(connection: Connection, slack_user_id: str, today: date) -> list[str]:
    """The contacts who are this person in Slack and active that day; more than one where sources disagree."""
    rows = fetch(
        connection,
        """select contact_ref from contacts
           where slack_user_id = %(user)s and coalesce(withdrawn_on > %(today)s, true)
             and coalesce(active_from <= %(today)s, true) and coalesce(active_to >= %(today)s, true)
           order by contact_ref""",
        {"user": slack_user_id, "today": today},
    )
    return [row[0] for row in rows]


def notice(connection: Connection, channel_id: str, ts: str) -> ClickedMessage | None:
    """Our message at this place, if one is."""
    found = fetch(
        connection,
        """select m.id, m.contact_ref, t.case_id from messages m left join threads t on t.message_id = m.id
           where m.channel = 'slack' and m.remote_ref = %s and m.state = 'sent'""",
        (f"{channel_id}:{ts}",),
    )
    return ClickedMessage(*found[0]) if found else None


def meant(connection: Connection, notice: ClickedMessage, obligation_id: int) -> ClickSubject | None:
    """What a button is about, if the message it was on says so; and the live version, which it may have moved to."""
    found = fetch(
        connection,
        """select live.id, o.case_id, c.force_code, c.case_ref, c.restricted
           from obligations o join cases c on c.id = o.case_id
           left join obligations live on live.case_id = o.case_id and live.rule = o.rule
                and live.subject = o.subject and live.ended_on is null
                and o.version between live.chain_from and live.version
           where o.id = %(id)s and (o.case_id = %(case)s or exists (
               select from notifications n where n.message_id = %(message)s and n.obligation_id = o.id))""",
        {"id": obligation_id, "case": notice.case_id, "message": notice.id},
    )
    return ClickSubject(*found[0]) if found else None


def beat(connection: Connection, at: datetime) -> None:
    """Keep that someone listens."""
    execute(
        connection,
        """insert into switches (name, value, set_at, set_by) values ('listening', 'yes', %s, 'casebeat')
           on conflict (name) do update set set_at = excluded.set_at""",
        (at,),
    )


def last_beat(connection: Connection) -> datetime | None:
    """When someone last listened."""
    found = fetch(connection, "select set_at from switches where name = 'listening'")
    return found[0][0] if found else None


def rest(connection: Connection) -> None:
    """Keep that whoever listened has stopped. Another who listens says so again within the minute."""
    execute(connection, "delete from switches where name = 'listening'")
