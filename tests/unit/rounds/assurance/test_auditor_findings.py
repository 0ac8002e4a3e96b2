"""What the auditor makes of its queries' answers: whose round has no good end, what is stuck, and of which day."""

from contextlib import nullcontext
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

import pytest

from config.days.london import at_london
from flows.configured import configured
from models.queries.rounds.rounds import BOOK, RoundOfDay
from tasks.platform.configuration import Configuration
from tasks.rounds.assurance import auditor
from tasks.rounds.backup_age import NO_BACKUP
from tasks.rounds.expected import FeedTrouble
from tests.worlds.days import day

TUESDAY = day("Tue 17 Mar 2026")
EIGHT, SECOND = at_london(TUESDAY), timedelta(seconds=1)
NOON = EIGHT + timedelta(hours=4)


def ran(code, ended=True, failure=None, running=False, state=None, began=EIGHT, attempts=1):
    fields = {"force_code": code, "began_at": began, "ended_at": EIGHT if ended else None, "failure": failure}
    more = {"attempts": attempts, "running": running, "state": state}
    return RoundOfDay(**fields, **{name: more[name] for name in RoundOfDay._fields if name in more})


class Book:
    """The answers of the auditor's queries, and with what they were asked."""

    def __init__(self):
        self.expected, self.seen, self.feeds = ["45"], [ran(BOOK), ran("45")], []
        self.answers: dict[str, object] = {name: {} for name in ("unwatched", "unclimbed", "unevaluated", "stuck")}
        self.answers["unbalanced"] = []
        self.held, self.asked, self.begun_again, self.standstill = False, {}, (), None
        self.backup = ""
        self.of_today = None  # where it is not the day whose round has to be done

    def answer(self, name, *given):
        self.asked[name] = given
        return self.answers[name]

    def of_day(self, on):
        """Today's rounds, where they are asked for after those of the day."""
        first = "day" not in self.asked
        self.asked.setdefault("day", on)
        return self.seen if first else self.of_today

    def found(self, at=NOON):
        self.asked.clear()
        return {one.key: one.sentence for one in auditor.audit(configured(), at)}


@pytest.fixture
def book(monkeypatch):
    made = Book()
    put = monkeypatch.setattr
    put(auditor, "transaction", nullcontext)
    put(auditor, "expected_forces", lambda *_: made.expected)
    put(auditor, "blocked", lambda *_: [])
    put(auditor, "late_feeds", lambda _, __, at: made.asked.update(feeds=at) or made.feeds)
    put("models.queries.rounds.rounds.of_day", lambda _, on: made.of_day(on))
    put("tasks.rounds.assurance.restart.begun_again", lambda *_: made.begun_again)
    put(auditor, "blocked", lambda *_: [])
    put("tasks.outbox.standstill.look", lambda *_: made.standstill)
    put("tasks.rounds.backup_age.look", lambda *_: NO_BACKUP._replace(trouble=made.backup))
    put("models.queries.rounds.unseen.unseen", lambda _: {})
    put("models.queries.rounds.rounds.held", lambda *_: [])
    put("models.queries.rounds.assurance.read_only", lambda _: None)
    put("models.queries.outbox.outbox_list.is_held", lambda _: made.held)
    put("models.queries.outbox.outbox_list.asks_since", lambda _: None)
    for name in made.answers:
        put(f"models.queries.rounds.assurance.{name}", lambda _, *given, name=name: made.answer(name, *given))
    return made


def test_where_all_holds_nothing_is_found_and_the_day_is_that_of_its_round(book):
    assert book.found() == {}
    assert (book.asked["day"], book.asked["feeds"]) == (TUESDAY, at_london(TUESDAY, time(7)))
    book.of_today = []
    assert book.found(at_london(TUESDAY, time(6, 59))) == {}
    assert book.asked["day"] == TUESDAY - timedelta(days=1)
    assert book.asked["feeds"] == at_london(TUESDAY - timedelta(days=1), time(7))


