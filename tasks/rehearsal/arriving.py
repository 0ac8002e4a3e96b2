"""Extracts in a rehearsal: each source that sends when it begins goes on sending, and nothing in it is new.

A source that is silent by then stays silent.
"""

from collections.abc import Callable
from datetime import date, timedelta

from config.days.london import at_london
from models.queries.rehearsal import arriving as queries
from tasks.platform.configuration import Configuration
from tasks.servers.database import transaction


def on_mornings(configuration: Configuration, first: date) -> Callable[[date], None]:
    """Return what happens before each round: the extracts of the day arrive."""
    earliest = first - timedelta(days=1 + configuration.policy.feeds.stale_after.number)
    with transaction() as connection:
        names = queries.sending(connection, earliest)

    def arrive(day: date) -> None:
        with transaction() as connection:
            queries.arrive(connection, names, at_london(day))

    return arrive
