"""Names of files that have a day in them, as a profile writes them: STAFF_021226.csv is STAFF_{DDMMYY}.csv."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from config.sources.day_forms import written
from tasks.intake.profiles.file_names import file_name

_PARTS = {
    "YYYY": "20[0-9]{2}", "YY": "[0-9]{2}", "MMM": "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*",
    "MM": "[01][0-9]", "DD": "[0-3][0-9]", "D": "[0-3]?[0-9]",
}  # fmt: skip
_TOKEN = re.compile("YYYY|YY|MMM|MM|DD|D|.")
_SIGNED = ("YYYY-MM-DD", "DD-MM-YYYY", "D-MMM-YYYY", "D-MMM-YY", "DD-MM-YY")
_CLOSE = ("YYYYMMDD", "DDMMYYYY", "DDMMMYYYY", "DDMMMYY")
_SHORT = ("DDMMYY", "YYMMDD")  # of which a file's last change says which is meant
_NEAR = timedelta(days=366)
_CLOCK = re.compile(r"(?<=\})([-_ T]?)(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9])?(?![0-9])")


class DatedName(NamedTuple):
    """A name as a profile writes it, and the day that it has."""

    read: str
    day: date | None


def dated_name(name: str, changed: date) -> DatedName:
    """Return a file's name with the day in it, the last of several, as a profile writes it.

    Six digits are a day only if it is within a year of the file's last change, to which the nearest is meant.
    """
    found = next(_days(name, (*_signed(), *_CLOSE)), None)
    near = [each for each in _days(name, _SHORT) if each.day and abs(each.day - changed) <= _NEAR]
    return found or min(near, key=lambda each: abs((each.day or changed) - changed), default=DatedName(name, None))


def newest_of(names: Mapping[str, date]) -> dict[str, str]:
    """Return the newest of the files that have one name but for the day in it, by that name.

    The names are given with the days of their last changes.
    """
    dated = sorted(((dated_name(name, changed), name) for name, changed in names.items()), key=_by_day)
    return {each.read: name for each, name in dated}


def _by_day(named: tuple[DatedName, str]) -> tuple[date, str]:
    return (named[0].day or date.min, named[1])


def _signed() -> Iterator[str]:
    for sign in "-_. ":
        yield from (form.replace("-", sign) for form in _SIGNED)


def _days(name: str, forms: tuple[str, ...]) -> Iterator[DatedName]:
    """Yield the name for each form in which it has a day of the calendar."""
    for form in forms:
        pattern = "".join(_PARTS.get(part) or re.escape(part) for part in _TOKEN.findall(form))
        for place in reversed([*re.finditer(rf"(?<![0-9]){pattern}(?![0-9])", name, re.IGNORECASE)]):
            parts = file_name(f"{{{form}}}").read(place[0])
            try:
                day, _ = written(parts or {})
            except (KeyError, ValueError):
                continue
            read = f"{name[: place.start()]}{{{form}}}{name[place.end() :]}"
            yield DatedName(_CLOCK.sub(r"\1*", read, count=1), day)
            break
