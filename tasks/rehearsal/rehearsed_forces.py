"""The forces' rounds of a rehearsed day, without an account."""

from datetime import date, datetime, timedelta

from models.queries.people import contacts
from models.queries.rounds import rounds
from tasks.servers import round_lock
from tasks.servers.database import transaction


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
