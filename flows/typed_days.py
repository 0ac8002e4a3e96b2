"""Days and moments as people type them at the command line."""

from datetime import date, datetime

import pendulum

from config.settings import Clock, settings
from flows.clock import at_london, london_day, moment
from models.errors import Refuse
from models.rules.arithmetic import format_day
from models.rules.calendar import FIRST, LAST


def read_day(text: str | None) -> date | None:
    """Read YYYY-MM-DD or DD/MM/YYYY; None where nothing was typed. Refuses anything else in a sentence."""
    if text is None:
        return None
    for form in ("YYYY-MM-DD", "DD/MM/YYYY"):
        try:
            return pendulum.from_format(text, form).date()
        except ValueError:
            continue
    raise Refuse(f'"{text}" is not a day. Write it as 2026-03-16 or 16/03/2026. Nothing was done.')


def as_of(text: str | None) -> datetime:
    """The moment a command works at: now, or 08:00 London of the day typed; a later day than today is refused."""
    day = read_day(text)
    if day is None:
        return moment()
    if not FIRST <= day <= LAST:
        raise Refuse(f'"{text}" is outside the calendar, which covers {FIRST.year} to {LAST.year}. Nothing was done.')
    if day > london_day(moment()) and settings().clock is not Clock.VIRTUAL:
        raise Refuse(f"{format_day(day)} has not come yet: --as-of takes today or a day before it. Nothing was done.")
    return at_london(day)


def recorded(today: date) -> date:
    """The day under which a change is recorded: never later than the real one, unless the clock is virtual."""
    return today if settings().clock is Clock.VIRTUAL else min(today, london_day(moment()))
