"""Days as a source writes them: `DD/MM/YYYY`, `D MMM YY`, `YYYY-MM-DDTHH:mm:ssZ`, or a spreadsheet's number of days."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator

from config.days.london import LONDON
from config.plain_yaml import shown

_PARTS = {
    "YYYY": r"(?P<year>[0-9]{4})", "YY": r"(?P<short>[0-9]{2})", "MMM": r"(?P<name>[A-Za-z]{3,9})\.?",
    "MM": r"(?P<month>[0-9]{2})", "M": r"(?P<month>[0-9]{1,2})", "DD": r"(?P<day>[0-9]{2})",
    "D": r"(?P<day>[0-9]{1,2})", "HH": r"(?P<hour>[0-9]{2})", "H": r"(?P<hour>[0-9]{1,2})",
    "mm": r"(?P<minute>[0-9]{2})", "ss": r"(?P<second>[0-9]{2})(?:\.[0-9]+)?", "Z": "(?P<utc>Z)", "*": ".*",
}  # fmt: skip
_TOKEN = re.compile(r"YYYY|YY|MMM|MM|M|DD|D|HH|H|mm|ss|Z\Z|\*\Z|.", re.DOTALL)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_GROUP = re.compile(r"\?P<[a-z]+>")
SERIAL = "serial"
_COUNTED = re.compile(r"(?P<serial>(?:3[7-9]|[4-6][0-9]|7[0-2])[0-9]{3}(?:\.[0-9]{1,12})?)", re.ASCII)  # 2001 to 2099


class DayForm(NamedTuple):
    """A way to write a day, and the pattern that reads it."""

    text: str
    pattern: re.Pattern[str]
    begins: date = date(1899, 12, 30)  # from which a spreadsheet counts its days

    def read(self, cell: str) -> date | None:
        """Return the day of a cell in this form: in London, if it gives UTC. None if the cell has another form."""
        found = self.day_and_time(cell)
        return found[0] if found else None

    def day_and_time(self, cell: str) -> tuple[date, time] | None:
        """Return the day of a cell and its time, midnight if it has none, as London's clocks showed them."""
        match = self.pattern.fullmatch(cell)
        if match is None:
            return None
        parts = match.groupdict()
        try:
            return self._counted(parts["serial"]) if "serial" in parts else written(parts)
        except (ValueError, OverflowError):
            return None

    def _counted(self, number: str) -> tuple[date, time]:
        days, seconds = divmod(round(float(number) * 86_400), 86_400)
        minutes, second = divmod(seconds, 60)
        return self.begins + timedelta(days), time(*divmod(minutes, 60), second)


def written(parts: Mapping[str, str | None]) -> tuple[date, time]:
    """Return the day and the time of which these are the parts. Raises ValueError if they are none."""
    month = parts.get("month") or str(_month(parts["name"] or ""))
    year = parts.get("year") or f"20{parts['short']}"
    day = date(int(year), int(month), int(parts["day"] or ""))
    clock = time(int(parts.get("hour") or 0), int(parts.get("minute") or 0), int(parts.get("second") or 0))
    if not parts.get("utc"):
        return day, clock
    shown = datetime.combine(day, clock, UTC).astimezone(LONDON)
    return shown.date(), shown.time()


def _month(name: str) -> int:
    short = name[:3].lower()
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def day_form(text: object) -> DayForm:
    """Read how a source writes days. Raises ValueError with a sentence."""
    if isinstance(text, DayForm):
        return text
    if text == SERIAL:
        return DayForm(SERIAL, _COUNTED)
    if not isinstance(text, str) or not text:
        raise ValueError('is not a form of days: write it like "DD/MM/YYYY" or "D MMM YY HH:mm"')
    tokens = _TOKEN.findall(text)
    strange = [letters for letters in tokens if letters not in _PARTS and letters.isalnum() and letters != "T"]
    if strange:
        raise ValueError(f'"{shown(text)}" has {", ".join(map(shown, strange))}, which is no part of a day')
    pattern = "".join(_PARTS.get(letters) or re.escape(letters) for letters in tokens)
    names = _GROUP.findall(pattern)
    wanted = [{"?P<year>", "?P<short>"}, {"?P<month>", "?P<name>"}, {"?P<day>"}]
    if len(set(names)) < len(names) or any(len(part.intersection(names)) != 1 for part in wanted):
        raise ValueError(f'"{shown(text)}" needs a year, a month and a day, each once')
    return DayForm(text, re.compile(pattern, re.ASCII))


def day_forms(value: object) -> Any:
    """Read one form or several. Raises ValueError where two would read the same cell as different days."""
    forms = tuple(map(day_form, value if isinstance(value, list | tuple) else [value]))
    shapes = [_GROUP.sub("", form.pattern.pattern).replace("{1,2}", "{2}") for form in forms]
    numbers = [form for form in forms if form.pattern.fullmatch("45678")]
    if len(set(shapes)) < len(shapes) or (len(numbers) > 1 and any(form.text == SERIAL for form in numbers)):
        raise ValueError("two forms take the same cells, as 03/04/2026: a day has to mean one thing")
    return forms


def read_day(cell: str, forms: Sequence[DayForm]) -> date | None:
    """Return the day of a cell in one of these forms; None if it has none of them."""
    return next((day for form in forms if (day := form.read(cell))), None)


def order_of(cell: str, forms: Sequence[DayForm]) -> str | None:
    """Return a text that sorts as the days and times of cells do; None if this one has none of the forms."""
    found = next((each for form in forms if (each := form.day_and_time(cell))), None)
    return f"{found[0].isoformat()}T{found[1].isoformat()}" if found else None


def counted_from(begins: date) -> DayForm:
    """Return the form of days that a spreadsheet counts from another day than most."""
    return DayForm(SERIAL, _COUNTED, begins)


ALWAYS = day_forms(["YYYY-MM-DD", "YYYY-MM-DD HH:mm:ss"])  # no other form takes them, and a spreadsheet's days are so
DayForms = Annotated[tuple[DayForm, ...], BeforeValidator(day_forms)]
