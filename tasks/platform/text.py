"""Text that is fit for where it goes: a header, a spreadsheet's cell, a plain page; and days and moments in words."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from config.london import LONDON
from models.rules.arithmetic import format_day


def moment(value: datetime) -> str:
    """A moment in London, with its zone: Mon 16 Mar 2026 at 08:00 GMT."""
    local = value.astimezone(LONDON)
    return f"{format_day(local)} at {local:%H:%M %Z}"


def brief(day: date, near: date) -> str:
    """A day without its year where that is the year of the day `near`: `Mon 16 Mar`."""
    return format_day(day).removesuffix(f" {near.year}")


def clock(value: datetime) -> str:
    """A time of day in London: 10:00."""
    return f"{value.astimezone(LONDON):%H:%M}"


def one_line(text: str) -> str:
    """Text fit for a header: one line, no control or format characters, no lone surrogates."""
    spaced = " ".join(text.split())
    if spaced.isprintable():  # nearly every text, and told so in one look
        return spaced
    return "".join(each for each in spaced if unicodedata.category(each) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})


def safe_cell(value: object) -> str:
    """A cell that no spreadsheet runs as a formula, on one line."""
    text = one_line(str(value))
    first = unicodedata.normalize("NFKC", text.lstrip()[:1])
    return f"'{text}" if first in {"=", "+", "-", "@", "%", "|"} else text


def plain(text: str) -> str:
    """Text without control characters, trailing spaces or doubled empty lines, ending in one newline."""
    kept = "".join(each for each in text if each == "\n" or unicodedata.category(each) not in {"Cc", "Cf", "Cs"})
    lines = [line.rstrip() if line != "-- " else line for line in kept.splitlines()]
    said: list[str] = []
    for line in lines:
        if line or (said and said[-1]):
            said.append(line)
    return "\n".join(said).strip("\n") + "\n"


def sheet(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV (RFC 4180, every cell quoted) in which no cell runs as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([safe_cell(value) for value in row])
    return out.getvalue()
