"""What is to come of an obligation if nobody acts: its ladder climbed on paper, day by day."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from config.ladders import Step
from models.rules.calendar import OutsideCalendar, WorkingCalendar
from models.rules.obligations.ladder import Climb, Rung, climb, with_step

FARTHEST = 1_000  # looks at the ladder, so that a calendar of one's own cannot make it endless


class Ahead(NamedTuple):
    """A step to come, or the last one said once more because a promise lapsed. Steps are numbered from 1."""

    step: int
    on: date
    repeated: bool = False


def ahead(steps: Sequence[Step], rung: Rung, today: date, calendar: WorkingCalendar) -> Iterator[Ahead]:
    """Climb the ladder as rounds would from today on, every day, with nothing done and no promise renewed.

    What today's own round has yet to take counts as to come. The sum ends where the calendar does, with 2099.
    """
    day = today
    for _ in range(FARTHEST):
        try:
            made = climb(steps, rung, day, calendar)
        except OutsideCalendar:
            return
        if made.take:
            yield Ahead(made.take, day)
        elif made.repeat:
            yield Ahead(made.repeat, day, repeated=True)
        if made.next_on is None and not made.waits:
            return
        rung = _after(rung, made, day)
        day = max(made.next_on or day, day + timedelta(days=1))


def _after(rung: Rung, made: Climb, day: date) -> Rung:
    promised = None if made.lapsed else rung.promised_until
    if not made.take:
        return rung._replace(promised_until=promised)
    taken = with_step(rung.taken_on, made.take, day)
    return rung._replace(last_step=made.take, taken_on=taken, promised_until=promised)
