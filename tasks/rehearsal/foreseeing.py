"""Foreseeing: what nothing but the days changes is climbed for all weeks at once, in memory.

Left to the rounds of the days is whatever depends on something else: what is convened, promised or waits, the forces
with a first day, and whatever leads to somebody who comes, goes or is away for a part of the weeks.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection

from config.days.london import at_london
from config.ladders import Step
from config.settings import settings
from models.queries.rehearsal import foreseen as queries
from models.queries.rehearsal.figures import WhatIsOwed
from models.queries.rehearsal.foreseen import ForeseenObligation
from models.rules.obligations.forecast import StepAhead
from models.rules.obligations.ladder import Rung
from models.rules.obligations.sitting_pause import JOINT_REVIEW
from models.rules.outbox.letter_hour import leaves_at
from models.rules.people.addressing import address, through
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties
from models.rules.rehearsal.ahead import steps_ahead
from tasks.platform import configuration, diagnosis, round_lock
from tasks.platform.database import transaction
from tasks.platform.directory import directory_on
from tasks.platform.gc_pause import gc_paused
from tasks.rehearsal.foreseen_reviews import ClimbedReview, ForeseenReviews

BY_DAYS = ("outcome-unrecorded",)  # a sitting begins and ends them


class Foreseeing:
    """The weeks from a first day to a last as they are foreseen: who gets a letter when, and of how many matters."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        self.matters: Counter[tuple[str, date]] = Counter()  # of a reader's day
        self.heard_on: dict[WhatIsOwed, date] = {}
        self._letters: dict[date, set[str]] = defaultdict(set)
        self.reviews = ForeseenReviews()
        self._overdue: dict[str, date] = {}  # the day from which somebody knows of something overdue

    def climb(self, day: date) -> None:
        """Climb what is foreseen, once a day's cases have their sittings: joint reviews of the day, others at once."""
        if day == self.first:
            self._begin()
        with transaction() as connection:
            for one, refs in self.reviews.climb(connection, day):
                self.take(one, [(day, refs)])

    def _begin(self) -> None:
        """Foresee every force without a first day of its own."""
        with gc_paused(), transaction() as connection:
            moving = queries.moving(connection, self.first, self.last)
            people = directory_on(connection, self.first)
            starts = configuration.policy().starts
            for force_code in round_lock.forces():
                if force_code not in starts:
                    _Force(self, people, frozenset(moving)).foresee(connection, force_code)

    def letters(self, day: date) -> frozenset[str]:
        """Return those who get a letter on a day."""
        return frozenset(self._letters.get(day, ()))

    def overdue(self, day: date) -> list[str]:
        """Return those who heard, before a day, of something that is overdue on it."""
        return [ref for ref, on in self._overdue.items() if on <= day]

    def begin_letters(self, day: date) -> None:
        """Begin the letters of a day. What else waits for these people joins them."""
        leaves = leaves_at(day, configuration.policy().letter, at_london(day))
        refs = self.letters(day)
        if refs:
            with transaction() as connection:
                queries.begin_letters(connection, refs, settings().main.channel, day, leaves)

    def take(self, one: ForeseenObligation, taken: Iterable[tuple[date, Sequence[str]]]) -> None:
        """Add the steps of an obligation, in their order."""
        for at, (day, refs) in enumerate(taken):
            if at == 0:
                key = (one.case_id, one.rule, one.subject)
                self.heard_on[key] = min(day, self.heard_on.get(key, day))
            for ref in refs:
                self.matters[ref, day] += 1
                self._letters[day].add(ref)
                known = max(day, one.due_on) + timedelta(days=1)
                self._overdue[ref] = min(known, self._overdue.get(ref, known))


