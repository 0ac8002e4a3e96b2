"""A carrier that is down: paused longer each time, tried again once its pause is over, and reported by the others."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from sqlalchemy import select

from config.message_kinds import MessageKind
from config.routes import Route
from models.outbox import Message
from models.queries.outbox import circuit_breakers
from models.rules.outbox.message_states import wait_seconds
from tasks.carriers.carrier import Down
from tasks.outbox import circuit_breaker
from tasks.outbox.sending import DeliveryCounts, Worker
from tasks.platform.configuration import Configuration
from tests.worlds.rows import AT_NINE

SECOND = timedelta(seconds=1)


def route(channel, *, operations=True):
    return Route(channel, channel.title(), True, "email", frozenset(MessageKind), operations=operations)


ROUTES = (route("email"), route("slack"), route("teams", operations=False))
SETTINGS = SimpleNamespace(
    server=SimpleNamespace(guide_url=None),
    routes_of=lambda _: ROUTES,
    route=lambda channel: next(one for one in ROUTES if one.channel == channel),
)


@pytest.fixture
def at(database):
    """A delivery at a moment."""
    return lambda moment: Worker(moment, Configuration(SETTINGS), database, UUID(int=7), DeliveryCounts())


def pause(database, channel="slack"):
    with database.begin() as connection:
        return circuit_breakers.pause(connection, channel)


def told(database):
    with database.begin() as connection:
        return [tuple(row) for row in connection.execute(select(Message.channel, Message.text).order_by(Message.id))]


def test_a_carrier_that_goes_down_is_paused_and_told_of_once_by_every_other_that_operations_read(at, database):
    first = at(AT_NINE)
    assert circuit_breaker.paused(first, "slack") is None
    circuit_breaker.opened(first, "slack", Down("away"))
    assert first.delivered.down == {"slack": "away"}
    made = pause(database)
    assert (made.why, made.since, made.until, made.tries) == (
        "away", AT_NINE, AT_NINE + timedelta(seconds=wait_seconds(1)), 1,
    )  # fmt: skip
    circuit_breaker.opened(at(AT_NINE), "slack", Down("away still"))
    ((channel, words),) = told(database)
    assert (channel, "away" in words) == ("email", True)
    assert pause(database).tries == 1, "its pause is not over"


def test_while_it_rests_it_counts_as_down_and_after_that_each_failure_makes_the_pause_longer(at, database):
    circuit_breaker.opened(at(AT_NINE), "slack", Down("away"))
    until = pause(database).until
    rests = at(until - SECOND)
    assert circuit_breaker.paused(rests, "slack").why == "away"
    assert rests.delivered.down["slack"].startswith("away; it is tried again from ")
    over = at(until)
    assert circuit_breaker.paused(over, "slack") is not None
    assert over.delivered.down == {}
    circuit_breaker.opened(over, "slack", Down("gone"))
    made = pause(database)
    assert (made.why, made.since, made.tries) == ("gone", AT_NINE, 2)
    assert made.until == until + timedelta(seconds=wait_seconds(2))
    for _ in range(9):
        made = pause(database)
        circuit_breaker.opened(at(made.until), "slack", Down("gone"))
    assert pause(database).until - made.until == timedelta(minutes=15), "the longest"
    assert len(told(database)) == 1
    circuit_breaker.closed(at(AT_NINE), "slack")
    assert pause(database) is None


def test_operations_are_written_to_where_they_have_a_place():
    assert [one.channel for one in circuit_breaker.to_operations(SETTINGS)] == ["email", "slack"]


def test_a_carrier_that_names_a_longer_wait_is_given_it(at, database):
    circuit_breaker.opened(at(AT_NINE), "email", Down("enough for a day", 3600))
    assert pause(database, "email").until == AT_NINE + timedelta(hours=1)
    circuit_breaker.opened(at(AT_NINE + timedelta(hours=1)), "email", Down("enough for a day", 3600))
    assert pause(database, "email").until == AT_NINE + timedelta(hours=2)
