"""The effect of an answer about an unknown message: it is settled and counted, or looked for again later."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import Connection, text

from config.terms import State
from flows.configured import configured
from models.queries.outbox import unconfirmed
from models.queries.outbox.unconfirmed import UnconfirmedMessage
from tasks.carriers.carrier import Answer
from tasks.outbox.reconciling import settle
from tasks.outbox.sending import DeliveryCounts, Worker
from tests.worlds.rows import AT_NINE, World


@pytest.fixture
def unknown(connection: Connection) -> UnconfirmedMessage:
    world = World(connection)
    world.contact("P45of1")
    message = world.message(
        "P45of1", state=State.UNKNOWN, reason="no answer", attempts=3, sending_at=AT_NINE - timedelta(minutes=9),
        body=b"words", remote_ref="before",
    )  # fmt: skip
    world.notification(world.critical(world.case("SAMPLE-1")), message, "P45of1", state=State.UNKNOWN)
    found = unconfirmed.take(connection, message)
    assert found is not None
    return found


def settled(connection: Connection, found: UnconfirmedMessage, answer: Answer) -> DeliveryCounts:
    worker = Worker(AT_NINE, configured(), connection.engine, uuid4(), DeliveryCounts())
    settle(connection, worker, found, answer)
    return worker.delivered


def row(connection: Connection, columns: str) -> tuple[object, ...]:
    return tuple(connection.execute(text(f"select {columns} from messages")).one())


def test_what_was_sent_after_all_is_sent_and_counted_with_the_reference_that_its_carrier_gave(
    connection: Connection, unknown: UnconfirmedMessage
) -> None:
    made = settled(connection, unknown, Answer(State.SENT, "found", "ref-1"))
    assert (made.counts, made.dead) == ({State.SENT: 1}, [])
    assert row(connection, "state, reason, remote_ref, sent_at") == ("sent", "found", "ref-1", AT_NINE)


def test_what_is_given_up_is_dead_counted_and_named_with_its_reason(
    connection: Connection, unknown: UnconfirmedMessage
) -> None:
    made = settled(connection, unknown, Answer(State.DEAD, "said again, and no answer"))
    assert (made.counts, made.dead) == ({State.DEAD: 1}, [(unknown.key, "said again, and no answer")])
    assert row(connection, "state, reason") == ("dead", "said again, and no answer")


def test_what_surely_did_not_arrive_is_tried_again_and_not_counted(
    connection: Connection, unknown: UnconfirmedMessage
) -> None:
    made = settled(connection, unknown, Answer(State.RETRY, "it is not there"))
    assert (made.counts, made.dead) == ({}, [])
    assert row(connection, "state, remote_ref") == ("retry", "before")


def test_what_another_has_settled_meanwhile_is_neither_counted_nor_named(
    connection: Connection, unknown: UnconfirmedMessage
) -> None:
    connection.execute(text("update messages set state = 'sent'"))
    made = settled(connection, unknown, Answer(State.DEAD, "said again, and no answer"))
    assert (made.counts, made.dead) == ({}, [])
    assert row(connection, "state") == ("sent",)


@pytest.mark.parametrize(("wait", "seconds"), [(0, 240), (239, 240), (900, 900)])
def test_what_cannot_be_found_out_is_asked_about_later_and_no_sooner_than_its_tries_or_its_carrier_say(
    connection: Connection, unknown: UnconfirmedMessage, wait: int, seconds: int
) -> None:
    made = settled(connection, unknown, Answer(State.UNKNOWN, "no answer", wait=wait))
    assert (made.counts, made.dead) == ({}, [])
    assert row(connection, "state, extract(epoch from lease_until - now())::int") == ("unknown", seconds)
