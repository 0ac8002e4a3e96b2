"""The connections of one mailbox: no more deliveries at once than it may have, and the others leave without a fault."""

import time

import pytest
from sqlalchemy import Engine

from config.mail import Mail
from config.terms import State
from flows.configured import configured
from models.queries.outbox import circuit_breakers
from tasks.carriers.carrier import Busy
from tasks.carriers.mail import allowance
from tasks.carriers.mail.allowance import Allowance
from tasks.outbox.delivery import deliver
from tests.support.post import RawServer
from tests.worlds.rows import AT_NINE, World


def allowed(number: int) -> Mail:
    return Mail.model_validate({"host": "127.0.0.1", "operations": "ops@surrey.police.uk", "connections": number})


def test_as_many_deliveries_as_connections_and_one_more_when_one_ends(database: Engine):
    first, second, third = (Allowance(allowed(2), database) for _ in range(3))
    first.take()
    first.take()
    second.take()
    for _ in range(2):
        with pytest.raises(Busy):
            third.take()
    first.end()
    third.take()
    with pytest.raises(Busy):
        first.take()
    for each in (first, second, third):
        each.end()
        each.end()


def test_a_delivery_that_is_lost_holds_no_place(database: Engine):
    lost, other = Allowance(allowed(1), database), Allowance(allowed(1), database)
    lost.take()
    with database.begin() as connection:
        connection.exec_driver_sql(
            "select pg_terminate_backend(pid, 5000) from pg_locks "
            "where locktype = 'advisory' and objid = 1 and objsubid = 2"
        )
    other.take()
    lost.end()
    other.end()


def test_a_delivery_without_a_place_leaves_its_messages_in_the_queue_and_no_alarm(database: Engine, monkeypatch):
    with RawServer() as server:
        named = {"HOST": "127.0.0.1", "PORT": server.port, "OPERATIONS": "ops@surrey.police.uk", "CONNECTIONS": 1}
        for name, value in named.items():
            monkeypatch.setenv(f"CASEBEAT_MAIL__{name}", str(value))
        with database.begin() as connection:
            world = World(connection)
            ref = world.contact("P45bus", email="bus@surrey.police.uk")
            world.notification(world.critical(world.case("SAMPLE-1")), world.message(ref), ref)
        other = Allowance(allowed(1), database)
        other.take()
        delivered = deliver(configured(), AT_NINE)
        assert (delivered.counts, delivered.down, delivered.degraded) == ({}, {}, False)
        assert delivered.sentence == "another delivery is using the mailbox: 1 message waits."
        assert server.sessions == 0
        with database.begin() as connection:
            assert circuit_breakers.pause(connection, "email") is None
            rows = connection.exec_driver_sql("select state, attempts from messages").all()
        assert rows == [("queued", 0)]
        other.end()
        assert deliver(configured(), AT_NINE).counts == {State.SENT: 1}


def test_a_delivery_keeps_the_pace_and_records_each_letter_before_it_waits(database: Engine, monkeypatch):
    monkeypatch.setattr(allowance, "MINUTE", 0.4)
    with RawServer() as server, database.begin() as connection:
        named = {"HOST": "127.0.0.1", "PORT": server.port, "OPERATIONS": "ops@surrey.police.uk", "PACE": 15}
        for name, value in named.items():
            monkeypatch.setenv(f"CASEBEAT_MAIL__{name}", str(value))
        world = World(connection)
        for number in range(31):
            ref = world.contact(f"P45of{number}", email=f"of{number}@surrey.police.uk")
            world.notification(world.critical(world.case(f"SAMPLE-{number}")), world.message(ref), ref)
        connection.commit()
        resting, sleep = list[int](), time.sleep

        def slept(seconds: float) -> None:
            if seconds:
                with database.connect() as other:
                    left = "select count(*) from messages where state = 'sending'"
                    resting.append(other.exec_driver_sql(left).scalar_one())
            sleep(seconds)

        monkeypatch.setattr("tasks.outbox.sending.time.sleep", slept)
        began = time.monotonic()
        assert deliver(configured(), AT_NINE).counts == {State.SENT: 31}
        assert time.monotonic() - began >= 0.8
        assert resting == [0] * len(resting) != []
        assert len(server.accepted) == 31
