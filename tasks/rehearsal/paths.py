"""The paths of obligations on their ladders where nothing but the days passes."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from sys import intern

from config.ladders import Step
from models.queries.rehearsal.foreseen import ForeseenObligation
from models.rules.obligations.forecast import StepAhead
from models.rules.obligations.ladder import Rung
from models.rules.people.addressing import address, through
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties
from models.rules.rehearsal import steps_ahead
from tasks.platform.configuration import Configuration
from tasks.rehearsal.day_by_day import ClimbedByDay


class Paths:
    """The steps that obligations take from a day to another, and who hears of each."""

    def __init__(
        self, configuration: Configuration, people: Directory, moving: frozenset[str], day: date, last: date
    ) -> None:
        self._configuration = configuration
        self._people, self._moving, self._day, self._last = people, moving, day, last
        self._ladders: dict[tuple[str, str | None], Sequence[Step]] = {}
        self._hearers: dict[tuple[str, Parties], tuple[tuple[str, ...], ...] | None] = {}
        self._paths: dict[tuple[object, ...], tuple[StepAhead, ...] | None] = {}
        self._reached: dict[Parties, dict[tuple[int, bool], tuple[str, ...] | None]] = defaultdict(dict)

    def by_day(self, obligation: ForeseenObligation) -> ClimbedByDay | None:
        """Return an obligation with its place on its ladder; None if its steps depend on who comes or goes."""
        steps, key = self._ladder(obligation), (obligation.rule, obligation.matter)
        if key not in self._hearers:
            reached = [self._who(step, obligation.matter, handed_over=False) for step in steps]
            known = tuple(refs for refs in reached if refs is not None)
            self._hearers[key] = known if len(known) == len(reached) else None
        hearers = self._hearers[key]
        if hearers is None or any(step.any_day for step in steps) or not self._nobody_new(obligation, steps):
            return None
        rung = _rung(obligation)._replace(
            convened=self._configuration.convened(obligation.sits_on, obligation.matter.numbers_of)
        )
        return ClimbedByDay(
            obligation.case_id, obligation.rule, intern(obligation.subject), obligation.due_on, steps, hearers, rung
        )

    def _ladder(self, obligation: ForeseenObligation) -> Sequence[Step]:
        key = (obligation.rule, obligation.matter.numbers_of)
        if key not in self._ladders:
            self._ladders[key] = self._configuration.policy.ladder_of(*key)
        return self._ladders[key]

    def _nobody_new(self, obligation: ForeseenObligation, steps: Sequence[Step]) -> bool:
        """Return whether the present step leads to nobody but those to whom it led before."""
        if not obligation.last_step:
            return True
        if obligation.last_step > len(steps):
            return False
        present = self._who(steps[obligation.last_step - 1], obligation.matter, handed_over=True)
        return present is not None and set(present) <= set(obligation.addressed)

    def taken(self, obligation: ForeseenObligation) -> list[tuple[date, tuple[str, ...]]] | None:
        """Return the days of an obligation's steps and who hears of each; None if that depends on something else."""
        steps = self._ladder(obligation)
        path = self._path(steps, obligation) if self._nobody_new(obligation, steps) else None
        if path is None:
            return None
        found = []
        for step, day, _ in path:
            refs = self._who(steps[step - 1], obligation.matter, handed_over=False)
            if refs is None:
                return None
            found.append((day, refs))
        return found

    def _path(self, steps: Sequence[Step], obligation: ForeseenObligation) -> tuple[StepAhead, ...] | None:
        visit = max(obligation.next_step_on or self._day, self._day)
        key = (
            id(steps), obligation.remind_on, obligation.due_on, obligation.escalate_on, obligation.hard,
            obligation.last_step, tuple(obligation.taken_on), visit,
        )  # fmt: skip
        if key not in self._paths:
            self._paths[key] = steps_ahead(steps, _rung(obligation), visit, self._last, self._configuration.calendar)
        return self._paths[key]

    def _who(self, step: Step, matter: Parties, *, handed_over: bool) -> tuple[str, ...] | None:
        """Return whom a step leads to; None if that depends on somebody who comes or goes.

        Of a step that is handed over, operations are one, as an empty reference.
        """
        theirs, key = self._reached[matter], (id(step), handed_over)
        if key not in theirs:
            to = step.handed_over if handed_over else step.to
            moves = through(step.to, matter, self._people, all_spocs=step.all_spocs) & self._moving
            refs = (
                recipient.contact_ref or "" for recipient in address(to, matter, self._people, all_spocs=step.all_spocs)
            )
            theirs[key] = None if moves else tuple(ref for ref in refs if ref or handed_over)
        return theirs[key]


def _rung(obligation: ForeseenObligation) -> Rung:
    return Rung(
        obligation.remind_on,
        obligation.due_on,
        obligation.escalate_on,
        obligation.risk,
        obligation.hard,
        obligation.last_step,
        tuple(obligation.taken_on),
    )
