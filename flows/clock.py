"""The one clock, and the guard of each moment that a caller names. Every layer below receives the moment or the day."""

from datetime import UTC, date, datetime

import pendulum
from pydantic import AwareDatetime, TypeAdapter

from config.days.london import london_day
from config.settings import Clock, settings
from models.errors import Refuse
from models.rules.arithmetic import format_day
from models.rules.calendar import FIRST, LAST
from tasks.platform.configuration import Configuration
from tasks.rounds import clock_checks
from tasks.servers import round_lock

_GIVEN: TypeAdapter[datetime | None] = TypeAdapter(AwareDatetime | None)


def moment(as_of: datetime | None = None) -> datetime:
    """Return the moment that the caller names, or now, in UTC. Raises ValueError for a moment without a time zone.

    Raises Refuse for a day after today in London, unless the clock is virtual, and for one outside the calendar.
    """
    if as_of is None:
        return datetime.fromtimestamp(pendulum.now("UTC").timestamp(), UTC)
    day = _day_in_calendar(as_of)
    if not _has_come(day):
        raise Refuse(f"{format_day(day)} has not come yet: as_of takes today or a day before it. Nothing was done.")
    return as_of.astimezone(UTC)


def moment_given(parameter: object) -> datetime | None:
    """Return the moment that a run's parameter names, or now where it names none, in UTC; None where it is refused.

    Whoever begins a run may give anything, and have it taken unchecked.
    """
    try:
        return moment(_GIVEN.validate_python(parameter))
    except (Refuse, ValueError):
        return None


def working_moment(as_of: datetime | None = None, force_code: str | None = None) -> datetime:
    """Return the moment for work on a force, or on the whole book, in UTC.

    Raises Refuse as `moment` does, and for a day before the last round, since ladders only climb.
    """
    at = moment(as_of)
    last = round_lock.last_round(force_code)
    if last is not None and london_day(at) < last.day:
        raise Refuse(
            f"{format_day(london_day(at))} is before force {last.force_code}'s last round ({format_day(last.day)}): "
            f"nothing was done.{_way_back(last.day)}"
        )
    return at


def round_moment(
    configuration: Configuration, as_of: datetime | None = None, force_code: str | None = None
) -> datetime:
    """Return the moment of a round, or of one of its duties, in UTC.

    Raises Refuse as `working_moment` does, and if the machine's clock is wrong; a virtual clock is not compared.
    """
    if configuration.settings.clock is Clock.REAL:
        clock_checks.refuse_wrong(configuration, moment())
    return working_moment(as_of, force_code)


def worked_at(at: datetime) -> datetime:
    """Return when work for a moment is done: now, or at that moment itself where the clock is virtual."""
    return at if settings().clock is Clock.VIRTUAL else moment()


def working_day(at: datetime) -> date:
    """Return the London day for work on the whole book at a moment. Raises Refuse as `working_moment` does."""
    return london_day(working_moment(at))


def is_today(as_of: datetime | None) -> bool:
    """Return whether a moment that the caller names is of today; None is now. With a virtual clock any is."""
    return as_of is None or settings().clock is Clock.VIRTUAL or london_day(as_of) == london_day(moment())


def _has_come(day: date) -> bool:
    return day <= london_day(moment()) or settings().clock is Clock.VIRTUAL


def _way_back(last: date) -> str:
    return "" if _has_come(last) else " That day has not come: casebeat undo-rounds takes back what ran in it."


def _day_in_calendar(as_of: datetime) -> date:
    try:
        day = london_day(as_of)
    except OverflowError:  # the first or the last day that Python knows
        day = as_of.date()
    if not FIRST <= day <= LAST:
        years = f"{FIRST.year} to {LAST.year}"
        raise Refuse(f'"{day.isoformat()}" is outside the calendar, which covers {years}. Nothing was done.')
    return day
