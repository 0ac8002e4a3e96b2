"""The future of an obligation if nobody acts: its ladder climbed in advance, day by day."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from config.ladders import Step
from models.rules.calendar import OutsideCalendar, WorkingCalendar
from models.rules.obligations.ladder import Climb, Rung, climb, with_step

FARTHEST = 1_000  # the most days tried, so that a local calendar cannot make it endless


class StepAhead(NamedTuple):
    """A future step, or the last one repeated because a promise lapsed. Steps are numbered from 1."""

    step: int
    on: date
    repeated: bool = False


def forecast(steps: Sequence[Step], rung: Rung, today: date, calendar: WorkingCalendar) -> Iterator[StepAhead]:
    """Climb the ladder as the daily rounds would from today, with nothing done and no promise renewed.

    Steps that today's own round has still to take count as future ones. The forecast ends with the calendar, in 2099.
    """
    day = today
    for _ in range(FARTHEST):
        try:
            made = climb(steps, rung, day, calendar)
        except OutsideCalendar:
            return
        if made.take:
            yield StepAhead(made.take, day)
        elif made.repeat:
            yield StepAhead(made.repeat, day, repeated=True)
        if made.next_on is None and not made.waits:
            return
        rung = _after(rung, made, day)
        day = max(made.next_on or day, day + timedelta(days=1))


def following(steps: Sequence[Step], rung: Rung, today: date, calendar: WorkingCalendar) -> StepAhead | None:
    """Return the next step that is beyond the last one taken, on the day on which it will be taken.

    None where no step is left. A promise that lapses may repeat the last step before that day.
    """
    return next((step for step in forecast(steps, rung, today, calendar) if not step.repeated), None)


def _after(rung: Rung, made: Climb, day: date) -> Rung:
    promised = None if made.lapsed else rung.promised_until
    if not made.take:
        return rung._replace(promised_until=promised)
    taken = with_step(rung.taken_on, made.take, day)
    return rung._replace(last_step=made.take, taken_on=taken, promised_until=promised)
