"""Reads for `casebeat outbox` and for messages about failures, and the switch that stops every carrier."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import State
from models.intake import OWN
from models.queries.driver import as_text, execute, fetch_as, mapping, one_as, scalar
from models.rules.outbox.message_states import DROPPED, ENDED, GIVEN_UP, LEFT, UNDELIVERED, WAITING

_HELD = "held"
FIRST_START = "first start"  # who holds the outbox before a book's first letter
_HOLD = """insert into switches (name, value, set_at, set_by) values (%s, 'yes', %s, %s)
           on conflict (name) do nothing"""
UNKNOWN_FOR = timedelta(hours=1)


class ListedMessage(NamedTuple):
    """One message that waits, failed or fell silent; its text is never listed."""

    key: str
    kind: str
    channel: str
    state: State
    reason: str
    due_at: datetime
    attempts: int


def listed(connection: Connection, *, everything: bool = False) -> list[ListedMessage]:
    """Return the messages that wait or failed, oldest first; with `everything`, those that were sent too."""
    statement = f"""
        select key, kind, channel, state, reason, due_at, attempts from messages
        where %s or state not in {ENDED} or state = '{State.DEAD}' order by due_at, id"""
    return fetch_as(connection, ListedMessage, statement, (everything,))


def counts(connection: Connection) -> dict[str, int]:
    """Count the messages in each state."""
    return mapping(connection, "state", "messages", "select state, count(*) as messages from messages group by state")


def dead(connection: Connection, key: str) -> int | None:
    """Return the id of the dead message with this key; None where there is none."""
    found: int | None = scalar(connection, f"select id from messages where key = %s and state = '{State.DEAD}'", (key,))
    return found


def dead_since(connection: Connection, since: datetime, code: str) -> dict[int, str]:
    """Return the keys of the dead messages that were tried since a moment, or were due, and died of a code, by id."""
    statement = f"""
        select id, key from messages
        where state = '{State.DEAD}' and letter_id is null and coalesce(sending_at, due_at) >= %s
          and starts_with(reason || ' ', %s || ' ')
        order by id"""
    return mapping(connection, "id", "key", statement, (since, code))


class UntoldMessage(NamedTuple):
    """A dead or unknown message, and those of its obligations that were sent on no other channel.

    `elsewhere`: all of them were sent, or wait, on another channel. Restricted cases have no reference.
    """

    key: str
    state: State
    reason: str
    elsewhere: bool
    about: tuple[str, ...]


def untold(connection: Connection, as_of: datetime) -> list[UntoldMessage]:
    """Return the dead messages, and those unknown for an hour, that are new to operations; mark them as reported."""
    statement = f"""
        with found as (
          update messages set told = true
          where not told and state in {UNDELIVERED} and (state = '{State.DEAD}' or sending_at < %s)
          returning id, key, state, reason)
        select f.key, f.state, f.reason,
               count(n.id) > 0 and count(n.id) = count(n.id) filter (where w.said) as elsewhere,
               coalesce(array_agg(distinct case when c.is_restricted then 'a restricted case'
                                                when c.bars_any then 'a case from which somebody is barred'
                                                else concat_ws('/', o.force_code, c.case_ref) end
                                  || ' ' || o.rule || ' ' || n.step_name)
                        filter (where n.id is not null and not w.said), '{{}}') as about
        from found f
        left join notifications n on n.message_id = f.id and n.state not in {DROPPED}
        left join obligations o on o.id = n.obligation_id left join disclosed c on c.id = o.case_id
        left join lateral (
          select exists (select from notifications s
                         where s.obligation_id = n.obligation_id and s.step = n.step and s.occasion = n.occasion
                           and s.contact_ref = n.contact_ref and s.channel <> n.channel
                           and s.state not in {GIVEN_UP}) as said) w on true
        group by f.id, f.key, f.state, f.reason order by f.id"""
    found = fetch_as(connection, UntoldMessage, statement, (as_of - UNKNOWN_FOR,))
    return [
        message for message in found if not message.key.startswith("undelivered:")
    ]  # never about the message about failures


def is_held(connection: Connection) -> bool:
    """Return whether somebody has stopped every carrier."""
    return scalar(connection, "select 1 from switches where name = %s", (_HELD,)) is not None


def hold(connection: Connection, by: str, at: datetime) -> None:
    """Stop every carrier until `release`, across restarts."""
    execute(connection, _HOLD, (_HELD, at, by))


def hold_text(connection: Connection, by: str, at: datetime) -> str:
    """Return the statement of `hold`, for a session that is not ours."""
    return as_text(connection, _HOLD, (_HELD, at, by))


def release(connection: Connection) -> bool:
    """Start the carriers again; return whether they were stopped. Waiting messages are composed again first."""
    return execute(connection, "delete from switches where name = %s", (_HELD,)) > 0


def asks_since(connection: Connection) -> datetime | None:
    """Return since when the carriers are stopped by Casebeat itself, which asks whether the clock is right."""
    statement = "select set_at from switches where name = %s and set_by = %s"
    since: datetime | None = scalar(connection, statement, (_HELD, OWN))
    return since


def waits_for_first(connection: Connection) -> bool:
    """Return whether the carriers are stopped before a book's first letter."""
    held_by: str | None = scalar(connection, "select set_by from switches where name = %s", (_HELD,))
    return held_by == FIRST_START


def ever_sent(connection: Connection) -> bool:
    """Return whether any message to a person has left, or may have."""
    statement = f"select exists (select from messages where state in {LEFT} and contact_ref is not null)"
    return bool(scalar(connection, statement))


class FirstLetters(NamedTuple):
    """The messages that wait for the first go: how many, to how many people, and from when the first may leave."""

    messages: int
    people: int
    due_at: datetime | None


def first_letters(connection: Connection) -> FirstLetters:
    """Count the messages that would leave, those that travel in another aside."""
    statement = f"""
        select count(*) as messages, count(distinct contact_ref) as people, min(due_at) as due_at
        from messages where state in {WAITING} and letter_id is null"""
    return one_as(connection, FirstLetters, statement)
