"""The working morning, with times read from the clock: messages of the 06:00 round leave at 08:00 automatically."""

from datetime import datetime

import pendulum
import pytest
from sqlalchemy import text

from config.days.london import LONDON, london_day
from flows.clock import moment
from flows.configured import configured
from flows.round_steps import whole_round
from tasks.outbox.delivery import deliver
from tests.support.verdicts import faults
from tests.worlds.one_case import OneCase


@pytest.fixture
def at(monkeypatch):
    """Set the one clock: `at("2026-03-17 06:00")`, London time."""

    def show(written):
        shown = pendulum.instance(datetime.fromisoformat(written), tz=LONDON.key)
        monkeypatch.setattr("flows.clock.pendulum.now", shown.in_timezone)
        return moment()

    return show


def states(database):
    with database.begin() as connection:
        found = connection.execute(text("select kind, state, count(*) from messages group by 1, 2 order by 1, 2"))
        return {(kind, state): count for kind, state, count in found}


@pytest.mark.parametrize("day", ["2026-03-17", "2026-04-07"])  # Greenwich's time, and summer time after Easter
def test_what_the_round_decides_at_six_leaves_at_eight(database, run_cli, at, day):
    OneCase(database, run_cli)
    six = at(f"{day} 06:00")
    made = whole_round(configured(), london_day(six), six)
    assert not faults(made)
    waiting = states(database)
    digests = waiting["letter", "queued"]
    assert digests
    assert waiting["operations", "shown"] == 2, "the daily word to operations, and that of a gap, wait for nobody"
    assert waiting["capacity", "queued"] == 2
    deliver(configured(), at(f"{day} 07:59"))
    assert states(database)["letter", "queued"] == digests
    deliver(configured(), at(f"{day} 08:00"))
    after = states(database)
    assert ("letter", "queued") not in after
    assert after["letter", "shown"] == digests
    assert after["capacity", "shown"] == 2


def test_what_is_decided_after_the_days_digest_went_out_waits_for_the_next(database, run_cli, at):
    book = OneCase(database, run_cli)
    eight = at("2026-03-17 08:00")
    whole_round(configured(), london_day(eight), eight)
    shown = states(database)["letter", "shown"]
    book.action("A2", raised_on="2026-03-02")
    noon = at("2026-03-17 12:00")
    whole_round(configured(), london_day(noon), noon)
    assert states(database)["letter", "shown"] == shown
    next_day = at("2026-03-18 08:00")
    whole_round(configured(), london_day(next_day), next_day)
    with database.begin() as connection:
        left = connection.execute(text("select count(*) from notifications where message_id is null")).scalar_one()
    assert left == 0


def test_a_round_whose_mail_server_is_down_reports_it_and_is_degraded(database, run_cli, monkeypatch):
    book = OneCase(database, run_cli)
    for name, value in {"HOST": "127.0.0.1", "PORT": "9", "OPERATIONS": "operations@surrey.police.uk"}.items():
        monkeypatch.setenv(f"CASEBEAT_MAIL__{name}", value)
    ran = book.cli("run", "--as-of", "2026-03-17")
    assert ran.code == 1, ran.out
    assert "the carrier is down" in ran.out
    assert {state for _, state in states(database)} == {"queued"}
