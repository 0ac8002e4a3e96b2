"""The arithmetic behind an obligation: as text for readers, and as the JSON stored with it."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache

from config.days.duration import Duration, Unit, duration
from models.rules.calendar import WorkingCalendar
from models.rules.result import Outcome, Owes, Term

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def format_day(day: date) -> str:
    """Format a day for readers, always with its weekday: `Mon 16 Mar 2026`."""
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def ordinal(number: int) -> str:
    """Return a number of order for readers: second, 11th, 22nd."""
    if 0 < number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def sentence(because: Iterable[Term], calendar: WorkingCalendar) -> str:
    """Write the whole calculation as one sentence, and name the bank holidays it crosses."""
    return "; ".join(_term_text(term, calendar) for term in because)


def _term_text(term: Term, calendar: WorkingCalendar) -> str:
    text = f"{term.fact} {format_day(term.day)}"
    if term.plus is not None:
        sign = "-" if term.plus.number < 0 else "+"
        text += f" {sign} {term.plus.text} = {format_day(term.makes)}{_holidays(term, calendar)}"
    return f"{text}; {term.note}" if term.note else text


def _holidays(term: Term, calendar: WorkingCalendar) -> str:
    """Name the bank holidays that a span of working days crosses."""
    if term.plus is None or term.plus.unit is not Unit.WORKING_DAYS:
        return ""
    start = term.day if term.plus.number else term.day - timedelta(days=1)  # 0 working days may start on a holiday
    crossed = [f"{name} {format_day(day)}" for day, name in calendar.crossed(start, term.makes)]
    return f" (not counting {' and '.join(crossed)})" if crossed else ""


@lru_cache(maxsize=16_384)  # a whole book has few different calculations
def to_json(because: tuple[Term, ...]) -> str:
    """Serialise terms as a JSON list of lists: fact, day, span or null, resulting day, note, each as text.

    It builds the text by hand because a whole book passes through it. No term holds a character that JSON would escape.
    """
    return f"[{', '.join([_json(*term) for term in because])}]"


def _json(fact: str, day: date, plus: Duration | None, makes: date, note: str) -> str:
    return f'["{fact}", "{day.isoformat()}", {_span(plus)}, "{makes.isoformat()}", "{note}"]'


@cache
def _span(plus: Duration | None) -> str:
    return "null" if plus is None else f'"{plus}"'


def stored(outcome: Outcome) -> str:
    """Return the calculation of what is owed as it is stored; empty for an outcome that owes nothing."""
    return to_json(outcome.because) if isinstance(outcome, Owes) else ""


def last_day(because: str) -> date:
    """Return the day of the last term of a calculation as `to_json` wrote it."""
    *_, (_, day, *_) = json.loads(because)
    return date.fromisoformat(day)


def from_json(terms: Sequence[Sequence[str | None]]) -> tuple[Term, ...]:
    """Parse the value that `to_json` wrote, as the database returns it."""
    return tuple(
        Term(
            fact or "",
            date.fromisoformat(day or ""),
            duration(plus) if plus else None,
            date.fromisoformat(makes or ""),
            note or "",
        )
        for fact, day, plus, makes, note in terms
    )
