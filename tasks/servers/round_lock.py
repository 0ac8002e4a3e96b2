"""One force's round: a lock so that only one runs, the day of the last one, and the record of its start."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import Connection

from config.forces import FORCES
from models.errors import Refuse, did_you_mean
from models.queries.intake import sources
from models.queries.people import contacts
from models.queries.rounds import rounds
from models.queries.rounds.rounds import RoundOf
from models.rules.people.directory import panel_of
from tasks.platform.configuration import Configuration
from tasks.servers.database import engine, transaction

ORGANISATION = rounds.BOOK  # the force code under which rules that belong to no case take their lock


@contextmanager
def force_lock(force_code: str) -> Iterator[None]:
    """Hold a force's lock inside the block; another round of that force waits. A dead process releases it."""
    with engine().connect() as connection:
        rounds.lock(connection, force_code)
        connection.commit()
        try:
            yield
        finally:
            rounds.unlock(connection, force_code)


@contextmanager
def whole() -> Iterator[None]:
    """Show inside the block that a round as a whole is running, here or in several processes.

    A dead process shows it no more; nor does one whose database was restarted.
    """
    with engine().connect() as connection:
        rounds.lock_whole(connection)
        connection.commit()
        try:
            yield
        finally:
            connection.invalidate()  # ends the session, and so the lock, even where the database is away


def forces(only: str | None = None) -> list[str]:
    """Return every force that has cases, or only the requested one. Raises Refuse if no source has sent that force."""
    with transaction() as connection:
        if only is None:
            return sources.force_codes(connection)
        refuse_unknown(connection, only)
    return [only]


def refuse_unknown(connection: Connection, force_code: str) -> None:
    """Raise Refuse for a force that no source has sent: a typing mistake must not look like a force without cases."""
    known = sources.force_codes(connection)
    if force_code not in known:
        meant = did_you_mean(force_code, (f"{code} ({FORCES[code].name})" for code in known if code in FORCES))
        raise Refuse(
            f"No source has sent anything for force {force_code} yet (known: {', '.join(known) or 'none'}).{meant} "
            "Nothing was done."
        )


def last_round(force_code: str | None) -> RoundOf | None:
    """Return the latest round of a force, or of any force; None before the first."""
    with transaction() as connection:
        return rounds.last(connection, force_code)


def begin(configuration: Configuration, force_code: str, day: date, at: datetime) -> int:
    """Record that a round began, and let its climb look at what reaches people who changed since the last round."""
    with transaction() as connection:
        since = rounds.last_finished(connection, force_code)
        round_id = rounds.begin(connection, force_code, day, at)
        keys = [*contacts.changed(connection, since, day), *_changed_panels(configuration, connection, force_code, at)]
        contacts.look_again(connection, force_code, keys, day)
    return round_id


def begin_whole(day: date, at: datetime) -> int:
    """Record that a round as a whole began, and return its id."""
    with transaction() as connection:
        return rounds.begin(connection, rounds.BOOK, day, at)


def _changed_panels(configuration: Configuration, connection: Connection, force_code: str, at: datetime) -> list[str]:
    """Return the pairs of a force of which the panels file names other SPOCs than in the last round."""
    switch = f"spocs:{force_code}"
    named = {
        f"{cps_area} {agency.value}": ref
        for (code, cps_area, agency), ref in sorted(configuration.panels.spocs.items())
        if code == force_code
    }
    before = json.loads(rounds.switch(connection, switch) or "{}")
    if named == before:
        return []
    rounds.set_switch(connection, switch, json.dumps(named), at)
    changed = {area.rpartition(" ")[0] for area, _ in named.items() ^ before.items()}
    return [panel_of(force_code, area) for area in sorted(changed)]


def people_looked_at() -> None:
    """Clear the marks of changed contacts and absences, once every force has been climbed."""
    with transaction() as connection:
        rounds.clear_changed_marks(connection)
