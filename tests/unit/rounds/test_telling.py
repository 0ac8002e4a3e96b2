"""Operations get one message a day about what does not hold, another when something is new, and one at its end."""

from models.rules.rounds.telling import Finding, Written, to_tell
from tests.worlds.days import day

TODAY, TOMORROW = day("Tue 17 Mar 2026"), day("Wed 18 Mar 2026")
CASES, FEED = Finding("cases:45", "2 cases"), Finding("feed:n", "late")
WORKER = Finding("worker", "gone", passing=True)


class Day:
    """The checks of a day, one after another."""

    def __init__(self):
        self.before, self.written = [], Written(TODAY)

    def check(self, *findings, on=TODAY):
        """What this check writes: keys, or `well`, or nothing."""
        found = to_tell(findings, self.before, self.written, on)
        self.before, self.written = [one.key for one in findings], found.written
        return "well" if found.well_again else " ".join(one.key for one in found.findings)


def test_a_finding_is_written_once_a_day_whatever_its_count_and_its_end_once():
    checks = Day()
    assert checks.check() == ""
    assert checks.check(CASES) == "cases:45"
    assert checks.check(CASES._replace(sentence="3 cases")) == ""
    assert checks.check() == "well"
    assert checks.check() == ""
    assert checks.written.messages == 2


def test_a_new_finding_is_written_with_those_that_are_open():
    checks = Day()
    checks.check(CASES)
    assert checks.check(CASES, FEED) == "cases:45 feed:n"
    assert checks.check(FEED) == ""
    assert checks.check(FEED, CASES) == "", "it was written today"


def test_what_comes_back_after_all_was_well_is_new():
    checks = Day()
    checks.check(CASES)
    checks.check()
    assert checks.check(CASES) == "cases:45"


def test_what_may_pass_is_written_once_it_was_found_twice_in_a_row():
    checks = Day()
    assert checks.check(WORKER) == ""
    assert checks.check() == "", "nothing was written, so nothing is well again"
    assert [checks.check(WORKER), checks.check(WORKER)] == ["", "worker"]
    assert checks.check() == "well"


def test_what_comes_and_goes_all_day_is_no_flood():
    checks = Day()
    assert [checks.check(*found) for _ in range(3) for found in ((CASES,), ())] == ["cases:45", "well"] * 3
    assert {checks.check(*found) for _ in range(100) for found in ((CASES,), ())} == {""}
    assert [checks.check(FEED), checks.check(), checks.check(FEED), checks.check()] == ["feed:n", "well", "", ""]
    assert checks.check(on=TOMORROW) == "", "its end was written"
    assert [checks.check(CASES, on=TOMORROW), checks.check(on=TOMORROW)] == ["cases:45", "well"]


def test_what_comes_back_on_the_next_day_after_it_had_ceased_is_written():
    checks = Day()
    checks.check(CASES)
    assert [checks.check(one, on=TOMORROW) for one in (WORKER, CASES)] == ["", "cases:45"]


def test_what_is_open_the_next_day_is_written_again():
    checks = Day()
    checks.check(CASES)
    assert checks.check(CASES, on=TOMORROW) == "cases:45"
    assert checks.written == Written(TOMORROW, ("cases:45",), 1)


def test_the_end_of_what_was_found_yesterday_is_written():
    checks = Day()
    checks.check(CASES)
    assert checks.check(on=TOMORROW) == "well"
    checks.check(CASES)
    assert checks.check(WORKER, on=TOMORROW) == ""
    assert checks.check(on=TOMORROW) == "well"
