"""The steps that an obligation takes in the coming weeks where nothing but the days passes."""

from collections.abc import Sequence
from datetime import date, timedelta

from config.ladders import Step
from models.rules.calendar import WorkingCalendar
from models.rules.obligations.forecast import StepAhead
from models.rules.obligations.ladder import Rung, climb, with_step


def steps_ahead(
    steps: Sequence[Step], rung: Rung, first: date, last: date, calendar: WorkingCalendar
) -> tuple[StepAhead, ...] | None:
    """Climb a ladder as the rounds would from one day to another; None if a step is taken on a day off.

    On a day off, how many mails somebody gets depends on what else they hear that day.
    """
    taken: list[StepAhead] = []
    day = first
    while day <= last:
        made = climb(steps, rung, day, calendar)
        if made.take:
            if not calendar.is_working(day):
                return None
            taken.append(StepAhead(made.take, day))
            rung = rung._replace(last_step=made.take, taken_on=with_step(rung.taken_on, made.take, day))
        if made.next_on is None and not made.waits:
            break
        day = max(made.next_on or day, day + timedelta(days=1))
    return tuple(taken)