@pytest.mark.parametrize(
    ("seen", "found"),
    [
        ([], {"": "has not begun"}),
        ([ran("45")], {"": "has not begun"}),
        ([ran(BOOK)], {":45": "has not begun"}),
        ([ran(BOOK), ran("45", failure="OSError")], {":45": "failed"}),
        ([ran(BOOK), ran("45", ended=False)], {":45": "was cut short"}),
        ([ran(BOOK), ran("45", ended=False, running=True)], {":45": "is still running"}),
        ([ran(BOOK), ran("45", running=True)], {}),
        ([ran(BOOK, failure="OSError"), ran("45")], {"": "failed"}),
        ([ran(BOOK, ended=False), ran("45", ended=False)], {"": "was cut short", ":45": "was cut short"}),
        ([ran(BOOK), ran("45"), ran("46", failure="OSError")], {}),
    ],
)
def test_a_round_without_a_good_end_is_found_whole_and_force_by_force(book, seen, found):
    book.seen = seen
    whose = {"": "the round of", ":45": "the round of force 45 of"}
    assert book.found() == {f"round{code}": f"{whose[code]} Tue 17 Mar 2026 {why}" for code, why in found.items()}


@pytest.mark.parametrize(
    ("seen", "again", "found"),
    [
        ([], (), []),
        ([ran(BOOK, ended=False, running=True), ran("45", ended=False, running=True)], (), []),
        ([ran(BOOK, ended=False, running=True), ran("45", ended=False)], (), ["", ":45"]),
        ([ran(BOOK, ended=False, running=True), ran("45")], (), []),
        ([ran(BOOK), ran("45", failure="OSError")], (), [":45"]),
        ([ran(BOOK), ran("45")], (), []),
        ([ran(BOOK, ended=False, running=True), ran("45")], (EIGHT,), [""]),
        ([ran(BOOK), ran("45")], (EIGHT,), []),
        ([], (EIGHT,), [""]),
    ],
)
def test_before_seven_todays_round_is_found_once_it_broke_or_was_begun_again(book, seen, again, found):
    book.of_today, book.begun_again = seen, again
    early = at_london(TUESDAY, time(6, 30))
    assert list(book.found(early)) == [f"round{code}" for code in found]
    book.of_today = None
    assert book.found() == {}, "from seven on it is the round that has to be done"


def test_a_delivery_that_does_not_end_may_pass(book):
    book.standstill = SimpleNamespace(sentence="no delivery ends")
    (found,) = auditor.audit(configured(), NOON)
    assert (found.key, found.sentence, found.passing) == ("delivery", "no delivery ends", True)


def test_a_backup_that_is_too_old_is_found(book):
    book.backup = "the newest backup is of Sun 15 Mar 2026 at 03:30 GMT"
    assert book.found() == {"backup": book.backup}


def test_where_no_force_is_expected_nothing_is_accounted_for(book):
    book.expected = []
    assert list(book.found()) == ["forces"]


def test_only_forces_whose_round_ended_well_and_that_are_expected_have_to_have_climbed(book):
    book.expected = ["45", "46", "47", "48"]
    book.seen = [ran(BOOK), ran("47"), ran("45"), ran("46", failure="x"), ran("48", ended=False), ran("49")]
    book.answers["unclimbed"] = {"45": 2}
    assert book.found()["steps:45"] == "force 45: 2 obligations whose step fell due and was not taken"
    assert book.asked["unclimbed"] == (["45", "47"], TUESDAY)
    book.found(at_london(day("Sun 15 Mar 2026")))
    assert book.asked["unclimbed"][1] == day("Fri 13 Mar 2026")


def test_what_queries_found_is_told_force_by_force(book):
    book.answers |= {"unwatched": {"45": 1}, "unbalanced": ["45"], "unevaluated": {"45": 1200}}
    book.feeds = [FeedTrouble("niche", ("45",), "late", None, "source niche is late")]
    assert book.found() == {
        "feed:niche:late": "source niche is late",
        "cases:45": "force 45: 1 open case in scope with no obligation that has a step to come",
        "account:45": "the account of force 45 does not balance",
        "evaluated:45": "no case of force 45 could be evaluated (1,200 to look at)",
    }


