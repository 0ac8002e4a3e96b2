"""The ladder: the step that an obligation has reached on a day, and the step taken as a result."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from config.ladders import Step
from config.terms import Risk
from models.rules.arithmetic import format_day
from models.rules.calendar import WorkingCalendar
from models.rules.obligations.first_day import Start, not_before, woken
from models.rules.obligations.sitting_pause import ConvenedDays, Silence, silence

Days = Sequence[date | None]


class Rung(NamedTuple):
    """An obligation's position on its ladder. `taken_on` holds a day for each step, None if it was not taken."""

    remind_on: date
    due_on: date
    escalate_on: date
    risk: Risk
    hard: bool
    last_step: int  # 1 is the first step; 0 is no step yet
    taken_on: Sequence[date | None] = ()
    promised_until: date | None = None
    convened: ConvenedDays | None = None  # for a joint review
    start: Start | None = None  # of its force


class Climb(NamedTuple):
    """A day's result for a rung. Steps are numbered from 1; 0 is no step."""

    take: int = 0
    superseded: tuple[int, ...] = ()
    repeat: int = 0  # the last step, repeated because a promise lapsed
    silent: int = 0  # reached, and deliberately not taken
    because: str = ""  # the reason for the silence
    lapsed: bool = False  # the promise ends on this day
    waits: bool = False  # a step is due, and waits for the next working day
    next_on: date | None = None  # the next day on which a step can fall due


def step_days(steps: Sequence[Step], rung: Rung, calendar: WorkingCalendar) -> Days:
    """Calculate the day of each step, never before the previous one; None while it waits for a step not yet taken.

    A day up to the due day on which the step would not be taken gives way to the working day before it, so that its
    letter comes in time. What its force's first day puts off may come after a later step.
    """
    base = {"remind": rung.remind_on, "due": rung.due_on, "escalate": rung.escalate_on}
    names = [step.step for step in steps]
    found: list[date | None] = []
    earliest = date.min
    for step in steps:
        day = base[step.day.base]
        if step.day.plus.number:
            day = calendar.plus(day, step.day.plus)
        day = max(day, earliest)
        if day <= rung.due_on and not step.any_day:
            day = calendar.last_working(day)
        if step.after:
            asked = names.index(step.after.step)
            taken = rung.taken_on[asked] if asked < len(rung.taken_on) else None
            if taken is None:
                found.append(None)
                continue
            day = max(day, calendar.plus(taken, step.after.wait))
        earliest = day
        found.append(day)
    return not_before(found, steps, rung.start) if rung.start else found


def first_day(steps: Sequence[Step], rung: Rung, calendar: WorkingCalendar) -> date | None:
    """Calculate the day of the first step to be taken: that of the ladder's first, unless others hear before it."""
    return (
        step_days(steps[:1], rung, calendar)[0] if rung.start is None else next_day(step_days(steps, rung, calendar), 0)
    )


def may_take(step: Step, day: date, calendar: WorkingCalendar) -> bool:
    """Return whether a step may be taken, or repeated, on a day."""
    return step.any_day or calendar.is_working(day)


def reached(days: Days, today: date) -> int:
    """Return the last step whose day has come; 0 before the first."""
    return max((at for at, day in enumerate(days, 1) if day is not None and day <= today), default=0)


def next_day(days: Days, last_step: int) -> date | None:
    """Return the earliest day of a step beyond the last one taken."""
    return min((day for day in days[last_step:] if day is not None), default=None)


def climb(steps: Sequence[Step], rung: Rung, today: date, calendar: WorkingCalendar) -> Climb:
    """Decide today's step for an obligation: at most the current one. The steps that it skips are superseded."""
    made = _climb(steps, rung, today, calendar)
    return made._replace(next_on=woken(made.next_on, rung.start, today)) if rung.start else made


def _climb(steps: Sequence[Step], rung: Rung, today: date, calendar: WorkingCalendar) -> Climb:
    days = step_days(steps, rung, calendar)
    present = reached(days, today)
    quiet = None if rung.hard else _quiet(rung, today)
    if quiet:
        return _paused(days, rung, present, today, quiet)
    lapsed = rung.promised_until is not None and today > rung.promised_until
    if present > rung.last_step:
        if not may_take(steps[present - 1], today, calendar):
            return Climb(waits=True, next_on=next_day(days, rung.last_step))
        taken = with_step(rung.taken_on, present, today)
        later = step_days(steps, rung._replace(taken_on=taken), calendar)
        return Climb(
            take=present,
            superseded=tuple(range(rung.last_step + 1, present)),
            lapsed=lapsed,
            next_on=sooner(next_day(later, present), None if lapsed else rung.promised_until),
        )
    upcoming = next_day(days, rung.last_step)
    if lapsed and rung.last_step:
        if not may_take(steps[rung.last_step - 1], today, calendar):
            return Climb(waits=True, next_on=today)
        return Climb(repeat=rung.last_step, lapsed=True, next_on=upcoming)
    return Climb(lapsed=lapsed, next_on=sooner(upcoming, None if lapsed else rung.promised_until))


def with_step(taken_on: Sequence[date | None], step: int, today: date) -> tuple[date | None, ...]:
    """Return the days of the steps taken, with one added."""
    before = (*taken_on, *[None] * (step - len(taken_on)))
    return (*before[: step - 1], today, *before[step:])


def _quiet(rung: Rung, today: date) -> Silence | None:
    """Return why no step is taken today: a live promise, or a sitting that is planned or has just taken place."""
    if rung.promised_until is not None and today <= rung.promised_until:
        return Silence(rung.promised_until, f"acknowledged until {format_day(rung.promised_until)}")
    return silence(rung.convened, rung.due_on, today)


def _paused(days: Days, rung: Rung, present: int, today: date, quiet: Silence) -> Climb:
    coming = [day for day in days[rung.last_step :] if day is not None and day > today]
    silent = present if present > rung.last_step else 0
    return Climb(
        silent=silent, because=quiet.because if silent else "", next_on=sooner(min(coming, default=None), quiet.until)
    )


def sooner(step_on: date | None, promised_until: date | None) -> date | None:
    """Return the earlier of the step's day and the day after the promise ends, on which the obligation resumes."""
    wake = promised_until + timedelta(days=1) if promised_until else None
    return min((day for day in (step_on, wake) if day is not None), default=None)
