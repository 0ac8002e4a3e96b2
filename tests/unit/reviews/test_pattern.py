"""The pattern of incidents over twelve months, and shortening gaps."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.reviews.pattern import pattern, shortening
from tests.worlds.days import day, row
from tests.worlds.facts import case, incident

TODAY = day("Tue 17 Mar 2026")
OPENED = day("Mon 2 Mar 2026")


def acts(*days, **given_):
    return [incident(reported_on=TODAY, occurred_on=on, **given_) for on in days]


def test_the_twelve_months_are_calendar_months_and_the_last_is_the_days_own():
    months = [first for first, _ in pattern(case(opened_on=OPENED), TODAY).months]
    assert (months[0], months[8], months[9], months[-1]) == (
        date(2025, 4, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 3, 1),
    )  # fmt: skip
    assert len(months) == 12


@pytest.mark.parametrize(
    ("on", "month", "counted"),
    [
        row("the day before the first month", "Mon 31 Mar 2025", 0, 0),
        row("its first day", "Tue 1 Apr 2025", 0, 1),
        row("its last day", "Wed 30 Apr 2025", 0, 1),
        row("the day after", "Thu 1 May 2025", 1, 1),
        row("the same month a year before", "Sat 1 Mar 2025", 11, 0),
        row("the agenda's own day", "Tue 17 Mar 2026", 11, 1),
        row("the day after the agenda's", "Wed 18 Mar 2026", 11, 0),
    ],
)
def test_an_incident_is_counted_in_the_month_in_which_it_occurred(on, month, counted):
    assert pattern(case(opened_on=OPENED, incidents=acts(on)), TODAY).months[month][1] == counted


def test_it_is_the_pattern_of_all_linked_cases_without_what_was_withdrawn():
    facts = case(
        opened_on=OPENED,
        incidents=[*acts(TODAY, breach=True), *acts(TODAY, supplied=False, breach=True)],
        linked_incidents=acts(day("Mon 9 Feb 2026")),
    )
    found = pattern(facts, TODAY)
    assert (found.incidents, found.breaches, found.last_act_on) == (2, 1, TODAY)


@pytest.mark.parametrize(
    ("recorded", "incidents", "last"),
    [
        row("neither", None, [], None),
        row("what is recorded is later", "Mon 9 Mar 2026", ["Sun 8 Mar 2026"], "Mon 9 Mar 2026"),
        row("an incident is later", "Mon 9 Mar 2026", ["Tue 10 Mar 2026"], "Tue 10 Mar 2026"),
        row("the incident alone", None, ["Tue 10 Mar 2026"], "Tue 10 Mar 2026"),
    ],
)
def test_the_last_act_is_the_latest_recorded(recorded, incidents, last):
    facts = case(opened_on=OPENED, last_act_on=recorded, incidents=acts(*map(day, incidents)))
    assert pattern(facts, TODAY).last_act_on == last


def spaced(*gaps):
    days = [date(2026, 1, 1)]
    for gap in gaps:
        days.append(days[-1] + timedelta(days=gap))
    return days


@pytest.mark.parametrize(
    ("gaps", "said"),
    [
        row("none", (), None),
        row("six incidents", (9, 9, 9, 1, 1), None),
        row("seven, and shorter by a day", (3, 3, 3, 3, 3, 2), True),
        row("seven, and the same", (3, 3, 3, 3, 3, 3), False),
        row("seven, and longer", (3, 3, 3, 3, 3, 4), False),
        row("several on one day", (2, 0, 1, 0, 0, 0), True),
        row("what lies before the last seven does not count", (1, 1, 1, 9, 9, 9, 5, 5, 5), True),
    ],
)
def test_the_gaps_are_shortening_when_the_last_three_are_shorter_on_average(gaps, said):
    assert shortening(spaced(*gaps)) is said


@given(st.lists(st.dates(min_value=date(2024, 1, 1), max_value=date(2026, 12, 31))))
def test_no_incident_is_counted_twice_and_none_of_the_year_is_lost(days):
    found = pattern(case(opened_on=OPENED, incidents=acts(*days)), TODAY)
    assert sum(number for _, number in found.months) == sum(date(2025, 4, 1) <= on <= TODAY for on in days)
    assert found.incidents == sum(on <= TODAY for on in days)
    assert (found.shortening is None) == (found.incidents < 7)


@given(st.lists(st.integers(min_value=0, max_value=40), min_size=6), st.integers(min_value=1, max_value=9))
def test_scaling_every_gap_changes_nothing_and_a_mirrored_pattern_says_the_contrary(gaps, times):
    said = shortening(spaced(*gaps))
    assert shortening(spaced(*(gap * times for gap in gaps))) is said
    if said:
        assert shortening(spaced(*reversed(gaps[-6:]))) is False
