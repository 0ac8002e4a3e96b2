"""The choices of forms: sittings with room that are to come, and those that sat."""

from datetime import date, timedelta

import pytest
from sqlalchemy import text

from tasks.rounds.form_choices import choices

TODAY = date(2026, 11, 24)
PLANNED = (  # reference, days from today, places, cases convened, cancelled
    ("sat-earlier", -8, 2, 1, False),
    ("sat-empty", -7, 2, 0, False),
    ("sat-cancelled", -6, 2, 1, True),
    ("sits-today", 0, 2, 1, False),
    ("full", 1, 1, 1, False),
    ("with-room", 2, 2, 1, False),
    ("later-with-room", 9, 1, 0, False),
    ("called-off", 3, 2, 0, True),
)
SITTING = """
insert into sittings (ref, force_code, cps_area, day, starts_at, places, minutes_per_case, chair_ref, place,
                      cancelled_on)
values (:ref, '45', 'South East', :day, cast(:day as date) + interval '10 hours', :places, 10, 'P1', 'Room 2',
        :cancelled)
returning id"""
CONVENING = """
insert into convenings (case_id, sitting_id, slot, due_on, deadline_on, because, convened_on)
values (:case, :sitting, 0, '2026-11-30', '2026-11-30', 'due', '2026-11-02')"""


@pytest.fixture
def planned(database):
    with database.begin() as connection:
        for number, (ref, days, places, cases, cancelled) in enumerate(PLANNED):
            given = {"ref": ref, "day": TODAY + timedelta(days=days), "places": places}
            gone = TODAY if cancelled else None
            sitting = connection.execute(text(SITTING), {**given, "cancelled": gone}).scalar_one()
            if cases:
                connection.execute(text(CONVENING), {"case": number, "sitting": sitting})


def test_a_case_is_moved_to_a_sitting_to_come_with_room_the_nearest_first(planned):
    assert choices(TODAY).sittings_with_room == ["with-room", "later-with-room"]


def test_an_outcome_is_recorded_of_a_sitting_that_had_a_case_the_latest_first(planned):
    assert choices(TODAY).sittings_held == ["sits-today", "sat-earlier"]


def test_nothing_is_owed_where_no_case_is(planned):
    assert choices(TODAY).rules_owed == []