def test_watched_are_forces_whose_joint_reviews_are_on(book, monkeypatch):
    book.expected, real = ["45", "46"], configured().policy
    policy = SimpleNamespace(
        for_force=lambda code: SimpleNamespace(of=lambda _: SimpleNamespace(enabled=code in book.on)),
        ladder_of=real.ladder_of, harassment_in=real.harassment_in, letter=real.letter,
    )  # fmt: skip
    monkeypatch.setattr(Configuration, "policy", policy)
    for book.on in (["45", "46"], ["46"], []):
        book.found()
        ladders = book.asked["unwatched"][0]
        assert sorted(set(ladders[0])) == book.on
        assert len({len(one) for one in ladders}) == 1


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        ([ran(BOOK, state="Failed"), ran("45")], True),
        ([ran(BOOK, state="Degraded"), ran("45")], False),
        ([ran("45")], None),
        ([ran(BOOK, state="Failed"), ran("45", began=EIGHT + SECOND)], False),
        ([ran(BOOK, state="Failed"), ran("45", began=EIGHT - SECOND)], True),
        ([ran(BOOK, state="Failed"), ran("45", began=EIGHT - SECOND, attempts=2)], False),
    ],
)
def test_a_round_that_failed_in_part_is_found_until_one_is_run_again(book, seen, told):
    book.seen = seen
    failed = "the round of Tue 17 Mar 2026 failed in part: its page names why; run it again"
    if told is not None:
        assert book.found() == ({"failed": failed} if told else {})
    book.answers["unbalanced"] = ["45"]
    assert "failed" not in book.found(), "another finding names why"


@pytest.mark.parametrize(("what", "noun"), [("letter", "messages"), ("notification", "notifications")])
def test_rows_that_are_stuck_are_counted_and_the_hold_is_named(book, what, noun):
    book.answers["stuck"] = {what: 2, "claimed": 0}
    (found,) = book.found().items()
    assert (found[0], found[1].startswith(f"2 {noun} ")) == (f"stuck:{what}", True)
    assert "held" not in found[1]
    book.held = True
    assert book.found()[found[0]].endswith(", since the outbox is held")


def limits(book, at):
    book.found(at)
    (found,) = book.asked["stuck"]
    return found


def midnight(on: date) -> datetime:
    return at_london(on, time(0))


def test_a_message_is_stuck_two_hours_after_its_moment_and_a_letter_as_long_after_its_hour(book):
    noon = limits(book, NOON)
    assert noon.others == noon.letters == NOON - timedelta(hours=2)
    ten = EIGHT + timedelta(hours=2)
    assert limits(book, ten - SECOND).letters == midnight(TUESDAY)
    assert limits(book, ten).letters == ten - timedelta(hours=2)


def test_on_a_day_off_letters_of_the_last_working_day_have_left(book):
    sunday = at_london(day("Sun 15 Mar 2026"), time(12))
    assert limits(book, sunday).letters == midnight(day("Sat 14 Mar 2026"))
    monday = at_london(day("Mon 16 Mar 2026"), time(9))
    assert limits(book, monday).letters == midnight(day("Sat 14 Mar 2026"))


@pytest.mark.parametrize(
    ("on", "last"),
    [
        ("Tue 17 Mar 2026", "Mon 16 Mar 2026"), ("Mon 16 Mar 2026", "Fri 13 Mar 2026"),
        ("Sun 15 Mar 2026", "Fri 13 Mar 2026"), ("Sat 14 Mar 2026", "Fri 13 Mar 2026"),
    ],
)  # fmt: skip
def test_what_travels_in_letters_has_left_by_the_last_working_day(book, on, last):
    assert limits(book, at_london(day(on), time(12))).last_working == day(last)
