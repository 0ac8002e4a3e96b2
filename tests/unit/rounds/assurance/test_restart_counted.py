"""Today's round begun again: what is seen of it, when it is counted, and what operations read of it."""

import json
from contextlib import nullcontext
from datetime import time, timedelta

import pytest

from config.days.london import at_london
from flows.configured import configured
from models.errors import Refuse
from models.queries.rounds.rounds import BOOK, RoundOfDay
from models.queries.rounds.unseen import WaitingCases
from models.rules.rounds.beginning_again import BeginAgain
from tasks.rounds.assurance import restart
from tests.worlds.days import day

TUESDAY = day("Tue 17 Mar 2026")
SEVEN = at_london(TUESDAY, time(7))
MINUTE = timedelta(minutes=1)


def ran(code, ended=True, failure=None, running=False):
    return RoundOfDay(code, SEVEN, SEVEN if ended else None, failure, 1, running)


class Book:
    """The rounds of a day, the locks that are held, and the switch that counts."""

    def __init__(self):
        self.seen, self.held, self.switches, self.may, self.asked = [ran(BOOK), ran("45")], [], {}, True, []
        self.unseen = {}

    @property
    def switch(self):
        return self.switches.get(restart.SWITCH)

    def put(self, _, name, value, ___):
        self.switches[name] = value

    def allows(self, begun):
        self.asked.append(begun)
        return self.may

    def due(self, at=SEVEN, **more):
        return restart.due(configured(), at, self.allows, **more)

    def counted(self, on=TUESDAY):
        return restart.begun_again(None, on)


@pytest.fixture
def book(monkeypatch):
    made = Book()
    put = monkeypatch.setattr
    put(restart, "transaction", nullcontext)
    put("models.queries.rounds.assurance.alone", lambda _: None)
    put("models.queries.rounds.rounds.of_day", lambda *_: made.seen)
    put("models.queries.rounds.rounds.held", lambda _, codes: [one for one in made.held if one in codes])
    put("models.queries.rounds.rounds.switch", lambda _, name: made.switches.get(name))
    put("models.queries.rounds.rounds.set_switch", made.put)
    put("models.queries.rounds.unseen.unseen", lambda _: made.unseen)
    put(restart, "expected_forces", lambda *_: ["45"])
    put("models.queries.intake.sources.force_codes", lambda _: ["45"])
    return made


@pytest.mark.parametrize(
    ("seen", "begun"),
    [
        ([ran(BOOK), ran("45")], None),
        ([ran(BOOK), ran("45", failure="OSError")], BeginAgain("45")),
        ([ran(BOOK), ran("45", ended=False)], BeginAgain("45")),
        ([ran(BOOK), ran("45", ended=False, failure="OSError")], BeginAgain("45")),
        ([ran(BOOK), ran("45", ended=False, running=True)], None),
        ([ran(BOOK, failure="OSError"), ran("45")], BeginAgain(None)),
        ([], BeginAgain(None)),
    ],
)
def test_a_round_without_a_good_end_is_begun_again(book, seen, begun):
    book.seen = seen
    assert book.due() == begun
    assert book.counted() == ((SEVEN,) if begun else ())


@pytest.mark.parametrize("held", [BOOK, "45"])
def test_while_a_round_of_another_day_holds_a_lock_none_is_begun(book, held):
    book.seen, book.held = [], [held]
    assert book.due() is None


def test_one_that_may_not_be_begun_is_not_counted_nor_one_that_is_refused(book):
    book.seen, book.may = [], False
    assert book.due() is None
    assert (book.asked, book.switch) == ([BeginAgain(None)], None)

    def refuses(_):
        raise Refuse("Not now.")

    with pytest.raises(Refuse):
        restart.due(configured(), SEVEN, refuses)
    assert book.switch is None


def test_each_time_is_counted_on_its_day(book):
    book.seen = []
    for minutes in (0, 30, 200):
        assert book.due(SEVEN + minutes * MINUTE) == BeginAgain(None)
    assert [one - SEVEN for one in book.counted()] == [0 * MINUTE, 30 * MINUTE, 200 * MINUTE]
    assert book.due(SEVEN + 500 * MINUTE) is None, "three times are enough"
    assert book.counted(TUESDAY + timedelta(days=1)) == ()
    assert json.loads(book.switch)["day"] == "2026-03-17"


SIX = SEVEN - 50 * MINUTE


def test_a_round_whose_process_died_before_it_wrote_anything_is_begun_again_at_once(book):
    book.seen = []
    assert book.due(SIX) is None
    assert book.due(SIX, crashed=True) == BeginAgain(None)
    assert book.due(SIX + MINUTE, crashed=True) is None, "it gets a few minutes"
    book.seen = [ran(BOOK), ran("45")]
    assert book.due(SIX + 9 * MINUTE, crashed=True) is None, "another has ended well"


def test_for_what_came_late_another_round_is_begun_and_counted_by_itself(book):
    book.unseen = {"45": WaitingCases(3, TUESDAY, SEVEN + MINUTE)}
    at = SEVEN + 2 * MINUTE
    assert restart.due_late(configured(), at, book.allows) == BeginAgain("45", late=True)
    assert (book.due(at + MINUTE), book.counted()) == (None, ())
    book.unseen = {"45": WaitingCases(3, TUESDAY - timedelta(days=1), SEVEN + 8 * MINUTE)}
    assert book.due(at + 9 * MINUTE) is None, "today's round comes first"
    book.unseen = {"45": WaitingCases(3, TUESDAY, None)}
    assert book.due(at + 9 * MINUTE) is None, "people recorded it"


def test_operations_read_whose_round_it_is_and_why_one_may_not_be_begun():
    whole, one = (restart.finding(BeginAgain(code)) for code in (None, "45"))
    assert whole.sentence == "today's round had no good end, and was begun again"
    assert one.sentence == "today's round of force 45 had no good end, and was begun again"
    assert (whole.key, one.key) == ("begun", "begun:45")
    assert restart.refused(Refuse("The clock is wrong.")).sentence == (
        "today's round cannot be begun again: The clock is wrong"
    )
