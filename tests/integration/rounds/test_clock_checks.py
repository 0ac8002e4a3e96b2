"""A round of a machine whose clock is behind an extract, or not that of a database elsewhere, does nothing."""

from datetime import timedelta

import pendulum
import pytest
from sqlalchemy import create_engine

from config.days.london import london_day
from flows.clock import moment
from models.rules.arithmetic import format_day
from tasks.platform.text import moment as written
from tasks.servers import database as way
from tasks.servers import migrate
from tests.support.every_table import every_table
from tests.support.postgres_elsewhere import FAKETIME, WHY_NOT, address, elsewhere
from tests.worlds.one_case import OneCase

BEHIND = "This machine's clock shows"


@pytest.fixture
def book(database, run_cli):
    return OneCase(database, run_cli)


@pytest.fixture
def shift(monkeypatch):
    """Shift what the one clock reads."""
    real = pendulum.now

    def by(**span):
        monkeypatch.setattr("flows.clock.pendulum.now", lambda zone: real(zone) + timedelta(**span))
        return moment()

    return by


def extracted(book, at):
    book.say("update sources set last_extracted_at = :at where name = 'niche-45'", at=at)


@pytest.mark.parametrize("arguments", [("run",), ("run", "--force", "45"), ("run", "--as-of", "2026-03-17")])
def test_a_round_is_refused_while_the_clock_is_behind_a_loaded_extract(book, arguments):
    extracted(book, moment() + timedelta(minutes=11))
    before = every_table(book.engine)
    ran = book.cli(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"casebeat: {BEHIND} {written(moment())[:15]}")
    assert "before the moment of an extract of niche-45 that was loaded" in ran.err
    assert ran.err.endswith("set the clock right and run the round again. Nothing was done.\n")
    assert ran.err.count("\n") == 1
    assert every_table(book.engine) == before


def test_a_clock_that_went_back_by_months_is_told_before_the_last_round_is(book, shift):
    extracted(book, moment())
    assert book.cli("run").code in {0, 1}
    shift(days=-200)
    assert "before the moment of an extract of niche-45" in book.cli("run").err


def test_an_extract_that_is_a_few_minutes_ahead_or_months_old_stops_no_round(book):
    assert book.ask("select last_extracted_at < '2026-03-03' from sources") == [True]
    assert book.cli("run").code in {0, 1}
    extracted(book, moment() + timedelta(minutes=9))
    assert book.cli("run").code in {0, 1}


def test_an_extract_that_was_ahead_when_an_earlier_version_loaded_it_stops_no_round(book):
    ahead = moment() + timedelta(days=100)
    extracted(book, ahead)
    assert BEHIND in book.cli("run").err
    book.say(
        """insert into extracts (extract_id, content, source_name, state, extracted_at, judged_at, counts)
           values ('x-1', 'c', 'niche-45', 'loaded', :ahead, :loaded, '{}')""",
        ahead=ahead, loaded=moment() - timedelta(days=1),
    )  # fmt: skip
    assert book.cli("run").code in {0, 1}


def test_a_virtual_clock_is_not_compared_with_an_extracts(book, monkeypatch):
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    extracted(book, moment() + timedelta(days=3))
    assert book.cli("run", "--as-of", "2026-03-17").code in {0, 1}


def test_the_embedded_databases_clock_is_this_machines_and_not_compared(book, shift):
    shift(hours=2)
    assert book.cli("run").code in {0, 1}


@pytest.mark.skipif(FAKETIME is None, reason=WHY_NOT)
@pytest.mark.skipif(address() is None, reason="this machine forbids an address that is not loopback")
def test_a_round_is_refused_while_the_clock_of_a_database_elsewhere_differs(run_cli, monkeypatch, tmp_path):
    monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path / "home"))
    with elsewhere(address()) as server:
        monkeypatch.setenv("CASEBEAT_DATABASE_URL", server.url)
        monkeypatch.delenv("CASEBEAT_DATABASE_OWNER_URL", raising=False)
        with server.running("+0"):
            migrate.migrate(server.url)
            engine = create_engine(server.url)
            OneCase(engine, run_cli)
            engine.dispose()
        for shifted in ("+11m", "-11m"):
            with server.running(shifted):
                refused_without_effect(server, run_cli)
        with server.running("+9m"):
            ran = run_cli("run")
            way.close()
            assert ran.code in {0, 1}, ran.err
            assert BEHIND not in ran.err


def refused_without_effect(server, run_cli):
    engine = create_engine(server.url)
    before = every_table(engine)
    ran = run_cli("run")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"casebeat: {BEHIND} ")
    assert ", and the database's " in ran.err
    assert ran.err.endswith(": set the wrong one right and run the round again. Nothing was done.\n")
    assert every_table(engine) == before
    engine.dispose()
    way.close()


def test_after_a_round_of_a_day_that_has_not_come_the_refusal_names_the_way_back(book, monkeypatch):
    tomorrow = london_day(moment()) + timedelta(days=1)
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    assert book.cli("run", "--as-of", tomorrow.isoformat()).code in {0, 1}
    assert "undo-rounds" not in book.cli("run").err
    monkeypatch.delenv("CASEBEAT_CLOCK")
    ran = book.cli("run")
    assert ran.code == 2
    assert ran.err.endswith(
        f"is before force 45's last round ({format_day(tomorrow)}): nothing was done. "
        "That day has not come: casebeat undo-rounds takes back what ran in it.\n"
    )
