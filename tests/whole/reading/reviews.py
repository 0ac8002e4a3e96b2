"""Joint reviews from day to day (specification 5): convened cases, their outcomes, and obligations still open."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from tests.whole.reading.convening import Review, convene, deadline
from tests.whole.reading.days import add
from tests.whole.reading.duties.owed import Owed
from tests.whole.reading.duties.rules import quorate
from tests.whole.reading.panels import USUAL, Pair, Panel, Plan, Sitting, pair_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.whole.reading.facts import Facts

Case = tuple[str, str]
WITHIN = "1wd"  # the outcome is owed by then


@dataclass
class Seat:
    """A case's sitting, and the due days for which it was convened."""

    sitting: Sitting
    due: date
    deadline: date

    def awaited(self, today: date) -> bool:
        """Return whether the sitting is past."""
        return self.sitting.day <= today


@dataclass
class Reviews:
    """All pairs' sittings, and the seat of each case."""

    panels: list[Panel] = field(default_factory=list)
    plan: Plan = field(init=False)
    seats: dict[Case, Seat] = field(default_factory=dict)
    sat: dict[Case, set[Sitting]] = field(default_factory=lambda: defaultdict(set))
    outside: dict[Case, tuple[Pair, date, date]] = field(default_factory=dict)  # due, and no place is left
    recorded: set[tuple[Case, Sitting]] = field(default_factory=set)
    pairs: dict[Case, Pair] = field(default_factory=dict)
    due: dict[Pair, list[Review]] = field(default_factory=dict)  # cases convened this night, or without a place
    barring: dict[Case, frozenset[str]] = field(default_factory=dict)  # they sit behind the others

    def __post_init__(self) -> None:
        self.plan = Plan(self.panels)

    def night(
        self, today: date, everything: list[Facts], due: dict[Case, Owed], waiting: frozenset[str] = frozenset()
    ) -> None:
        """Record outcomes, release cases that owe no review, and convene; cases of forces that wait have no place."""
        facts = {(each.case["force_code"], each.case["case_ref"]): each for each in everything}
        self.pairs = {case: pair_of(each.case) for case, each in facts.items()}
        self.barring = {case: each.barred for case, each in facts.items() if each.barred}
        self._outcomes(today, facts)
        ahead = {panel.pair: panel.last(today) for panel in self.panels}
        usual = add(today, USUAL)
        inside = {case: owed for case, owed in due.items() if owed.due <= ahead.get(self.pairs[case], usual)}
        self.seats = {case: seat for case, seat in self.seats.items() if seat.awaited(today) or case in inside}
        self._plan(today, waiting)
        apart = {case: owed for case, owed in inside.items() if case[0] in waiting}
        self.outside, self.due = {case: (self.pairs[case], owed.due, owed.due) for case, owed in apart.items()}, {}
        for pair in sorted({self.pairs[case] for case in inside.keys() - apart.keys()}):
            own = {
                case: owed
                for case, owed in inside.items()
                if self.pairs[case] == pair and not (case in self.seats and self.seats[case].awaited(today))
            }
            self.due[pair] = [_review(facts[case], owed) for case, owed in own.items()]
            to_come = self.plan.to_come.get(pair, [])
            while self._move_up(pair, to_come, today):
                pass

    def _may_sit(self, case: Case, sitting: Sitting) -> bool:
        """Return whether a case may sit there: never where the chair must hear nothing of it."""
        return sitting.chair not in self.barring.get(case, ())

    def _plan(self, today: date, waiting: frozenset[str]) -> None:
        stay = self.plan.night(today, waiting)
        for case, seat in list(self.seats.items()):
            if seat.awaited(today):
                continue
            seat.sitting = stay.get(seat.sitting.ref, seat.sitting)
            if seat.sitting.ref not in stay:  # it was cancelled
                del self.seats[case]
        for case, seat in list(self.seats.items()):
            if seat.sitting.day >= today and not self._may_sit(case, seat.sitting):
                del self.seats[case]

    def _move_up(self, pair: Pair, to_come: list[Sitting], today: date) -> bool:
        """Convene, and place late cases again of which each then sits sooner; return whether there were any."""
        late, seats, outside = self._late(pair, to_come, today), self.seats, self.outside
        while True:
            self.seats = {case: replace(seat) for case, seat in seats.items() if case not in late}
            self.outside = dict(outside)
            self._convene_all(pair, to_come, today)
            now = self.seats
            sooner = [case for case in late if case in now and now[case].sitting.day < seats[case].sitting.day]
            if sooner == late:
                return bool(late)
            late = sooner

    def _late(self, pair: Pair, to_come: list[Sitting], today: date) -> list[Case]:
        """Give the late cases for which a sooner sitting may have room."""
        taken = {kind: self._taken(barring=kind) for kind in (False, True)}
        return [
            case
            for case, seat in self.seats.items()
            if self.pairs[case] == pair
            and not seat.awaited(today)
            and seat.sitting.day > seat.deadline
            and any(
                one.day < seat.sitting.day and taken[case in self.barring][one] < one.places
                for one in to_come
                if self._may_sit(case, one)
            )
        ]

    def _outcomes(self, today: date, facts: dict[Case, Facts]) -> None:
        for case, seat in list(self.seats.items()):
            if seat.awaited(today):
                self.sat[case].add(seat.sitting)
        self.recorded = set()
        for case, sat in self.sat.items():
            held = [row["held_on"] for row in facts[case].every("reviews") if row["kind"] == "joint"]
            self.recorded |= {(case, one) for one in sat if any(day >= one.day for day in held)}
        for case, seat in list(self.seats.items()):
            over = today > add(seat.sitting.day, WITHIN)
            if seat.awaited(today) and (over or (case, seat.sitting) in self.recorded):
                del self.seats[case]

    def _taken(self, *, barring: bool, without: Case | None = None) -> Counter[Sitting]:
        """Count the seats of the cases that bar somebody, or of the others, by sitting."""
        seats = self.seats.items()
        return Counter(seat.sitting for case, seat in seats if (case in self.barring) == barring and case != without)

    def _convene_all(self, pair: Pair, to_come: list[Sitting], today: date) -> None:
        """Convene the cases that bar nobody together, and each of the others in the places that its like leave."""
        due = self.due[pair]
        self._crowded_out(due, to_come, today)
        self._convene(pair, [review for review in due if review.case not in self.barring], to_come, today)
        for review in sorted(due, key=lambda review: review.worth(today)):
            if review.case in self.barring:
                taken = self._taken(barring=True, without=review.case)
                allowed = [one for one in to_come if self._may_sit(review.case, one)]
                left = [replace(one, places=max(0, one.places - taken[one])) for one in allowed]
                self._convene(pair, [review], left, today)
                if seat := self.seats.get(review.case):
                    seat.sitting = next(one for one in to_come if one.ref == seat.sitting.ref)
                else:  # the next sitting is its deadline, though it may not sit there
                    self.outside[review.case] = pair, review.due, deadline(review.due, to_come)

    def _crowded_out(self, due: list[Review], to_come: list[Sitting], today: date) -> None:
        """Take the seats of the cases that bar somebody, of least worth, where a sitting takes fewer than before."""
        apart = [review for review in due if review.case in self.barring and review.case in self.seats]
        apart.sort(key=lambda review: review.worth(today))
        for one in to_come:
            for review in [review for review in apart if self.seats[review.case].sitting.ref == one.ref][one.places :]:
                del self.seats[review.case]
                apart.remove(review)

    def _convene(self, pair: Pair, reviews: list[Review], to_come: list[Sitting], today: date) -> None:
        kept, deadlines, shown = {}, {}, {}
        for review in reviews:
            case, seat = review.case, self.seats.get(review.case)
            deadlines[case] = shown[case] = deadline(review.due, to_come)
            if seat is None:
                continue
            if review.due <= seat.due:  # no case becomes punctual by waiting
                shown[case] = min(deadlines[case], seat.deadline)
            if seat.sitting.day <= deadlines[case] or deadlines[case] >= seat.deadline:
                kept[case] = next((one for one in to_come if one.ref == seat.sitting.ref), seat.sitting)
        seated = convene(reviews, kept, deadlines, to_come, today)
        for review in reviews:
            case = review.case
            if case in seated:
                self.seats[case] = Seat(seated[case], review.due, shown[case])
            else:
                self.seats.pop(case, None)
                self.outside[case] = pair, review.due, deadlines[case]

    def owed(self, facts: Facts, agencies: dict[str, str]) -> Iterator[Owed]:
        """Yield each outcome that is owed of one case, by the agency of the sitting's chair."""
        case = facts.case["force_code"], facts.case["case_ref"]
        for one in sorted(self.of(case)):
            if (case, one) not in self.recorded and not facts.case["finalised_on"]:
                due = add(one.day, WITHIN)
                subject = f"sitting:{one.ref}"
                yield Owed(*case, facts.root, "outcome-unrecorded", subject, agencies[one.chair], due, facts.risk)

    def of(self, case: Case) -> set[Sitting]:
        """Give the sittings that a case is one of."""
        seat = self.seats.get(case)
        return self.sat.get(case, set()) | ({seat.sitting} if seat else set())

    def silence(self, case: Case, step: str, due: date, today: date) -> bool:
        """Return whether a step of a joint review is kept silent: convened in time, or its outcome is awaited."""
        seat = self.seats.get(case)
        if seat is None:
            return False
        return seat.awaited(today) or (step == "reminder" and seat.sitting.day <= due)

    def lines(self, due: dict[Case, date]) -> list[dict[str, Any]]:
        """Give the output of `casebeat sittings --json`: an object for each case that is convened or due."""
        found = []
        for case, seat in self.seats.items():
            one, pair = seat.sitting, self.pairs[case]
            late = one.day > seat.deadline
            found.append(_line(case, pair, one, due.get(case, seat.due), seat.deadline, late=late))
        for case, (pair, on, by) in self.outside.items():
            found.append(_line(case, pair, None, on, by, late=True))
        return found


def _review(facts: Facts, owed: Owed) -> Review:
    held = [row["held_on"] for row in facts.every("reviews") if quorate(row)]
    last = max(held, default=facts.case["opened_on"])
    return Review((facts.case["force_code"], facts.case["case_ref"]), facts.risk, owed.due, owed.escalate, last)


def _line(case: Case, pair: Pair, one: Sitting | None, due: date, by: date, *, late: bool) -> dict[str, Any]:
    return {
        "sitting_ref": one.ref if one else None,
        "day": one.day.isoformat() if one else None,
        "starts_at": one.starts_at.timestamp() if one else None,
        "force_code": case[0],
        "cps_area": pair[1],
        "case_ref": case[1],
        "due_on": due.isoformat(),
        "deadline_on": by.isoformat(),
        "late": late,
    }
