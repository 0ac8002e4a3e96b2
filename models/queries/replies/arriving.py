"""Reads about mails that arrive, whom they may be from, and counts of those that nothing vouches for."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from config.terms import State
from models.outbox import NAME_DIGITS, NAMED
from models.queries.driver import execute, mapping, scalar
from models.queries.people.contacts import ACTIVE

_KEPT = timedelta(days=7)
_MAILS = f"""select {NAMED} as name, * from messages where {NAMED} = any(%(names)s)
             union all select id::text, * from messages where id = any(%(ids)s::bigint[])"""


def contacts_at(connection: Connection, addresses: Sequence[str], today: date) -> dict[str, list[str]]:
    """Return the contacts, active that day, who have each of these addresses; none where nobody has it."""
    statement = f"""
        select lower(email) as address, array_agg(contact_ref order by contact_ref collate "C") as refs
        from contacts c where lower(email) = any(%(addresses)s) and {ACTIVE} group by lower(email)"""
    return mapping(connection, "address", "refs", statement, {"addresses": list(addresses), "today": today})


def readers_of(connection: Connection, names: Sequence[str]) -> dict[str, str]:
    """Return the contacts to whom these e-mails were addressed, by the name in their Message-IDs."""
    statement = f"""
        select name, contact_ref from ({_MAILS}) m where channel = 'email' and contact_ref is not null"""
    return mapping(connection, "name", "contact_ref", statement, _named(names))


def mail_sent(connection: Connection, name: str, since: date) -> str | None:
    """Return the key of an e-mail since a day; None where it is older, or none."""
    statement = f"select key from ({_MAILS}) m where channel = 'email' and day >= %(since)s order by id desc limit 1"
    found: str | None = scalar(connection, statement, {**_named([name]), "since": since})
    return found


def _named(names: Sequence[str]) -> dict[str, list[str] | list[int]]:
    """Tell the names of mails from the numbers that a version before 1.1 wrote into Message-IDs."""
    return {
        "names": [name for name in names if len(name) == NAME_DIGITS],
        "ids": [int(name) for name in names if len(name) < NAME_DIGITS],
    }


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
