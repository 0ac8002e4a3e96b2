"""What is known of a day's rounds: which ran, failed, were killed, or run now."""

from contextlib import ExitStack

from config.days.london import at_london
from models.queries.rounds import rounds
from tasks.servers import round_lock
from tasks.servers.database import transaction
from tests.worlds.days import day

TODAY = day("Tue 17 Mar 2026")
AT = at_london(TODAY)


def begin(*force_codes):
    with transaction() as connection:
        return [rounds.begin(connection, code, TODAY, AT) for code in force_codes]


def finish(round_id, failure=None):
    with transaction() as connection:
        rounds.finish(connection, round_id, AT, {}, failure)


def of_day(on=TODAY):
    with transaction() as connection:
        return [
            (one.force_code, one.ended_at, one.failure, one.attempts, one.running)
            for one in rounds.of_day(connection, on)
        ]


def test_a_round_that_ended_one_that_failed_and_one_that_was_killed(database):
    well, badly, _ = begin("45", "46", "47")
    finish(well)
    finish(badly, "ZeroDivisionError")
    assert of_day() == [
        ("45", AT, None, 1, False),
        ("46", AT, "ZeroDivisionError", 1, False),
        ("47", None, None, 1, False),
    ]
    assert of_day(day("Mon 16 Mar 2026")) == []


def test_a_round_runs_while_its_lock_is_held(database):
    begin("--", "45", "46")
    with ExitStack() as held:
        held.enter_context(round_lock.whole())
        held.enter_context(round_lock.force_lock("45"))
        assert [(code, running) for code, *_, running in of_day()] == [("--", True), ("45", True), ("46", False)]
    assert {running for *_, running in of_day()} == {False}


def test_two_rounds_may_run_at_once(database):
    begin("--")
    with round_lock.whole():
        with round_lock.whole():
            pass
        assert of_day() == [("--", None, None, 1, True)]


def test_the_latest_attempt_counts_and_a_failed_one_is_no_round_that_ended_well(database):
    first, second = begin("45", "45")
    finish(first, "ZeroDivisionError")
    with transaction() as connection:
        assert rounds.last_finished(connection, "45") is None
    finish(second)
    assert of_day() == [("45", AT, None, 2, False)]
    with transaction() as connection:
        assert rounds.last_finished(connection, "45") == TODAY


def test_the_round_as_a_whole_is_the_round_of_no_force(database):
    finish(*begin("--"))
    with transaction() as connection:
        assert rounds.last(connection, None) is None
        assert rounds.last_finished_before(connection, day("Wed 18 Mar 2026")) is None
