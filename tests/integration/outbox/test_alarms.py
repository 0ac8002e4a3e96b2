"""Questions and alarms to operations leave while the outbox is held, and alone where only they are asked for."""

import pytest

from config.settings import settings
from flows.configured import configured
from tasks.outbox import handling as box
from tasks.outbox.delivery import deliver
from tests.worlds.messages import tell_operations
from tests.worlds.rows import AT_NINE, TUESDAY

KEYS = ("alarm:2026-03-17:delivery:Failed:1", "assurance:2026-03-17:1", "clock:2026-03-16", "daily:2026-03-17")


@pytest.fixture
def left(connection, database):
    """Queue one message of each kind to operations, deliver, and return the keys of those that left."""

    def of(*, alarms_only):
        for key in KEYS:
            tell_operations(key, "0 of 0", TUESDAY)
        deliver(configured(), AT_NINE, alarms_only=alarms_only)
        return connection.exec_driver_sql("select key from messages where state = 'shown' order by key").scalars().all()

    assert settings().mail.host is None
    return of


def test_alarms_leave_alone_where_only_they_are_asked_for(left):
    assert left(alarms_only=True) == list(KEYS[:3])


def test_a_hold_lets_alarms_out_and_nothing_else(left):
    box.hold("P1", AT_NINE)
    assert left(alarms_only=False) == list(KEYS[:3])


def test_without_a_hold_everything_leaves(left):
    assert left(alarms_only=False) == list(KEYS)
