"""What is loaded after the day's round is looked at on that day, once, and nothing says *every* before it was."""

import json
from datetime import date, datetime

import pendulum
import pytest
from sqlalchemy import text

from config.days.london import LONDON, at_london, london_day
from flows.assurance_steps import assure_now
from flows.clock import moment
from flows.configured import configured
from flows.due_round import begin_late
from flows.round_steps import whole_round
from tasks.intake.drop import load_dropped
from tasks.outbox.delivery import deliver
from tests.worlds.extracts import a_case, a_contact, write

PEOPLE = [a_contact("P1"), a_contact("P2", roles="spoc")]
CASES = [a_case(f"C{number}", opened_on="2026-11-02", risk="high") for number in range(1, 6)]
WELL = "Every open case is watched, the day's round is done, and nothing is stuck"
WAITING = f"T{WELL[29:]}; 4 cases have changed since, and no round has looked at them yet"
LEAVE = "select distinct due_at from messages where kind = 'letter' and day = '{}'"
COUNTED = "select count(*) from rounds where force_code = '45' and day = '{}'"


class Day:
    """The clock, the drop folder, and what the book holds."""

    def __init__(self, engine, folder, monkeypatch):
        self.engine, self.folder, self.monkeypatch = engine, folder, monkeypatch

    def at(self, written):
        shown = pendulum.instance(datetime.fromisoformat(written), tz=LONDON.key)
        self.monkeypatch.setattr("flows.clock.pendulum.now", shown.in_timezone)

    def after_letters(self, written):
        """Let Wednesday's letters leave, and set the clock."""
        self.at("2026-11-25 08:00")
        deliver(configured(), moment())
        self.at(written)

    def arrives(self, number, cases):
        """Put a snapshot of so many cases into the drop folder, and load it as the intake does."""
        at = moment()
        files = {"contacts.csv": PEOPLE, "cases.csv": CASES[:cases]}
        write(self.folder / f"n{number}", files, number=number, extracted_at=at.isoformat())
        return load_dropped(configured(), at)

    def round(self):
        return whole_round(configured(), london_day(moment()), moment())

    def assure(self, written=None):
        if written:
            self.at(written)
        return assure_now(configured(), None, moment())

    def ask(self, statement):
        with self.engine.begin() as connection:
            return connection.execute(text(statement)).scalars().all()

    def rounds(self, on="2026-11-25"):
        return self.ask(COUNTED.format(on))[0]

    def watched(self):
        return self.ask("select count(distinct case_id) from obligations where ended_on is null")[0]


@pytest.fixture
def day(database, tmp_path, monkeypatch):
    """A book whose round of Wed 25 Nov 2026 has looked at the one case that was there."""
    (tmp_path / "drop").mkdir()
    monkeypatch.setenv("CASEBEAT_DROP", str(tmp_path / "drop"))
    monkeypatch.setenv("CASEBEAT_BACKUP__ELSEWHERE", "true")
    made = Day(database, tmp_path / "drop", monkeypatch)
    for number, on in enumerate(("2026-11-24", "2026-11-25")):
        made.at(f"{on} 06:00")
        assert made.arrives(number, cases=1).loaded == 1
        made.round()
    found = made.assure("2026-11-25 06:20")
    assert (found.message, made.rounds(), made.watched()) == (WELL, 1, 1)
    made.at("2026-11-25 06:30")
    return made


def test_what_comes_half_an_hour_after_the_round_is_watched_and_told_on_that_day(day):
    day.arrives(2, cases=5)
    found = day.assure("2026-11-25 06:35")
    assert (found.message, found.unseen) == (WELL, 0)
    assert (day.rounds(), day.watched()) == (2, 5)
    told = "select count(distinct o.case_id) from notifications n join obligations o on o.id = n.obligation_id"
    assert day.ask(f"{told} where n.day = '2026-11-25' and n.message_id is not null") == [4]
    assert day.ask(LEAVE.format("2026-11-25")) == [at_london(date(2026, 11, 25))]
    assert day.assure("2026-11-25 06:40").message == WELL
    assert day.rounds() == 2, "once"


