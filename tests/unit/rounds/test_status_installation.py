"""How the rounds of a day go at a moment, force by force, with a mark for each of the last fourteen days."""

from datetime import time, timedelta

import pytest

from config.days.london import at_london
from models.queries.rounds.rounds import BOOK, RoundOfDay
from models.queries.rounds.status import AccountOfDay, RoundMark
from tasks.rounds.assurance.kept_audit import KeptAudit
from tasks.rounds.status import installation
from tasks.rounds.status.installation import Audited, Going
from tests.unit.days import day

TUESDAY = day("Tue 17 Mar 2026")
SEVEN = at_london(TUESDAY, time(7))
ACCOUNT = AccountOfDay("45", 3, 2, 1, 2, 0, 0)


def ran(code, ended=True, failure=None, running=False):
    return RoundOfDay(code, SEVEN, SEVEN if ended else None, failure, 1, running)


@pytest.fixture
def rounds(monkeypatch):
    def of(*seen, at=SEVEN, expected=("45",), marks=(), accounts=()):
        put = monkeypatch.setattr
        asked = []
        put("models.queries.rounds.rounds.of_day", lambda *_: list(seen))
        put("models.queries.rounds.status.accounts", lambda *_: {one.force_code: one for one in accounts})
        put("models.queries.rounds.status.history", lambda _, *between: asked.append(between) or list(marks))
        put(installation, "expected_forces", lambda _: list(expected))
        found = installation._rounds(None, TUESDAY, at)
        assert asked == [(TUESDAY - timedelta(days=13), TUESDAY)]
        return found

    return of


@pytest.mark.parametrize(
    ("seen", "minutes", "going"),
    [
        (None, -1, Going.TO_COME), (None, 0, Going.NOT_BEGUN),
        (ran("45", ended=False, running=True), 0, Going.RUNNING), (ran("45", running=True), 0, Going.ENDED),
        (ran("45", ended=False), 0, Going.STOPPED), (ran("45", ended=False), -60, Going.STOPPED),
        (ran("45", failure="OSError"), 0, Going.FAILED), (ran("45"), -1, Going.ENDED),
        (ran("45")._replace(state="Failed"), 0, Going.IN_PART),
    ],
)  # fmt: skip
def test_a_round_goes_as_its_row_its_lock_and_the_clock_tell(rounds, seen, minutes, going):
    _, (force,) = rounds(*([seen] if seen else []), at=SEVEN + timedelta(minutes=minutes))
    assert (force.going, force.round) == (going, seen)


def test_expected_forces_are_shown_and_others_of_which_a_round_began_and_the_whole_by_itself(rounds):
    whole, forces = rounds(ran(BOOK, failure="x"), ran("47"), expected=("46", "45"), accounts=[ACCOUNT])
    assert (whole.force_code, whole.going) == (BOOK, Going.FAILED)
    assert [one.force_code for one in forces] == ["45", "46", "47"]
    assert [one.account for one in forces] == [ACCOUNT, None, None]


def test_each_of_fourteen_days_has_a_mark_the_oldest_first(rounds):
    def mark(code, ago, well):
        return RoundMark(code, TUESDAY - timedelta(days=ago), well)

    marks = [mark("45", 0, True), mark("45", 1, False), mark("45", 13, True), mark(BOOK, 2, True)]
    whole, (force,) = rounds(marks=marks)
    assert force.marks == "●···········✕●"
    assert whole.marks == "···········●··"


@pytest.mark.parametrize("kept", [None, KeptAudit(SEVEN, ("x",), ("k",), SEVEN)])
def test_the_last_audit_is_shown_if_there_was_one(monkeypatch, kept):
    monkeypatch.setattr("tasks.rounds.assurance.kept_audit.read", lambda _: kept)
    assert installation._audited(None) == (kept and Audited(SEVEN, ("x",), SEVEN))
