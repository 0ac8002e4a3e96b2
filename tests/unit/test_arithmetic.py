"""The arithmetic of a date in words: days, sums, terms and notes."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.days.duration import Duration, Unit, duration
from models.rules import arithmetic
from models.rules.result import Term
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR

DAYS = st.dates()
WORDS = st.text("abcdefghijklmnopqrstuvwxyz ,;:().-")
SPANS = st.none() | st.builds(Duration, st.integers(-9999, 9999), st.sampled_from(Unit))


@pytest.mark.parametrize("written", ["Mon 2 Mar 2026", "Sun 31 Dec 2028", "Thu 29 Feb 2024", "Fri 1 May 2026"])
def test_a_day_is_said_with_its_weekday(written):
    assert arithmetic.format_day(day(written)) == written


@pytest.mark.parametrize(
    ("start", "span", "words"),
    [
        row("no holiday", "Mon 2 Mar 2026", "1wd", "began Mon 2 Mar 2026 + 1 working day = Tue 3 Mar 2026"),
        row(
            "Easter",
            "Thu 2 Apr 2026",
            "1wd",
            "began Thu 2 Apr 2026 + 1 working day = Tue 7 Apr 2026 "
            "(not counting Good Friday Fri 3 Apr 2026 and Easter Monday Mon 6 Apr 2026)",
        ),
        row(
            "backwards over a holiday",
            "Tue 5 May 2026",
            "-2wd",
            "began Tue 5 May 2026 - 2 working days = Thu 30 Apr 2026 (not counting May Day Mon 4 May 2026)",
        ),
        row(
            "rolled off a holiday",
            "Mon 4 May 2026",
            "0wd",
            "began Mon 4 May 2026 + 0 working days = Tue 5 May 2026 (not counting May Day Mon 4 May 2026)",
        ),
        row("plain days count every day", "Thu 2 Apr 2026", "5d", "began Thu 2 Apr 2026 + 5 days = Tue 7 Apr 2026"),
    ],
)
def test_a_sum_names_the_bank_holidays_that_made_it_longer(start, span, words):
    term = Term("began", start, duration(span), CALENDAR.plus(start, duration(span)))
    assert arithmetic.sentence([term], CALENDAR) == words


def test_terms_and_notes_make_one_sentence():
    first = Term("one", day("Mon 2 Mar 2026"), None, day("Mon 2 Mar 2026"), "as sent")
    second = Term("other", day("Tue 3 Mar 2026"), duration("1d"), day("Wed 4 Mar 2026"))
    assert arithmetic.sentence([first, second], CALENDAR) == (
        "one Mon 2 Mar 2026; as sent; other Tue 3 Mar 2026 + 1 day = Wed 4 Mar 2026"
    )


@given(st.lists(st.builds(Term, WORDS, DAYS, SPANS, DAYS, WORDS)).map(tuple))
def test_what_is_stored_comes_back_as_it_was(because):
    stored = arithmetic.to_json(because)
    assert json.dumps(json.loads(stored)) == stored
    assert arithmetic.from_json(json.loads(stored)) == because
