"""The whole round on the demo's book: run again, after missed days, or two at once, it sends nothing twice."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from config.days.london import at_london
from flows.configured import configured
from flows.round_steps import whole_round
from tasks.demo.book import write_book
from tasks.intake.load import load_folders
from tasks.outbox.delivery import deliver
from tests.support.verdicts import faults
from tests.worlds.one_case import OneCase

ROOT = Path(__file__).parents[4]
MONDAY = date(2026, 3, 23)  # in Greenwich's time; summer time begins on Sunday the 29th
EVERYTHING = {
    "obligations": "select id, version, due_on, last_step, taken_on, ended_on, end_reason, addressed from obligations",
    "steps": "select obligation_id, step, on_day, outcome, reason from steps",
    "notifications": "select obligation_id, happening, step, occasion, day, contact_ref, state from notifications",
    "messages": "select key, state, attempts, sent_at from messages where kind <> 'operations'",
}


@pytest.fixture
def ask(database):
    def asked(statement):
        with database.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    return asked


@pytest.fixture
def book(database, tmp_path, ask):
    """About a hundred cases of the demo's force, loaded on the morning of the Monday."""
    _, folders = write_book(tmp_path / "drop", MONDAY, seed=7, cases=100)
    assert {one.fate.value for one in load_folders(configured(), folders, at_london(MONDAY))} == {"loaded"}
    return lambda: {name: sorted(ask(statement), key=str) for name, statement in EVERYTHING.items()}


def round_of(day):
    made = whole_round(configured(), day, at_london(day))
    assert not faults(made)
    return made


def said_once(ask):
    """Check that no step is taken twice, nobody hears of one step twice, and nobody gets two digests in a day."""
    again = "group by 1, 2, 3 having count(*) > 1"
    assert ask(f"select obligation_id, step, outcome from steps where outcome = 'taken' {again}") == []
    told = "coalesce(contact_ref, 'operations')"
    assert ask(f"select obligation_id, happening || step || occasion, {told} from notifications {again}") == []
    assert ask(f"select kind, {told}, day from messages where kind = 'letter' {again}") == []
    assert ask("select count(*) from messages where attempts > 1") == [(0,)]
    return True


def test_a_round_run_again_changes_nothing_and_says_nothing(book, ask):
    first = round_of(MONDAY)
    before = book()
    assert sum(force.said for force in first.forces) > 50
    for later in (timedelta(), timedelta(hours=4)):
        again = whole_round(configured(), MONDAY, at_london(MONDAY) + later)
        assert sum(force.said + force.chased + force.escalated for force in again.forces) == 0
        assert book() == before
    assert said_once(ask)


def test_after_three_missed_days_each_thing_is_said_once_at_its_present_step(book, ask):
    round_of(MONDAY)
    friday = MONDAY + timedelta(days=4)
    made = round_of(friday)
    assert sum(force.said for force in made.forces) > 0
    assert said_once(ask)
    most = f"select count(*) from steps where outcome = 'taken' and on_day = '{friday}' group by obligation_id"
    assert set(ask(most)) == {(1,)}
    assert ask("select count(*) from steps where outcome = 'superseded' and on_day = '2026-03-27'") > [(0,)]
    assert {day for (day,) in ask("select distinct on_day from steps")} == {MONDAY, friday}


def test_two_rounds_at_once_do_the_work_of_one(book, ask):
    command = [sys.executable, "-c", "from flows.command_line.main import main; main()", "run", "--as-of", f"{MONDAY}"]
    pipe = subprocess.PIPE
    both = [
        subprocess.Popen(command, cwd=ROOT, env={**os.environ}, stdout=pipe, stderr=pipe, text=True) for _ in range(2)
    ]
    told = [each.communicate(timeout=120) for each in both]
    assert [each.returncode for each in both] == [0, 0], told
    assert [err for _, err in told] == ["", ""]
    assert said_once(ask)
    after = book()
    assert len(after["notifications"]) > 50
    assert {state for _, state, *_ in after["messages"]} == {"shown"}
    round_of(MONDAY)
    assert book() == after


@pytest.mark.parametrize(
    ("sunday", "bail_ends_on", "eight"),
    [
        (date(2026, 3, 29), "2026-04-05", datetime(2026, 3, 29, 7, tzinfo=UTC)),  # clocks went forward at one
        (date(2026, 10, 25), "2026-11-01", datetime(2026, 10, 25, 8, tzinfo=UTC)),  # and back at two
    ],
)
def test_on_the_mornings_when_clocks_change_and_after_them_what_is_said_leaves_at_eight_in_london(
    database, run_cli, ask, sunday, bail_ends_on, eight
):
    OneCase(database, run_cli, suspect_status="bail", bail_ends_on=bail_ends_on)
    whole_round(configured(), sunday, at_london(sunday, time(6)))
    waiting = "select distinct due_at from messages where kind = '{}' and state = 'queued'"
    assert ask(waiting.format("at_once")) == [(eight,)]
    assert ask(waiting.format("letter")) == [], "a Sunday is no working day"
    deliver(configured(), eight - timedelta(minutes=1))
    assert ask(waiting.format("at_once")) == [(eight,)]
    deliver(configured(), eight)
    assert ask(waiting.format("at_once")) == []
    monday = sunday + timedelta(days=1)
    whole_round(configured(), monday, at_london(monday, time(6)))
    assert ask(waiting.format("letter")) == [(eight + timedelta(days=1),)]
