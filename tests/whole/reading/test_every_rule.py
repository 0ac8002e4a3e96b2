"""The random books are complete: every rule owes, is met and climbs in some of them, and every column varies."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
import yaml

from tests.whole.reading import side_by_side
from tests.whole.reading.books.book import Book
from tests.whole.reading.books.nights import nights
from tests.whole.reading.duties.owed import SHAPE
from tests.whole.reading.first_day import FirstDays
from tests.whole.reading.letters import hidden
from tests.whole.reading.lives import Reading
from tests.whole.reading.reviews import Case, Reviews, Seat
from tests.whole.reading.seeds import STANDING
from tests.whole.reading.sheets import COLUMNS
from tests.whole.reading.store import Store

SHIPPED = Path(__file__).parents[3] / "config" / "policy.yaml"
SEEDS, NIGHTS, CASES = (*range(1, 17), 24), 15, 40
OF_A_CASE = {"finalised", "met", "out_of_scope"}
ENDS = {  # by rule: the ways in which it can end
    "joint-review": OF_A_CASE | {"moved"},
    "supervisor-review": OF_A_CASE | {"moved"},
    "action": OF_A_CASE | {"moved", "withdrawn"},
    "action-plan": OF_A_CASE | {"moved", "withdrawn"},
    "no-progress": OF_A_CASE | {"moved"},
    "charging-decision": OF_A_CASE | {"moved", "unseen", "withdrawn"},
    "awaiting-charge": OF_A_CASE | {"moved", "unseen"},
    "summary-time-limit": OF_A_CASE | {"moved", "unseen"},
    "time-limit-unknown": OF_A_CASE | {"unseen"},
    "charge-code-unknown": OF_A_CASE | {"moved", "unseen"},
    "bail-end": OF_A_CASE | {"moved", "withdrawn"},
    "bail-end-unknown": OF_A_CASE | {"moved", "unseen", "withdrawn"},
    "custody-limit": OF_A_CASE | {"moved", "withdrawn"},
    "custody-limit-unknown": OF_A_CASE | {"moved", "unseen", "withdrawn"},
    "feed-stale": {"met"},
    "why-not-stalking": OF_A_CASE | {"moved", "unseen"},
    "charge-not-stalking": OF_A_CASE | {"moved", "unseen"},
    "referral-checklist": OF_A_CASE | {"unseen", "withdrawn"},
    "pin-issued": OF_A_CASE | {"moved", "unseen"},
    "risk-assessment": OF_A_CASE | {"moved", "unseen"},
    "victim-contact": OF_A_CASE | {"moved", "unseen"},
    "plea": OF_A_CASE | {"moved", "unseen", "withdrawn"},
    "restraining-order": OF_A_CASE | {"moved", "unseen"},
    "spo-considered": OF_A_CASE | {"moved", "unseen"},
    "order-expiry": {"met", "moved", "out_of_scope", "unseen", "withdrawn"},
    "order-served": {"met", "moved", "out_of_scope", "unseen", "withdrawn"},
    "order-told": {"met", "moved", "out_of_scope", "unseen", "withdrawn"},
    "spo-notification": {"met", "moved", "out_of_scope", "unseen", "withdrawn"},
    "breach-unanswered": OF_A_CASE | {"unseen", "withdrawn"},
    "advocate-referral": OF_A_CASE | {"moved", "unseen"},
    "suspect-wanted": OF_A_CASE | {"moved", "withdrawn"},
    "danger": OF_A_CASE | {"moved", "renewed"},
    "bail-views": OF_A_CASE | {"moved", "unseen", "withdrawn"},
    "release-review": OF_A_CASE | {"moved", "unseen", "withdrawn"},
    "victim-told": OF_A_CASE | {"moved", "unseen"},
    "nfa-review": {"met", "out_of_scope", "unseen"},
    "closed-silently": {"met", "out_of_scope", "unseen"},
    "outcome-unrecorded": {"finalised", "met", "moved", "withdrawn"},
    "prosecutor-training": {"met", "moved", "out_of_scope", "withdrawn"},
    "column-missing": {"met", "moved"},
    "spoc-role": {"met", "moved", "out_of_scope", "withdrawn"},
    "spoc-vacancy": {"met", "moved", "out_of_scope"},
}
RARE = {  # those that come about in other books alone
    ("advocate-referral", "unseen"),
    ("awaiting-charge", "unseen"),
    ("bail-end-unknown", "withdrawn"),
    ("bail-views", "unseen"),
    ("closed-silently", "unseen"),
    ("order-told", "moved"),
    ("pin-issued", "moved"),
    ("pin-issued", "out_of_scope"),
    ("prosecutor-training", "met"),
    ("release-review", "finalised"),
    ("restraining-order", "unseen"),
    ("spoc-vacancy", "out_of_scope"),
    ("time-limit-unknown", "finalised"),
}


@dataclass
class Seen:
    """The contents of some books, and the reading's results."""

    owed: set[str] = field(default_factory=set)
    ends: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    steps: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    values: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    seated: Counter[str] = field(default_factory=Counter)

    def compare(self, before: dict[Case, Seat], reviews: Reviews, day: date) -> None:
        """Count the changes of each case's place in one night."""
        self.seated["nowhere"] += len(reviews.outside)
        self.seated["late"] += sum(seat.sitting.day > seat.deadline for seat in reviews.seats.values())
        self.seated["awaited"] += sum(seat.awaited(day) for seat in reviews.seats.values())
        for case, was in before.items():
            seat = reviews.seats.get(case)
            if seat and seat.sitting == was.sitting:
                self.seated["stayed"] += 1
            elif was.awaited(day):
                self.seated["recorded" if (case, was.sitting) in reviews.recorded else "unrecorded"] += 1
            elif seat:
                self.seated["pulled forward" if seat.due < was.due else "gave way"] += 1
            else:
                self.seated["not owed"] += 1


