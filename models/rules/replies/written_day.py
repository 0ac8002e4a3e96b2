"""A day as written in a mail, relative to the day it was written. A day with two possible meanings is unclear."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple


class Unclear(StrEnum):
    """Why a reply was not understood. Casebeat never guesses."""

    NOTHING = "nothing"  # nothing in it matches a known answer
    SEVERAL = "several"  # it gives more than one answer
    NO_DAY = "no day"  # it takes something on without an end day
    DAY_UNREAD = "day unread"
    NO_SUCH_DAY = "no such day"
    WRONG_WEEKDAY = "wrong weekday"
    TODAYS_WEEKDAY = "today's weekday"  # "until Thursday", written on a Thursday
    NEXT_WEEKDAY = "next weekday"  # "next Thursday": this week's or the one after


class _Written(NamedTuple):
    on: date
    ahead: bool  # a weekday alone means the next one, not the last one


_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_SHORT = {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_WEEKDAY_OF = {form: at for at, name in enumerate(_WEEKDAYS) for form in (name, name[:3])} | _SHORT
_MONTH_OF = {form: at for at, name in enumerate(_MONTHS, 1) for form in (name, name[:3])} | {"sept": 9}
_W = "|".join(sorted(_WEEKDAY_OF, key=len, reverse=True))
_M = "|".join(sorted(_MONTH_OF, key=len, reverse=True))
_NTH = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,? (?P<year>\d{4}|\d{2}))?"
_FORMS = tuple(
    re.compile(rf"(?:(?:this )?(?P<weekday>{_W}),? )?(?:{form})")
    for form in (
        r"(?P<year>\d{4})-(?P<number>\d{1,2})-(?P<day>\d{1,2})",
        r"(?P<day>\d{1,2}) ?(?P<by>[/.-]) ?(?P<number>\d{1,2})(?: ?(?P=by) ?(?P<year>\d{4}|\d{2}))?",
        rf"(?:the )?{_NTH}(?: of)? (?P<month>{_M}){_YEAR}",
        rf"(?P<month>{_M}) (?:the )?{_NTH}{_YEAR}",
        r"the (?P<day>\d{1,2})(?:st|nd|rd|th)",
    )
)
_ALONE = re.compile(rf"(?P<which>this |next |this coming |last )?(?P<weekday>{_W})")
_NAMED = {"today": 0, "tonight": 0, "now": 0, "tomorrow": 1, "yesterday": -1}
_CLOCK = re.compile(
    r"""\b(?:(?:at|by)\ )?(?:\d{1,2}(?:[:.]\d{2})?\ ?(?:am|pm)|\d{1,2}:\d{2}|\d{4}\ ?hrs|noon|midday|lunchtime)\b
      | \b(?:in\ the\ )?(?:morning|afternoon|evening)\b | \b(?:am|pm|eod|cob|cop)\b | \b(?:at\ the\ )?latest\b
      | \b(?:the\ )?(?:end|close)\ of\ (?:the\ )?(?:day|play|business)(?:\ on)?\b
      | ^(?:the\ )?end\ of\ (?=(?:this\ )?[mtwfs][a-z]{2}) | ^(?:inclusive\ of|on)\b | \binclusive\b""",
    re.VERBOSE,
)
_M_ALONE = "|".join(month for month in _MONTH_OF if month != "may")  # "may" alone is mostly the verb
MENTIONS = re.compile(
    rf"\b(?:{_W}|{_M_ALONE}|\d may|may \d|today|tomorrow|yesterday|week|month|\d{{1,2}}[/.-]\d{{1,2}})\b"
)


def written_day(text: str, sent_on: date, *, ahead: bool) -> date | Unclear:
    """Return the day that `text` means when written on `sent_on`. With `ahead`, a weekday alone is in the future.

    The day comes before the month, as in Britain. Without a year it is the nearest such day. A weekday beside a date
    must agree with it.
    """
    bare = " ".join(_CLOCK.sub(" ", text).split()).strip(" ,.").removeprefix("on ")
    if bare in _NAMED:
        return sent_on + timedelta(days=_NAMED[bare])
    alone = _ALONE.fullmatch(bare)
    if alone:
        return _weekday(alone, _Written(sent_on, ahead))
    for form in _FORMS:
        match = form.fullmatch(bare)
        if match:
            return _dated(match.groupdict(), sent_on, ahead=ahead)
    return Unclear.DAY_UNREAD


def _weekday(match: re.Match[str], written: _Written) -> date | Unclear:
    days = (_WEEKDAY_OF[match["weekday"]] - written.on.weekday()) % 7
    which = (match["which"] or "").strip()
    if which == "next":
        return Unclear.NEXT_WEEKDAY
    if days == 0:
        return Unclear.TODAYS_WEEKDAY
    if (which == "last") == written.ahead and which:
        return Unclear.DAY_UNREAD
    return written.on + timedelta(days=days if written.ahead else days - 7)


def _dated(found: dict[str, str | None], sent_on: date, *, ahead: bool) -> date | Unclear:
    day, year = int(found["day"] or 0), found.get("year")
    month = found.get("number") or _MONTH_OF.get(found.get("month") or "")
    if month is None:
        day_of = _of_month(day, sent_on, ahead=ahead)
    elif year is None:
        day_of = _nearest(lambda y: _date(y, int(month), day), sent_on)
    else:
        day_of = _date(int(year) + (2000 if len(year) == 2 else 0), int(month), day)
    if day_of is None:
        return Unclear.NO_SUCH_DAY
    weekday = found.get("weekday")
    return day_of if weekday is None or _WEEKDAY_OF[weekday] == day_of.weekday() else Unclear.WRONG_WEEKDAY


def _nearest(of_year: Callable[[int], date | None], sent_on: date) -> date | None:
    found = [day for year in range(sent_on.year - 1, sent_on.year + 2) if (day := of_year(year)) is not None]
    return min(found, key=lambda day: abs((day - sent_on).days), default=None)


def _of_month(day: int, sent_on: date, *, ahead: bool) -> date | None:
    """`The 3rd`: the next one in the future, or the last one in the past. Today counts."""
    months = [(sent_on.year + (sent_on.month - 1 + on) // 12, (sent_on.month - 1 + on) % 12 + 1) for on in (-1, 0, 1)]
    found = [at for year, month in months if (at := _date(year, month, day)) is not None]
    fit = [at for at in found if (at >= sent_on if ahead else at <= sent_on)]
    return min(fit, key=lambda at: abs((at - sent_on).days), default=None)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
