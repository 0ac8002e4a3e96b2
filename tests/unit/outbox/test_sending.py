"""One batch on its way: what is fenced, sent, prepared again, counted, and tried later."""

from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

import psycopg2

from flows.configured import configured
from tasks.outbox.sending import DeliveryCounts, Worker

AT = datetime(2026, 6, 16, 23, 30, 15, 7, tzinfo=UTC)


class Base:
    """A database that is there, or lost as often as `lost` says."""

    def __init__(self, lost=0):
        self.lost = lost

    @contextmanager
    def begin(self):
        self.lost -= 1
        if self.lost >= 0:
            raise psycopg2.OperationalError
        yield None

    def connect(self):
        return SimpleNamespace(execution_options=lambda **_: nullcontext())


def worker(base=None):
    return Worker(AT, configured(), SimpleNamespace(), base or Base(), UUID(int=7), DeliveryCounts())


def test_the_day_of_a_delivery_is_londons_from_its_first_moment():
    assert worker().today.isoformat() == "2026-06-17T00:00:00+01:00"
