"""A force's round as a unit: one at a time, never before the last one, its account kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import Connection

from models.errors import Refuse
from models.queries.intake import sources
from models.queries.people import contacts
from models.queries.rounds import rounds
from models.rules.arithmetic import format_day
from tasks.platform.database import engine, transaction

WHOLE_BOOK = "--"  # what belongs to no case, as a force of its own


@contextmanager
def force_lock(force_code: str) -> Iterator[None]:
    """Hold a force's round for this process; another round of it waits. A death gives it back."""
    with engine().connect() as connection:
        rounds.lock(connection, force_code)
        connection.commit()
        try:
            yield
        finally:
            rounds.unlock(connection, force_code)


def forces(only: str | None = None) -> list[str]:
    """The forces that have a book, or the one asked for. Refuses a force that no source has sent anything for."""
    with transaction() as connection:
        if only is None:
            return sources.force_codes(connection)
        refuse_unknown(connection, only)
    return [only]


def refuse_unknown(connection: Connection, force_code: str) -> None:
    """Refuse a force that no source has sent anything for: a slip of the pen must not look like an empty book."""
    known = sources.force_codes(connection)
    if force_code not in known:
        raise Refuse(
            f"No source has sent anything for force {force_code} yet (known: {', '.join(known) or 'none'}). "
            "Nothing was done."
        )


def refuse_earlier(force_codes: list[str], day: date) -> None:
    """Refuse a day before the last round of any of these forces: time only climbs."""
    with transaction() as connection:
        for force_code in force_codes:
            last = rounds.last_day(connection, force_code)
            if last is not None and day < last:
                raise Refuse(
                    f"{format_day(day)} is before force {force_code}'s last round ({format_day(last)}): "
                    "nothing was done."
                )


def begin(force_code: str, day: date, at: datetime) -> int:
    """Record that a round began, and let its climb look at what changed hands since the last one."""
    with transaction() as connection:
        since = rounds.last_finished(connection, force_code)
        round_id = rounds.begin(connection, force_code, day, at)
        contacts.look_at_owners(connection, force_code, contacts.changed(connection, since, day), day)
    return round_id


def people_looked_at() -> None:
    """After every force has been climbed: changed contacts and absences are old news."""
    with transaction() as connection:
        rounds.people_looked_at(connection)
