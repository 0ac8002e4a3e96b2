"""Rules of days: the same days as a library that knows all of RFC 5545, and an answer at once where it has none."""

import time as clocks
from datetime import date, datetime, time
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given
from hypothesis import strategies as st

from config.days.civil_days import FIRST, LAST
from config.days.recurrence import Recurrence

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def signed(most: int) -> st.SearchStrategy[int]:
    return st.integers(1, most).flatmap(lambda number: st.sampled_from([number, -number]))


@st.composite
def rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    months = draw(st.lists(st.integers(1, 12), max_size=4, unique=True))
    most = 53 if frequency == "YEARLY" and not months else 5
    all_numbered = frequency in {"MONTHLY", "YEARLY"} and draw(st.booleans())  # the library takes a mixture wrongly
    numbered = signed(most).map(str) if all_numbered else st.just("")
    by_day = draw(st.lists(st.tuples(numbered, st.sampled_from(WEEKDAYS)).map("".join), max_size=4, unique=True))
    month_days = draw(st.lists(signed(31), max_size=4, unique=True))
    parts = [f"FREQ={frequency}"]
    for name, values in (("BYMONTH", months), ("BYDAY", by_day), ("BYMONTHDAY", month_days)):
        parts += [f"{name}={','.join(map(str, values))}"] if values else []
    if len(parts) > 1:
        positions = draw(st.lists(signed(9), max_size=2, unique=True))
        parts += [f"BYSETPOS={','.join(map(str, positions))}"] if positions else []
    parts += [f"INTERVAL={draw(st.integers(1, 30))}"] if draw(st.booleans()) else []
    parts += [f"WKST={draw(st.sampled_from(WEEKDAYS))}"] if draw(st.booleans()) else []
    parts += [f"COUNT={draw(st.integers(1, 9))}"] if draw(st.booleans()) else []
    return ";".join(parts)


@given(rules(), st.dates(FIRST, date(2060, 1, 1)))
def test_its_days_are_those_of_the_library_that_knows_every_rule(rule: str, start: date) -> None:
    ours = list(islice(Recurrence.parse(rule).days(start, LAST), 30))
    assume(len(ours) == 30 or "COUNT" in rule or not ours)
    if ours:  # without any, the library walks to the year 9999
        theirs = rrulestr(rule, dtstart=datetime.combine(start, time(10)))
        assert ours == [moment.date() for moment in islice(theirs, len(ours))]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("FREQ=MONTHLY;BYDAY=10TU", "numbers a weekday beyond 5, or 0"),
        ("FREQ=YEARLY;BYMONTH=3;BYDAY=6TU", "numbers a weekday beyond 5, or 0"),
        ("FREQ=YEARLY;BYDAY=54TU", "numbers a weekday beyond 53, or 0"),
        ("FREQ=MONTHLY;BYDAY=0TU", "numbers a weekday beyond 5, or 0"),
        ("FREQ=WEEKLY;BYDAY=2TU", "numbers its weekdays, which FREQ=WEEKLY cannot"),
        ("FREQ=WEEKLY;INTERVAL=0", "has an INTERVAL or a COUNT of 0"),
        ("FREQ=WEEKLY;INTERVAL=-1", "has a INTERVAL that names no days"),
        ("FREQ=WEEKLY;COUNT=3;UNTIL=20270101", "has both COUNT and UNTIL"),
        ("FREQ=WEEKLY;FREQ=DAILY", "has FREQ twice"),
        ("FREQ=HOURLY", "has a FREQ that names no days"),
        ("FREQ=DAILY;BYHOUR=9,10", "has a part that is not one of FREQ, INTERVAL"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "has a BYMONTHDAY beyond 31, or 0"),
        ("FREQ=MONTHLY;BYMONTH=0", "has a BYMONTH beyond 12, or 0"),
        ("FREQ=DAILY;BYSETPOS=1", "has BYSETPOS and nothing from which it picks"),
        ("FREQ=DAILY;UNTIL=20270230", "is not a day of the calendar"),
        ("FREQ=DAILY;UNTIL=99991231", "is outside the years 2000 to 2099"),
        ("BYDAY=TU", "has no FREQ"),
        ("", "has a part that is not one of"),
        ("FREQ=DA\u0130LY", "has a part that is not one of"),
    ],
)
def test_a_rule_that_names_no_days_is_refused_with_its_part(rule: str, words: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        Recurrence.parse(rule)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=2",
        "FREQ=MONTHLY;BYDAY=TU;BYSETPOS=300",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=9",
    ],
)
def test_a_rule_without_a_day_answers_at_once(rule: str) -> None:
    began = clocks.monotonic()
    assert list(Recurrence.parse(rule).days(date(2026, 1, 6), LAST)) == []
    assert clocks.monotonic() - began < 1