class _Force:
    """One force's obligations, climbed for all weeks."""

    def __init__(self, made: Foreseeing, people: Directory, moving: frozenset[str]) -> None:
        self._made, self._people, self._moving = made, people, moving
        self._ladders: dict[str, Sequence[Step]] = {}
        self._paths: dict[tuple[object, ...], tuple[StepAhead, ...] | None] = {}
        self._reached: dict[tuple[object, ...], tuple[str | None, ...] | None] = {}

    def foresee(self, connection: Connection, force_code: str) -> None:
        """Take out of the climbs whatever can be foreseen."""
        out: list[int] = []
        reviews: list[int] = []
        for one in queries.alone(connection, force_code, self._made.last, BY_DAYS):
            try:
                found = self._review(one, force_code) if one.rule == JOINT_REVIEW else self._taken(one, force_code)
            except Exception as error:  # noqa: BLE001  the rounds pass over it
                diagnosis.reason(error)
                continue
            if isinstance(found, ClimbedReview):
                self._made.reviews.add(found, max(one.next_step_on, self._made.first))
                reviews.append(one.id)
            elif found is not None:
                self._made.take(one, found)
                out.append(one.id)
        queries.take_out(connection, out)
        queries.no_climb(connection, reviews)

    def _review(self, one: ForeseenObligation, force_code: str) -> ClimbedReview | None:
        """Return a joint review with its place on its ladder; None if its steps depend on who comes or goes."""
        steps = self._ladder(one.rule, force_code)
        reached = [self._who(step, one.matter, handed_over=False) for step in steps]
        if None in reached or any(step.any_day for step in steps) or not self._nobody_new(one, steps):
            return None
        sits = configuration.convened(one.sits_on, force_code)
        rung = _rung(one)._replace(convened=sits)
        return ClimbedReview(one, force_code, steps, [[ref for ref in refs or () if ref] for refs in reached], rung)

    def _ladder(self, rule: str, force_code: str) -> Sequence[Step]:
        if rule not in self._ladders:
            self._ladders[rule] = configuration.policy().ladder_of(rule, force_code)
        return self._ladders[rule]

    def _nobody_new(self, one: ForeseenObligation, steps: Sequence[Step]) -> bool:
        """Return whether the present step leads to nobody but those to whom it led before."""
        if not one.last_step:
            return True
        if one.last_step > len(steps):
            return False
        present = self._who(steps[one.last_step - 1], one.matter, handed_over=True)
        return present is not None and {ref or "" for ref in present} <= set(one.addressed)

    def _taken(self, one: ForeseenObligation, force_code: str) -> list[tuple[date, list[str]]] | None:
        """Return the days of an obligation's steps and who hears of each; None if that depends on something else."""
        steps = self._ladder(one.rule, force_code)
        path = self._path(steps, one) if self._nobody_new(one, steps) else None
        if path is None:
            return None
        found = []
        for step, day, _ in path:
            refs = self._who(steps[step - 1], one.matter, handed_over=False)
            if refs is None:
                return None
            found.append((day, [ref for ref in refs if ref]))
        return found

    def _path(self, steps: Sequence[Step], one: ForeseenObligation) -> tuple[StepAhead, ...] | None:
        visit = max(one.next_step_on, self._made.first)
        key = (
            id(steps), one.remind_on, one.due_on, one.escalate_on, one.hard, one.last_step, tuple(one.taken_on), visit,
        )  # fmt: skip
        if key not in self._paths:
            self._paths[key] = steps_ahead(steps, _rung(one), visit, self._made.last, configuration.calendar())
        return self._paths[key]

    def _who(self, step: Step, matter: Parties, *, handed_over: bool) -> tuple[str | None, ...] | None:
        """Return whom a step leads to; None if that depends on somebody who comes or goes."""
        key = (id(step), matter, handed_over)
        if key not in self._reached:
            to = step.handed_over if handed_over else step.to
            moves = through(step.to, matter, self._people, all_spocs=step.all_spocs) & self._moving
            refs = tuple(one.contact_ref for one in address(to, matter, self._people, all_spocs=step.all_spocs))
            self._reached[key] = None if moves else refs
        return self._reached[key]


def _rung(one: ForeseenObligation) -> Rung:
    return Rung(one.remind_on, one.due_on, one.escalate_on, one.risk, one.hard, one.last_step, tuple(one.taken_on))
