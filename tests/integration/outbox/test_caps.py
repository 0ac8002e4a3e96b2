"""Caps hold exactly, however many workers deliver at once."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from config.message_kinds import MessageKind
from config.routes import Channel
from config.terms import State
from flows.configured import configured
from models.queries.driver import mapping
from models.queries.outbox import daily_caps
from tasks.outbox.delivery import deliver
from tasks.outbox.sending import DeliveryCounts
from tests.worlds.rows import AT_NINE, World

WORKERS, PEOPLE, EACH = 4, 2, 30


@pytest.fixture
def home(database: Engine, tmp_path: Path) -> Path:
    """The data directory, to which messages go where there is no mail server."""
    del database
    return tmp_path / "home"


@pytest.mark.parametrize("state", [State.SENDING, State.SENT, State.SHOWN, State.UNKNOWN])
def test_what_was_said_or_may_have_been_by_any_channel_counts(database: Engine, home: Path, state: State) -> None:
    most = configured().policy.delivery.most_per_person_per_day
    with database.begin() as connection:
        world = World(connection)
        officer = world.contact("P45of1")
        for number in range(most + 3):
            before = {"state": state, "sending_at": AT_NINE, "channel": Channel.SLACK} if number < 4 else {}
            obligation = world.critical(world.case(f"SAMPLE-{number:02}"))
            world.notification(obligation, world.message(officer, kind=MessageKind.AT_ONCE, **before), officer)
    delivered = deliver(configured(), AT_NINE)
    assert (delivered.counts, delivered.capped) == ({State.SHOWN: most - 4}, 3)


def test_four_workers_together_send_nobody_more_than_the_cap(database: Engine, home: Path) -> None:
    most = configured().policy.delivery.most_per_person_per_day
    with database.begin() as connection:
        world = World(connection)
        refs = [world.contact(f"P45of{number}") for number in range(PEOPLE)]
        for number in range(EACH):
            for ref in refs:
                obligation = world.critical(world.case(f"SAMPLE-{ref}-{number:02}"))
                world.notification(obligation, world.message(ref, kind=MessageKind.AT_ONCE), ref)
    made: list[DeliveryCounts] = []
    start = threading.Barrier(WORKERS)

    def work() -> None:
        start.wait()
        made.append(deliver(configured(), AT_NINE, batch=3))

    workers = [threading.Thread(target=work) for _ in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(made) == WORKERS
    assert sum(one.capped for one in made) == PEOPLE * (EACH - most)
    with database.begin() as connection:
        said = """select contact_ref, count(*) as messages from messages
                  where state = 'shown' and contact_ref is not null group by 1"""
        assert mapping(connection, "contact_ref", "messages", said) == dict.fromkeys(refs, most)
    assert len(list((home / "mail" / "new").glob("at_once*"))) == PEOPLE * most
    tomorrow = deliver(configured(), datetime(2026, 3, 18, 8, tzinfo=UTC))
    assert tomorrow.counts[State.SHOWN] >= PEOPLE * (EACH - most)


def test_hard_clocks_and_what_was_said_before_count_towards_no_cap(database: Engine) -> None:
    mine, others = uuid4(), uuid4()
    with database.begin() as connection:
        world = World(connection)
        world.contact("P45of1")
        before = AT_NINE - timedelta(seconds=1)
        for given in (
            {"state": State.SENT, "sending_at": AT_NINE},
            {"state": State.SENT, "sending_at": AT_NINE, "hard": True},
            {"state": State.SENT, "sending_at": before},
            {"state": State.QUEUED, "sending_at": AT_NINE},
            {"state": State.CLAIMED, "lease_token": others},
            {"state": State.CLAIMED, "lease_token": mine},
        ):
            world.message("P45of1", **given)
        assert daily_caps.sent_since(connection, ["P45of1", "P45of2"], AT_NINE, mine) == {"P45of1": 2}
        assert daily_caps.sent_since(connection, [], AT_NINE, mine) == {}