def test_the_intake_begins_it_and_a_second_extract_gets_another(day):
    day.arrives(2, cases=2)
    begin_late(configured(), None, moment())
    assert (day.rounds(), day.watched()) == (2, 2)
    begin_late(configured(), None, moment())
    assert day.rounds() == 2
    day.at("2026-11-25 11:00")
    day.arrives(3, cases=5)
    begin_late(configured(), None, moment())
    assert (day.rounds(), day.watched()) == (3, 5)


def test_what_began_after_the_letters_of_its_day_is_known_as_such(day):
    day.arrives(2, cases=2)
    begin_late(configured(), None, moment())
    day.after_letters("2026-11-25 11:00")
    day.arrives(3, cases=5)
    begin_late(configured(), None, moment())
    counted = "select count(distinct case_id) from obligations where begun_after_letters = {}"
    assert (day.ask(counted.format("false")), day.ask(counted.format("true"))) == ([2], [3])


def test_before_the_days_round_nothing_is_late(day):
    day.after_letters("2026-11-26 05:30")
    day.arrives(2, cases=5)
    found = day.assure("2026-11-26 05:35")
    assert (day.rounds("2026-11-26"), found.findings, found.message) == (0, (), WAITING)


def test_what_comes_at_night_waits_for_the_next_round_whose_letters_leave_at_eight(day):
    day.after_letters("2026-11-25 23:00")
    day.arrives(2, cases=5)
    found = day.assure("2026-11-25 23:40")
    assert (found.findings, found.message, found.unseen, day.rounds()) == ((), WAITING, 4, 1)
    day.at("2026-11-26 06:00")
    day.round()
    assert day.watched() == 5
    assert day.ask(LEAVE.format("2026-11-26")) == [at_london(date(2026, 11, 26))]


def test_where_no_round_may_be_begun_the_auditor_counts_what_none_has_looked_at(day, monkeypatch):
    day.arrives(2, cases=5)
    monkeypatch.setattr("flows.due_round.restart.due", lambda *_, **__: None)  # as while the round is paused
    assert day.assure("2026-11-25 06:50").message == WAITING
    found = day.assure("2026-11-25 06:51")
    assert [finding.key for finding in found.findings] == ["unseen:45"]
    assert found.message == "force 45: 4 cases have changed and wait for a round, since an extract came after today's"


def test_a_list_that_works_the_cases_out_is_no_round(day, run_cli):
    day.arrives(2, cases=5)
    day.at("2026-11-25 06:31")
    assert run_cli("obligations").code == 0
    assert day.watched() == 5
    taken = "select count(distinct o.case_id) from steps s join obligations o on o.id = s.obligation_id"
    assert day.ask(taken) == [1]
    assert day.assure("2026-11-25 06:35").message == WELL
    assert (day.rounds(), day.ask(taken)) == (2, [5])


def test_what_a_person_recorded_is_counted_and_begins_no_round(day):
    day.after_letters("2026-11-25 11:00")
    with day.engine.begin() as connection:
        connection.execute(text("update cases set projection = 'changed'"))
    found = day.assure()
    assert (found.unseen, found.findings, day.rounds()) == (1, (), 1)
    assert not found.message.startswith("Every")


@pytest.mark.parametrize(("hour", "follows"), [("06:30", "The next casebeat assure begins"), ("23:00", "Tomorrow's")])
def test_the_command_says_which_round_looks_at_what_it_loaded(day, run_cli, hour, follows):
    day.at(f"2026-11-25 {hour}")
    files = {"contacts.csv": PEOPLE, "cases.csv": CASES}
    write(day.folder / "n2", files, number=2, extracted_at=moment().isoformat())
    out = run_cli("intake", str(day.folder / "n2")).out
    assert f"\nToday's round is over, and 4 cases of force 45 changed after it. {follows}" in out
    assert "round" not in run_cli("intake", "--json", str(day.folder / "n2")).out


def test_json_has_the_number(day, run_cli):
    day.at("2026-11-25 23:00")
    day.arrives(2, cases=5)
    assert json.loads(run_cli("assure", "--json").out)["unseen"] == 4
