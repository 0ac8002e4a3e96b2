"""The forces' rounds of a rehearsed day, without an account."""

from datetime import date, datetime, timedelta

from models.queries.people import contacts
from models.queries.rehearsal import foreseen
from models.queries.rounds import rounds
from tasks.platform import round_lock
from tasks.platform.database import transaction


def due(day: date) -> list[str]:
    """List the forces that have a step to take or to look at."""
    with transaction() as connection:
        return sorted(foreseen.forces_due(connection, day))


def changed() -> frozenset[str]:
    """Return the forces with a case that waits to be projected."""
    with transaction() as connection:
        return frozenset(foreseen.forces_changed(connection))


def begin(day: date, at: datetime) -> None:
    """Begin the rounds of a day after the first: look at what reaches people who changed since the day before.

    One row of a round is enough for those who ask when the last was.
    """
    forces = round_lock.forces()
    with transaction() as connection:
        keys = contacts.changed(connection, day - timedelta(days=1), day)
        for force_code in forces if keys else ():
            contacts.look_again(connection, force_code, keys, day)
        rounds.finish(connection, rounds.begin(connection, forces[0], day, at), at, {})