def _read(book: Book, number: int, folder: Path) -> Iterator[tuple[Reading, date]]:
    """Read a book night after night, without the product."""
    reading = Reading(reviews=book.reviews, first=FirstDays(book.starts))
    reading.store.since, reading.store.presumed, reading.store.secrets = book.since, book.presumed, book.secrets
    for night in nights(book, number, folder):
        night.load(reading.store)
        reading.run(night.day)
        yield reading, night.day


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    found = Seen()
    for seed in SEEDS:
        book = Book(seed, CASES)
        before: dict[Case, Seat] = {}
        for reading, day in _read(book, NIGHTS, tmp_path_factory.mktemp("drop")):  # noqa: B007  its last is read below
            found.compare(before, book.reviews, day)
            before = dict(book.reviews.seats)
        found.owed |= {life.owed.rule for life in reading.lives.values()}
        for (identity, _), (_, why) in reading.ended.items():
            found.ends[identity[2]] |= why if len(why) == 1 else set()
        for row in reading.rows:
            found.steps[row["rule"]].add(row["step"])
        for name, columns in COLUMNS.items():
            for held in reading.store.files[name].values():
                for column in columns:
                    found.values[name, column].add(str(held.row[column]))
    return found


def test_the_reading_knows_every_rule_of_the_policy() -> None:
    assert yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))["rules"].keys() == SHAPE.keys()


@pytest.mark.parametrize("rule", SHAPE)
def test_every_rule_owes_somewhere_is_met_somewhere_and_escalates(rule: str, seen: Seen) -> None:
    assert rule in seen.owed
    assert "met" in seen.ends[rule], seen.ends[rule]
    assert seen.steps[rule] & {"critical", "overdue", "expired", "silent"}, seen.steps[rule]


def test_in_the_books_of_every_day_every_rule_ends_in_nearly_every_way_that_it_can(tmp_path: Path) -> None:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for seed in STANDING:
        book = Book(seed, side_by_side.CASES)
        *_, (reading, _) = _read(book, side_by_side.NIGHTS, tmp_path / str(seed))
        for (identity, _), (_, why) in reading.ended.items():
            found[identity[2]] |= why if len(why) == 1 else set()
    ways = {(rule, end) for rule, ends in ENDS.items() for end in ends}
    assert {(rule, end) for rule, ends in found.items() for end in ends} == ways - RARE
    assert ENDS.keys() == SHAPE.keys()


@pytest.mark.parametrize("end", ["met", "moved", "withdrawn", "out_of_scope", "finalised"])
def test_every_end_comes_about_under_several_protocol_rules(end: str, seen: Seen) -> None:
    protocol = list(SHAPE)[list(SHAPE).index("why-not-stalking") :]
    assert len([rule for rule in protocol if end in seen.ends[rule]]) >= 3


PLACES = ("stayed", "late", "nowhere", "awaited", "recorded", "unrecorded", "pulled forward", "gave way", "not owed")


@pytest.mark.parametrize("what", PLACES)
def test_whatever_may_become_of_a_convened_case_comes_about(what: str, seen: Seen) -> None:
    assert seen.seated[what] > 1


@pytest.mark.parametrize("name", COLUMNS)
def test_every_column_varies(name: str, seen: Seen) -> None:
    assert not [column for column in COLUMNS[name] if len(seen.values[name, column]) < 2]


def test_in_the_books_of_every_day_cases_are_hidden_through_their_links_alone(tmp_path: Path) -> None:
    through = 0
    for seed in STANDING:
        (night,) = nights(Book(seed, side_by_side.CASES), 1, tmp_path / str(seed))
        store = Store()
        night.load(store)
        through += sum(not case["restricted"] for case in hidden(store))
    assert through > 5


def test_closed_cases_without_a_review_an_interim_orders_reminder_and_vacant_posts_are_among_them(seen: Seen) -> None:
    assert seen.ends["closed-silently"] >= {"met", "out_of_scope"}
    assert seen.steps["order-expiry"] >= {"reminder", "expiring", "two-weeks", "one-week", "last-day", "expired"}
    assert seen.steps["spoc-vacancy"] >= {"reminder", "overdue", "unresolved"}
