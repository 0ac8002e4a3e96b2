"""Changes between two nights' extracts: work done, facts corrected, people moving on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tests.whole.reading.books import happenings, protocol_rows, suspects
from tests.whole.reading.books.book import Book
from tests.whole.reading.books.extracts import Source, write
from tests.whole.reading.facts import in_scope
from tests.whole.reading.sheets import OPTIONAL, Row, Sheet
from tests.whole.reading.store import Store

WITHDRAWABLE = (
    "incidents",
    "actions",
    "reviews",
    "referrals",
    "orders",
    "pleas",
    "training",
    "cps_cases",
    "absences",
    "contacts",
    "cases",
    "suspects",
    "defendants",
)


# a file that has them keeps them: of what a suspect's row kept and its file lacks, the text does not say which holds
STAY = (("suspects", "bail_ends_on"), ("defendants", "ctl_expires_on"))


@dataclass
class Night:
    """One day: the extract folders before its round, and their content."""

    day: date
    folders: list[Path]
    extracts: list[tuple[Source, str, dict[str, Sheet]]]
    fewer: bool = False  # a snapshot lacks a column that its predecessor had

    def load(self, store: Store) -> None:
        """Let the reading load the extracts."""
        for source, mode, files in self.extracts:
            store.load(source, mode, self.day, files)


def nights(book: Book, number: int, root: Path) -> Iterator[Night]:
    """Yield day after day, some skipped; write the extracts under a folder."""
    for index in range(number):
        night = Night(book.day, [], [])
        for source in book.sources:
            if index and book.maybe(0.25):
                continue
            mode = "snapshot" if index == 0 or book.maybe(0.5) else "delta"
            files = source.snapshot(book.rng) if mode == "snapshot" else source.delta(book.rng)
            folder = root / f"{source.name}-{book.day:%Y%m%d}"
            night.fewer = night.fewer or (mode == "snapshot" and source.fewer(files))
            write(folder, source, mode, book.day, files, rng=book.rng)
            night.folders.append(folder)
            night.extracts.append((source, mode, files))
        yield night
        book.day += timedelta(days=book.rng.choice([1, 1, 1, 1, 2, 3, 4, 9]))
        for _ in range(book.rng.randint(0, 6 + 3 * book.size // 4)):
            change(book)
        for _ in range(book.rng.randint(0, 2 + book.size // 10)):
            sit(book)
        if book.maybe(0.2):
            book.change_panel()
        book.leaders.name(book)


def change(book: Book) -> None:
    """Make one random change."""
    cases = [row for source in book.police.values() for row in source.held["cases"].values()]
    case, often = book.rng.choice(cases), [happening for happening, times in HAPPENINGS for _ in range(times)]
    book.rng.choice(often)(book, case)


def columns_change(book: Book, _case: Row) -> None:
    """Let a source's file gain a column, or lose one."""
    source = book.rng.choice(book.sources)
    lacking = [(name, column) for name, columns in source.lacks.items() for column in sorted(columns)]
    if source.silent and book.maybe(0.3):
        source.silent.pop()
    elif lacking and book.maybe(0.5):
        name, column = book.rng.choice(lacking)
        source.lacks[name] -= protocol_rows.together(column)
    else:
        every = [(name, column) for name in OPTIONAL if name in source.held for column in OPTIONAL[name].split()]
        every = [each for each in every if each[1] != "status_changed_on" and each not in STAY]
        name, column = book.rng.choice(every)
        source.lacks.setdefault(name, set()).update(protocol_rows.together(column))


def _vanish(book: Book, case: Row) -> None:
    """Let a case disappear from its source with all its rows, or come back."""
    source = book.source_of(case)
    if book.maybe(0.5):
        return
    source.drop("cases", (case["force_code"], case["case_ref"]))
    for name, rows in source.held.items():
        own = [key for key, row in rows.items() if row.get("case_ref") == case["case_ref"]]
        for key in own if name != "cases" else ():
            source.drop(name, key)


def sit(book: Book) -> None:
    """Let both agencies review a stalking case, or withdraw such a review, or make its review due earlier."""
    cases = [row for source in book.police.values() for row in source.held["cases"].values() if in_scope(row)]
    seats, today = book.reviews.seats, book.day
    been = [row for row in cases if (seat := seats.get((row["force_code"], row["case_ref"]))) and seat.awaited(today)]
    if not cases:
        return
    case, what = book.rng.choice(cases), book.rng.randrange(12)
    if what < 4 and been:
        case = book.rng.choice(been)
        book.add_joint_review(case)["held_on"] = book.before(1, seats[case["force_code"], case["case_ref"]].sitting.day)
    elif what < 6:
        book.add_joint_review(case)
    elif what < 8:
        book.add_fresh_incident(case)
    elif what < 10:
        case["risk"] = book.rng.choice([None, "high", "medium", "standard", "standard"])
    else:
        held = [(source, key, row) for source in book.sources for key, row in source.held["reviews"].items()]
        fresh = [(source, key) for source, key, row in held if row["held_on"] >= book.before(4)]
        for source, key in fresh[:1]:
            source.drop("reviews", key)


def _withdraw(book: Book, _case: Row) -> None:
    source, name = book.rng.choice(book.sources), book.rng.choice(WITHDRAWABLE)
    if source.held.get(name):
        source.drop(name, book.rng.choice(list(source.held[name])))


def _restore(book: Book, _case: Row) -> None:
    source = book.rng.choice(book.sources)
    if source.gone:
        name, key, row = source.gone.pop(book.rng.randrange(len(source.gone)))
        source.held[name].setdefault(key, row)


HAPPENINGS = (  # and how often, compared with one another
    (happenings.work, 3),
    (happenings.case_changes, 2),
    (happenings.cps, 2),
    (happenings.decide, 1),
    (happenings.new, 2),
    (_withdraw, 2),
    (_restore, 1),
    (happenings.people, 2),
    (happenings.owner, 1),
    (happenings.close, 1),
    (happenings.protocol, 4),
    (happenings.paper, 3),
    (happenings.office, 2),
    (happenings.settle, 2),
    (happenings.settle_nfa, 2),
    (happenings.status, 2),
    (happenings.charge, 2),
    (happenings.told, 3),
    (columns_change, 6),
    (_vanish, 1),
    (suspects.suspects_change, 5),
    (suspects.defendants_change, 2),
    (suspects.danger, 6),
    (suspects.served, 2),
)
