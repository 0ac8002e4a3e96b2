"""Before 07:00 a round that died or failed is found; no heartbeat and no *All is well again* come before it ends."""

from datetime import time, timedelta

import pendulum
import pytest

from config.days.london import LONDON, at_london
from flows.assurance_steps import assure_now
from flows.clock import moment
from flows.configured import configured
from models.queries.rounds import rounds
from tasks.rounds.assurance import restart
from tasks.rounds.assurance.auditor import audit
from tasks.servers import round_lock
from tasks.servers.database import transaction
from tests.support.dead_mans_switch import dead_mans_switch
from tests.worlds.days import day
from tests.worlds.one_case import OneCase

WEDNESDAY = day("Wed 18 Mar 2026")
SIX = at_london(WEDNESDAY, time(6))
MINUTE = timedelta(minutes=1)


@pytest.fixture
def book(database, run_cli, monkeypatch):
    """A case whose round of Tuesday is done; its feed is in for Wednesday too."""
    monkeypatch.setenv("CASEBEAT_MAIL__OPERATIONS", "casebeat-operations@surrey.police.uk")
    made = OneCase(database, run_cli)
    made.say("update sources set last_extracted_at = '2026-03-18T05:00Z'")
    assert made.cli("run", "--as-of", "2026-03-17").code == 0
    return made


def begin(code):
    with transaction() as connection:
        return rounds.begin(connection, code, WEDNESDAY, SIX)


def end(number, failure=None):
    with transaction() as connection:
        rounds.finish(connection, number, SIX + MINUTE, {}, failure)


def found(at=SIX + 3 * MINUTE):
    return {one.key: one.sentence for one in audit(configured(), at)}


def test_a_round_to_come_one_that_runs_and_one_that_ended_well_are_no_finding(book):
    assert found() == {}
    whole, force = begin("--"), begin("45")
    with round_lock.whole(), round_lock.force_lock("45"):
        assert found() == {}
    end(force)
    with round_lock.whole():
        assert found() == {}
    end(whole)
    assert found() == {}


def test_one_that_died_is_found_with_the_forces_that_it_did_not_reach(book, monkeypatch):
    monkeypatch.setenv("CASEBEAT_FORCES", "45,46")
    begin("--")
    end(begin("45"))
    assert {key: text for key, text in found().items() if key.startswith("round")} == {
        "round": "the round of Wed 18 Mar 2026 was cut short",
        "round:46": "the round of force 46 of Wed 18 Mar 2026 has not begun",
    }


def test_one_that_failed_for_a_force_is_found(book):
    end(begin("--"))
    end(begin("45"), "OSError")
    assert found() == {"round:45": "the round of force 45 of Wed 18 Mar 2026 failed"}


def sentences(book):
    return book.ask("select text from messages where key like 'assurance:%' order by id")


def test_while_it_is_begun_again_there_is_neither_heartbeat_nor_the_all_clear(book, monkeypatch):
    shown = pendulum.instance(SIX + 3 * MINUTE, tz=LONDON.key)
    monkeypatch.setattr("flows.clock.pendulum.now", shown.in_timezone)
    with dead_mans_switch() as switch:
        monkeypatch.setenv("CASEBEAT_HEARTBEAT__URL", switch.url)
        assert assure_now(configured(), None, moment()).findings == (), "of yesterday, since today's has not begun"
        begin("--")
        monkeypatch.setattr("flows.due_round.whole_round", lambda *_, **__: None)  # a worker will take it up
        begun = assure_now(configured(), None, moment())
        assert [one.key for one in begun.findings[1:]] == ["round", "round:45"]
        whole = begin("--")
        with round_lock.whole():
            runs = assure_now(configured(), None, moment())
            assert runs.findings[0].sentence == "the round of Wed 18 Mar 2026 is still running"
            force = begin("45")
            end(force)
            assert [one.key for one in assure_now(configured(), None, moment()).findings] == ["round"]
        assert switch.counted() == 1, "that of before"
        assert len(sentences(book)) == 2
        end(whole)
        assert assure_now(configured(), None, moment()).findings == ()
        assert switch.counted() == 1
    assert [text.partition("\n")[0] for text in sentences(book)][1:] == [
        "Ended: today's round is not done", "All is well again",
    ]  # fmt: skip
    with transaction() as connection:
        assert len(restart.begun_again(connection, WEDNESDAY)) == 1
