"""Days and moments as typed on the command line."""

from datetime import date, datetime

import pendulum

from config.london import at_london, london_day
from config.settings import Clock, settings
from flows.clock import moment
from models.errors import Refuse
from models.rules.arithmetic import format_day
from models.rules.calendar import FIRST, LAST


def read_day(text: str | None) -> date | None:
    """Parse YYYY-MM-DD or DD/MM/YYYY; None if nothing was typed. Raises Refuse with a sentence for anything else."""
    if text is None:
        return None
    for form in ("YYYY-MM-DD", "DD/MM/YYYY"):
        try:
            return pendulum.from_format(text, form).date()
        except ValueError:
            continue
    raise Refuse(f'"{text}" is not a day. Write it as 2026-03-16 or 16/03/2026. Nothing was done.')


def as_of(text: str | None) -> datetime:
    """Return the moment for a command: now, or 08:00 London on the day typed. Raises Refuse for a day after today."""
    day = read_day(text)
    if day is None:
        return moment()
    if not FIRST <= day <= LAST:
        raise Refuse(f'"{text}" is outside the calendar, which covers {FIRST.year} to {LAST.year}. Nothing was done.')
    if day > london_day(moment()) and settings().clock is not Clock.VIRTUAL:
        raise Refuse(f"{format_day(day)} has not come yet: --as-of takes today or a day before it. Nothing was done.")
    return at_london(day)


def recorded(today: date) -> date:
    """Return the day under which a change is recorded: at most the real day, unless the clock is virtual."""
    return today if settings().clock is Clock.VIRTUAL else min(today, london_day(moment()))
