"""Obligations that a sitting begins, pauses or ends: a rehearsal climbs them in memory, on the days of their steps."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from config.ladders import Step
from models.queries.rehearsal import foreseen as queries
from models.queries.rehearsal.foreseen import ForeseenObligation
from models.rules.catalogue.contents import CHAIRED
from models.rules.obligations.ladder import Climb, Rung, climb, with_step
from tasks.platform.configuration import Configuration

BY_SITTINGS = CHAIRED  # no other rule reads at which sittings a case is
Hearers = Sequence[tuple[str, ...]]  # for each step of a ladder, those to whom it leads


class ClimbedByDay(NamedTuple):
    """An obligation with its place on its ladder. It is kept for all weeks, so that it holds no more than it needs."""

    case_id: int
    rule: str
    subject: str
    due_on: date
    steps: Sequence[Step]
    reached: Hearers
    rung: Rung


class ClimbsByDay:
    """The obligations of all forces that a sitting changes and no round climbs."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._found: dict[int, ClimbedByDay] = {}
        self._on: dict[date, set[int]] = defaultdict(set)

    def __contains__(self, obligation_id: int) -> bool:
        """Return whether an obligation is climbed here."""
        return obligation_id in self._found

    def add(self, obligation_id: int, ladder: ClimbedByDay, on: date) -> None:
        """Add an obligation that is to be looked at on a day."""
        self._found[obligation_id] = ladder
        self._on[on].add(obligation_id)

    def move(self, obligation: ForeseenObligation, day: date) -> None:
        """Take note of the sitting that a joint review has now, and look at it on a day."""
        before = self._found[obligation.id]
        convened = self._configuration.convened(obligation.sits_on, obligation.matter.numbers_of)
        self._found[obligation.id] = before._replace(rung=before.rung._replace(convened=convened))
        self._on[day].add(obligation.id)

    def climb(self, connection: Connection, day: date) -> Iterator[tuple[ClimbedByDay, tuple[str, ...]]]:
        """Climb what is due on a day and still owed; yield the obligations that take a step, and who hears."""
        made: dict[tuple[int, Rung], Climb] = {}  # those of one sitting are on the same rung
        due = self._on.pop(day, set())
        live = queries.live(connection, list(due))
        for id_ in due - live:
            del self._found[id_]
        for id_ in sorted(live):
            ladder = self._found[id_]
            key = id(ladder.steps), ladder.rung
            if key not in made:
                made[key] = climb(ladder.steps, ladder.rung, day, self._configuration.calendar)
            if (refs := self._take(id_, made[key], day)) is not None:
                yield ladder, refs

    def _take(self, id_: int, made: Climb, day: date) -> tuple[str, ...] | None:
        ladder = self._found[id_]
        if made.waits or made.next_on:
            self._on[max(made.next_on or day, day + timedelta(days=1))].add(id_)
        if not made.take:
            return None
        taken_on = with_step(ladder.rung.taken_on, made.take, day)
        self._found[id_] = ladder._replace(rung=ladder.rung._replace(last_step=made.take, taken_on=taken_on))
        return ladder.reached[made.take - 1]
