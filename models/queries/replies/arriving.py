"""Reads about mails that arrive, whom they may be from, and counts of those that nothing vouches for."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from config.terms import State
from models.queries.driver import execute, mapping, scalar
from models.queries.people.contacts import ACTIVE

_KEPT = timedelta(days=7)


def contacts_at(connection: Connection, addresses: Sequence[str], today: date) -> dict[str, list[str]]:
    """Return the contacts, active that day, who have each of these addresses; none where nobody has it."""
    statement = f"""
        select lower(email) as address, array_agg(contact_ref order by contact_ref collate "C") as refs
        from contacts c where lower(email) = any(%(addresses)s) and {ACTIVE} group by lower(email)"""
    return mapping(connection, "address", "refs", statement, {"addresses": list(addresses), "today": today})


def readers_of(connection: Connection, message_ids: Sequence[int]) -> dict[int, str]:
    """Return the contacts to whom these e-mails were addressed, by their message."""
    return mapping(
        connection,
        "id",
        "contact_ref",
        "select id, contact_ref from messages where id = any(%s) and channel = 'email' and contact_ref is not null",
        (list(message_ids),),
    )


def mail_sent(connection: Connection, message_id: int, since: date) -> str | None:
    """Return the key of an e-mail since a day; None where it is older, or none."""
    statement = "select key from messages where id = %s and channel = 'email' and day >= %s"
    found: str | None = scalar(connection, statement, (message_id, since))
    return found


def count_ignored(connection: Connection, day: date, counts: Mapping[str, int], at: datetime) -> dict[str, int]:
    """Add to a day's counts of ignored mails by result, and return them all. Counts of a week ago are removed."""
    execute(connection, "delete from switches where starts_with(name, 'ignored mails ') and set_at < %s", (at - _KEPT,))
    for result, number in sorted(counts.items()):
        execute(
            connection,
            """insert into switches (name, value, set_at, set_by) values (%s, %s, %s, 'casebeat')
               on conflict (name) do update set value = (switches.value::bigint + excluded.value::bigint)::text""",
            (f"ignored mails {day}: {result}", str(number), at),
        )
    return mapping(
        connection,
        "result",
        "number",
        """select split_part(name, ': ', 2) as result, value::bigint as number from switches
           where starts_with(name, %s) order by name""",
        (f"ignored mails {day}: ",),
    )


def rewrite(connection: Connection, keys: Sequence[str], words: str) -> None:
    """Change the text of messages to operations that are not being sent yet."""
    statement = f"update messages set text = %s where key = any(%s) and state = '{State.QUEUED}'"
    execute(connection, statement, (words, list(keys)))
