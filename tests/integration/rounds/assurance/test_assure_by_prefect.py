"""`casebeat assure` beside a Prefect server that dies between two questions, is paused, or is not known here."""

import json
import os
import signal
from datetime import date, time

import pendulum
import pytest

from config.days.london import at_london
from tests.support.prefect_api import BEGIN, DEAD_RUNS, prefect_api
from tests.worlds.one_case import OneCase

DAY = "2026-03-18"
AGAIN = "Today's round had no good end, and was begun again."
AWAY = "The Prefect server does not answer: start it again."


@pytest.fixture
def prefect(monkeypatch):
    with prefect_api() as made:
        monkeypatch.setenv("PREFECT_API_URL", made.url)
        yield made


@pytest.fixture
def book(database, run_cli, monkeypatch):
    """A case whose feed is in for the Wednesday, which has no round yet."""
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    made = OneCase(database, run_cli)
    made.say("update sources set last_extracted_at = '2026-03-18T05:00Z'")
    return made


def assure(book):
    """The lines of what it shows."""
    ran = book.cli("assure", "--as-of", DAY)
    assert (ran.code, ran.err) == (1, "")
    return ran.out.splitlines()


def rounds(book):
    return book.ask("select count(*) from rounds where force_code = '45'")


def kept_as_paused(book):
    (kept,) = book.ask("select value from switches where name = 'assurance'")
    return json.loads(kept)["paused"]


def test_the_round_is_begun_by_prefect_where_a_worker_is_online(book, prefect):
    assert assure(book)[0] == AGAIN
    assert (len(prefect.begun), rounds(book)) == (1, [0])


def test_a_round_whose_process_died_in_its_first_seconds_is_begun_again_before_seven(book, prefect, monkeypatch):
    shown = pendulum.instance(at_london(date.fromisoformat(DAY), time(6, 1)))
    monkeypatch.setattr("flows.clock.pendulum.now", shown.in_timezone)
    assert AGAIN not in book.cli("assure").out
    prefect.rounds = [{"state_type": "CRASHED", "parameters": {}}]
    told = book.cli("assure").out
    assert AGAIN in told
    assert "The round of Wed 18 Mar 2026 has not begun." in told, "until it has ended well"
    assert (len(prefect.begun), rounds(book)) == (1, [0])


def test_without_prefect_too_a_command_that_was_killed_before_it_wrote_anything(book, run_cli, monkeypatch):
    shown = pendulum.instance(at_london(date.fromisoformat(DAY), time(6, 1)))
    monkeypatch.setattr("flows.clock.pendulum.now", shown.in_timezone)
    monkeypatch.setattr("flows.command_line.run.round_moment", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    child = os.fork()
    if not child:
        run_cli("run")
    os.waitpid(child, 0)
    assert rounds(book) == [0]
    assert AGAIN in book.cli("assure").out
    assert rounds(book) == [1]


@pytest.mark.parametrize("how", ["cut", "gone"])
def test_where_the_server_does_not_take_the_run_the_round_is_begun_here(book, prefect, how):
    getattr(prefect, how).add(BEGIN)
    assert assure(book)[0] == AGAIN
    assert (prefect.begun, rounds(book)) == ([], [1])


def test_a_server_that_dies_while_dead_runs_are_ended_is_away(book, prefect):
    prefect.cut.add(DEAD_RUNS)
    assert assure(book)[:2] == [AGAIN, AWAY]
    assert rounds(book) == [1]


def test_what_answers_but_is_not_prefect_is_away(book, prefect):
    prefect.gone.add("")
    assert assure(book)[:2] == [AGAIN, AWAY]
    assert rounds(book) == [1]


def test_a_paused_round_stays_paused_for_an_auditor_that_knows_no_server(book, prefect, monkeypatch):
    prefect.paused = True
    assure(book)
    with monkeypatch.context() as unknown:
        unknown.delenv("PREFECT_API_URL")
        assert "The round of Wed 18 Mar 2026 has not begun." in assure(book)
    assert (prefect.begun, rounds(book), kept_as_paused(book)) == ([], [0], True)
    prefect.paused = False
    assert assure(book)[0] == AGAIN
    assert (len(prefect.begun), kept_as_paused(book)) == (1, False)


def test_without_any_server_the_round_is_made_up_for(book):
    assert assure(book)[0] == AGAIN
    assert (rounds(book), kept_as_paused(book)) == ([1], False)
