"""Safe text for headers, spreadsheet cells and plain text, formats for days and moments, and values as JSON."""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import is_dataclass
from datetime import date, datetime
from typing import Any

from config.days.london import LONDON
from models.rules.arithmetic import format_day

_DAY = re.compile(r"\b[A-Z][a-z]{2} \d{1,2} [A-Z][a-z]{2} \d{4}\b")  # Mon 16 Mar 2026


def moment(value: datetime) -> str:
    """Format a moment in London time with its zone: Mon 16 Mar 2026 at 08:00 GMT."""
    local = value.astimezone(LONDON)
    return f"{format_day(local)} at {local:%H:%M %Z}"


def brief(day: date, near: date) -> str:
    """Format a day, without the year if it is the year of `near`: `Mon 16 Mar`."""
    return format_day(day).removesuffix(f" {near.year}")


def brief_days(text: str, near: date) -> str:
    """Return a sentence in which each day is written without the year if it is the year of `near`."""
    return _DAY.sub(lambda day: day[0].removesuffix(f" {near.year}"), text)


def clock(value: datetime) -> str:
    """Format a time of day in London: 10:00."""
    return f"{value.astimezone(LONDON):%H:%M}"


def number_of(count: int, noun: str, plural: str | None = None) -> str:
    """Return a count with its noun: 1 case, 2,000 cases. A plural that is more than an s is given."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"


def one_line(text: str) -> str:
    """Reduce text to one line for a header, without control or format characters or lone surrogates."""
    spaced = " ".join(text.split())
    if spaced.isprintable():  # fast path: nearly every text
        return spaced
    return "".join(
        character for character in spaced if unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    )


def safe_cell(value: object) -> str:
    """Return a one-line cell that no spreadsheet runs as a formula: a moment in London time, a day with its weekday."""
    text = one_line(_written(value) if isinstance(value, date) else str(value))
    first = unicodedata.normalize("NFKC", text.lstrip()[:1])
    return f"'{text}" if first in {"=", "+", "-", "@", "%", "|"} else text


def _written(value: date) -> str:
    return moment(value) if isinstance(value, datetime) else format_day(value)


def shown(text: str) -> str:
    """Remove control, format and surrogate characters; line breaks stay."""
    return "".join(
        character
        for character in text
        if character == "\n" or unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
    )


def plain(text: str) -> str:
    """Remove control characters, trailing spaces and repeated empty lines, and end in one newline."""
    lines = [line.rstrip() if line != "-- " else line for line in shown(text).splitlines()]
    out: list[str] = []
    for line in lines:
        if line or (out and out[-1]):
            out.append(line)
    return "\n".join(out).strip("\n") + "\n"


def blank(cells: Iterable[object]) -> list[object]:
    """Leave the cells of a row empty that have no value."""
    return ["" if cell is None else cell for cell in cells]


def sheet(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write rows as CSV (RFC 4180, every cell quoted) in which no cell runs as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([safe_cell(value) for value in row])
    return out.getvalue()


def as_json(value: Any, **options: Any) -> str:
    """Return a value as JSON, with these options of `json.dumps`: named fields as an object, days in ISO 8601."""
    return json.dumps(_plain(value), default=date.isoformat, **options)


def _plain(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return {name: _plain(field) for name, field in value._asdict().items()}
    if is_dataclass(value):
        return {name: _plain(field) for name, field in vars(value).items()}
    return list(map(_plain, value)) if isinstance(value, (tuple, list)) else value
