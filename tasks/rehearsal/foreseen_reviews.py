"""Joint reviews in a rehearsal: climbed in memory, on the days on which a step falls due or their sitting changes."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from config.ladders import Step
from models.queries.rehearsal import foreseen as queries
from models.queries.rehearsal.foreseen import ForeseenObligation
from models.rules.obligations.ladder import Rung, climb, with_step
from tasks.platform import configuration

Hearers = Sequence[Sequence[str]]  # for each step of a ladder, those to whom it leads


class ClimbedReview(NamedTuple):
    """A joint review with its place on its ladder."""

    one: ForeseenObligation
    force_code: str
    steps: Sequence[Step]
    reached: Hearers
    rung: Rung


class ForeseenReviews:
    """The joint reviews of all forces that no round climbs."""

    def __init__(self) -> None:
        self._found: dict[int, ClimbedReview] = {}
        self._on: dict[date, set[int]] = defaultdict(set)

    def add(self, review: ClimbedReview, on: date) -> None:
        """Add a review that is to be looked at on a day."""
        self._found[review.one.id] = review
        self._on[on].add(review.one.id)

    def climb(self, connection: Connection, day: date) -> Iterator[tuple[ForeseenObligation, Sequence[str]]]:
        """Climb what is due on a day or has another sitting; yield the reviews that take a step, and who hears."""
        woken = {one.id: one.sits_on for one in queries.woken(connection, day) if one.id in self._found}
        for id_, sits_on in woken.items():
            before = self._found[id_]
            convened = configuration.convened(sits_on, before.force_code)
            self._found[id_] = before._replace(rung=before.rung._replace(convened=convened))
        queries.no_climb(connection, list(woken))
        for id_ in sorted(self._on.pop(day, set()) | woken.keys()):
            if (refs := self._climb(id_, day)) is not None:
                yield self._found[id_].one, refs

    def _climb(self, id_: int, day: date) -> Sequence[str] | None:
        review = self._found[id_]
        made = climb(review.steps, review.rung, day, configuration.calendar())
        if made.waits or made.next_on:
            self._on[max(made.next_on or day, day + timedelta(days=1))].add(id_)
        if not made.take:
            return None
        taken_on = with_step(review.rung.taken_on, made.take, day)
        self._found[id_] = review._replace(rung=review.rung._replace(last_step=made.take, taken_on=taken_on))
        return review.reached[made.take - 1]
