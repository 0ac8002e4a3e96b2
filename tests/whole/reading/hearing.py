"""Who hears of a step: the addressees of specification 4, and of these the ones whose first day has come."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from tests.whole.reading.duties.owed import Owed
from tests.whole.reading.facts import area_of
from tests.whole.reading.first_day import EARLY, FirstDays, told_early
from tests.whole.reading.ladders import ALL_SPOCS
from tests.whole.reading.life import Life
from tests.whole.reading.people import OPERATIONS, USUAL, Case, Owner, People
from tests.whole.reading.reviews import Reviews
from tests.whole.reading.store import Store


def _place(subject: str) -> tuple[str, str]:
    """Give what kind of subject it is, and its name: of a source's file, the source's."""
    kind, _, name = subject.partition(":")
    return kind, name.partition("/")[0] if kind == "source" else name


@dataclass
class Hearing:
    """The cases, the joint reviews and the first days by which people are found."""

    store: Store = field(default_factory=Store)
    cases: dict[tuple[str, str], Case] = field(default_factory=dict)
    reviews: Reviews = field(default_factory=Reviews)
    first: FirstDays = field(default_factory=FirstDays)

    def told(self, words: tuple[str, ...], life: Life, people: People, step: str) -> dict[str | None, str]:
        """Give the people notified of a step by a ladder's addressees, each with the addressee that led to them."""
        owed = life.owed
        if owed.force is None:
            return self._told_without_case(words, life, people)
        if not self.first.begun(owed.force, people.day):
            early = told_early(owed, self.first.starts[owed.force])
            words = tuple(word for word in words if early and word in EARLY)
        case, every = self.cases[owed.force, owed.case_ref or ""], step in ALL_SPOCS
        return people.told(words, owed.owed_by, case, self._owner(owed), every=every)

    def _owner(self, owed: Owed) -> Owner:
        """Give who owes an obligation of a case, before any fallback."""
        if owed.rule == "supervisor-review":
            return Owner("supervisor")
        if owed.rule == "outcome-unrecorded":
            ref = owed.subject.removeprefix("sitting:")
            return Owner("chair", next(one.chair for one in self.reviews.of(owed.identity[:2]) if one.ref == ref))
        if owed.rule in ("action", "action-plan"):
            return Owner(ref=self.store.files["actions"][owed.subject.removeprefix("action:"),].row["owner_ref"])
        return USUAL

    def _places(self, contact: str, agency: str) -> list[str]:
        row = self.store.files["contacts"][contact,].row
        return row["force_code" if agency == "police" else "cps_area"]

    def _told_without_case(self, words: tuple[str, ...], life: Life, people: People) -> dict[str | None, str]:
        """Give the people of the forces that have begun; until one has, operations alone."""
        owed, waiting = life.owed, self.first.waiting(people.day)
        kind, name = _place(owed.subject)
        if life.start is not None and people.day < life.start:
            return {OPERATIONS: "operations"} if "operations" in words else {}
        if kind == "source":
            begun = [force for force in self.store.covers[name] if force not in waiting]
            of_source = people.told_of_feed if owed.rule == "feed-stale" else people.told_of_source
            return of_source(words, begun)
        places = self._places(name, owed.owed_by) if kind == "contact" else [name]
        return people.told_without_case(words, owed.owed_by, [place for place in places if place not in waiting])

    def start_of(self, owed: Owed) -> date | None:
        """Give the first day that an obligation has: its force's, or that of the first of the forces it concerns."""
        if owed.force is not None:
            return self.first.of([owed.force])
        kind, name = _place(owed.subject)
        places = self._places(name, owed.owed_by) if kind == "contact" else [name]
        if kind == "source":
            return self.first.of(self.store.covers[name])
        return self.first.of(places if owed.owed_by == "police" else self._forces_of(places))

    def _forces_of(self, areas: list[str]) -> list[str]:
        """Give the forces with an open case in one of some Areas."""
        names = {area.replace("&", "and").lower() for area in areas}
        return [row["force_code"] for row in self.store.cases() if not row["finalised_on"] and area_of(row) in names]
