"""Waiting for a condition, as long as what brings it about still runs."""

import time
from collections.abc import Callable

from sqlalchemy import Engine, text

SOMEBODY = "select exists (select from pg_stat_activity where datname = current_database() and {})"


def eventually(
    condition: Callable[[], bool], *, while_true: Callable[[], bool] = lambda: True, within: float = 60
) -> None:
    """Return once the condition holds; fail if what should bring it about ends before, or takes too long."""
    begun = time.monotonic()
    while not condition():
        waited = time.monotonic() - begun
        assert while_true(), "what was to bring it about has ended"
        assert waited < within, f"it did not come about within {within} seconds"
        time.sleep(min(0.02 + waited / 20, 0.5))  # asking a server costs it a core's time, which others need


def sleeping(database: Engine) -> bool:
    """Return whether a statement in the database sleeps, as a broken table makes it."""
    return _somebody(database, "wait_event = 'PgSleep'")


def waits_for_another(database: Engine) -> bool:
    """Return whether a statement in the database waits for a lock that another holds."""
    return _somebody(database, "wait_event_type = 'Lock'")


def _somebody(database: Engine, waits: str) -> bool:
    with database.connect() as connection:
        return bool(connection.execute(text(SOMEBODY.format(waits))).scalar_one())
