"""Operations are written of a fault once, again while it is there, and of its end; never twice within four hours."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from models.rules.rounds.telling import REPEAT, TICKET_REPEAT, Finding, Told, to_tell

NINE = datetime(2026, 3, 17, 9, tzinfo=UTC)
FIVE = timedelta(minutes=5)
CASES, FEED = Finding("cases:45", "2 cases"), Finding("feed:n", "late")
WORKER, BEGUN = Finding("worker", "gone", passing=True), Finding("begun", "again", event=True)
BACKUP = Finding("backup", "old")


class Audits:
    """The audits of a book, one after another."""

    def __init__(self):
        self.before: list[str] = []
        self.told: Mapping[str, Told] = {}

    def at(self, after, *findings):
        """What is written some time after nine: keys by what is said of them."""
        telling = to_tell(findings, self.before, self.told, NINE + after, {"backup"})
        self.before, self.told = [one.key for one in findings], telling.told
        groups = {"new": telling.new, "still": telling.still, "ended": telling.ended}
        assert telling.anything is any(groups.values())
        return {name: [one.key for one in group] for name, group in groups.items() if group}


def test_a_fault_is_written_when_it_is_new_and_at_its_end():
    audits = Audits()
    assert audits.at(0 * FIVE) == {}
    assert audits.at(1 * FIVE, CASES) == {"new": ["cases:45"]}
    assert audits.at(2 * FIVE, CASES._replace(sentence="3 cases")) == {}
    assert audits.at(3 * FIVE) == {"ended": ["cases:45"]}
    assert audits.at(4 * FIVE) == {}


def test_a_second_fault_does_not_repeat_the_first():
    audits = Audits()
    audits.at(0 * FIVE, CASES)
    assert audits.at(1 * FIVE, CASES, FEED) == {"new": ["feed:n"]}
    assert audits.at(2 * FIVE, FEED) == {"ended": ["cases:45"]}


def test_what_is_still_there_is_written_after_four_hours_and_what_can_wait_after_a_day():
    audits = Audits()
    audits.at(0 * FIVE, CASES, BACKUP)
    assert audits.at(REPEAT - FIVE, CASES, BACKUP) == {}
    assert audits.at(REPEAT, CASES, BACKUP) == {"still": ["cases:45"]}
    assert audits.at(2 * REPEAT, CASES, BACKUP) == {"still": ["cases:45"]}
    assert audits.at(TICKET_REPEAT, BACKUP) == {"still": ["backup"], "ended": ["cases:45"]}


def test_what_comes_and_goes_is_written_once_in_four_hours():
    audits = Audits()
    written = [audits.at(number * FIVE, *([CASES] if number % 2 == 0 else [])) for number in range(48)]
    assert [one for one in written if one] == [{"new": ["cases:45"]}, {"ended": ["cases:45"]}]
    assert audits.at(REPEAT, CASES) == {"new": ["cases:45"]}


def test_what_may_pass_is_written_once_it_was_found_twice_in_a_row():
    audits = Audits()
    assert [audits.at(0 * FIVE, WORKER), audits.at(1 * FIVE), audits.at(2 * FIVE, WORKER)] == [{}, {}, {}]
    assert audits.at(3 * FIVE, WORKER) == {"new": ["worker"]}
    assert audits.at(4 * FIVE) == {"ended": ["worker"]}


def test_what_happened_is_over_once_all_is_well():
    audits = Audits()
    assert audits.at(0 * FIVE, BEGUN, CASES) == {"new": ["begun", "cases:45"]}
    assert [audits.at(1 * FIVE, CASES), audits.at(2 * FIVE, BEGUN, CASES)] == [{}, {}]
    assert audits.at(3 * FIVE) == {"ended": ["begun", "cases:45"]}


def test_a_clock_that_was_a_year_ahead_silences_no_fault():
    telling = to_tell([CASES], (), {"cases:45": Told(NINE + timedelta(days=365), "2 cases")}, NINE, ())
    assert telling.still == (CASES,)


def test_what_was_told_elsewhere_is_new_when_it_is_found_after_four_hours_and_has_no_end_before_it_was_found():
    audits = Audits()
    audits.told = {"cases:45": Told(NINE, "2 cases", elsewhere=True)}
    assert audits.at(FIVE) == {}
    assert audits.at(2 * FIVE, CASES) == {}, "it was told"
    assert audits.at(REPEAT, CASES) == {"still": ["cases:45"]}
    audits.told = {"cases:45": Told(NINE, "2 cases", elsewhere=True)}
    assert audits.at(REPEAT) == {}
    assert audits.at(REPEAT + FIVE, CASES) == {"new": ["cases:45"]}
