"""When a meeting's people are invited, and until when an empty meeting may still get a case."""

from datetime import date

import pytest

from models.rules.reviews.attendance import attended
from tests.worlds.invited import case, directory, sitting, terms

FRIDAY, MONDAY, TUESDAY = date(2026, 3, 20), date(2026, 3, 23), date(2026, 3, 24)


@pytest.mark.parametrize(
    ("today", "takes"), [(FRIDAY, True), (date(2026, 3, 22), True), (MONDAY, False), (TUESDAY, False)]
)
def test_an_empty_meeting_takes_a_case_until_the_working_day_before_it_begins(today, takes):
    assert terms(today).takes_cases(TUESDAY) is takes


@pytest.mark.parametrize(
    ("today", "settled"), [(date(2026, 3, 19), False), (FRIDAY, True), (MONDAY, True), (TUESDAY, True)]
)
def test_the_minutes_of_a_meeting_are_fixed_so_many_working_days_before_it(today, settled):
    assert terms(today).is_settled(TUESDAY) is settled


@pytest.mark.parametrize(
    ("today", "begins"),
    [
        (FRIDAY, False),
        (date(2026, 3, 22), False),
        (MONDAY, True),
        (TUESDAY, False),
        (date(2026, 4, 6), True),  # Easter Monday: what it decides leaves on Tuesday
        (date(2026, 4, 7), True),
        (date(2026, 4, 8), False),
    ],
)
def test_a_week_begins_on_its_first_working_day(today, begins):
    assert terms(today).begins_week is begins


@pytest.mark.parametrize(("last", "ends"), [(2, 30), (3, 60), (11, 120)])
def test_a_meeting_ends_on_a_half_hour_for_who_attends_all_of_it(last, ends):
    recurring = sitting(case(7, 0), case(8, last), day=TUESDAY, rule="2026-01-06 10:00 FREQ=WEEKLY")
    (found,) = attended([recurring], directory(), frozenset(), terms(MONDAY))
    meeting = found.meeting("chair")
    assert meeting
    assert meeting.minutes == ends


def test_who_leads_by_right_is_known_of_a_meeting_that_belongs_to_a_series_alone():
    alone, recurring = sitting(case(7, 2)), sitting(rule="2026-01-06 10:00 FREQ=WEEKLY")
    found = attended([alone, recurring], directory(), frozenset(), terms(FRIDAY))
    assert [set(one.leads) for one in found] == [set(), {"chair", "sp", "cs"}]
    assert [one.is_on("sp") for one in found] == [True, True]


def test_an_empty_meeting_is_called_off_once_it_takes_no_case():
    (one,) = attended([sitting(day=TUESDAY)], directory(), frozenset(), terms(MONDAY))
    (other,) = attended([sitting(case(7, 2), day=TUESDAY)], directory(), frozenset(), terms(MONDAY))
    assert (one.is_on("sp"), other.is_on("sp")) == (False, True)


def test_a_meeting_whose_one_case_bars_a_person_is_called_off_for_them_alone():
    barring = case(7, 2)
    barring = barring._replace(matter=barring.matter._replace(barred=frozenset({"sp"})))
    (one,) = attended([sitting(barring, day=TUESDAY)], directory(), frozenset(), terms(MONDAY))
    assert (one.is_on("sp"), one.is_on("cs")) == (False, True)
