"""A person's series: what its reader's diary shows, day by day, is what the plan has for them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from config.days.london import at_london
from config.days.recurrence import Timetable
from models.rules.reviews.events import Event, EventSeries, Occasion
from models.rules.reviews.series import SeriesTerms, in_diary, planned
from tests.worlds.days import day

TUESDAYS = Timetable.of(date(2026, 1, 6), time(10), "FREQ=WEEKLY;BYDAY=TU")
TERMS = SeriesTerms(TUESDAYS)
AT = datetime(2026, 3, 18, 6, tzinfo=UTC)
ON = tuple(day("Tue 24 Mar 2026") + timedelta(weeks=week) for week in range(6))


def meeting(on: date, place: str = "Room 2", hour: int = 10) -> Occasion:
    return Occasion(at_london(on, time(hour)), 120, place)


def coming(*instead: tuple[date, Occasion | None]) -> dict[date, Occasion | None]:
    return {on: meeting(on) for on in ON} | dict(instead)


def series(
    last: date | None = None, off: tuple[date, ...] = (), moved: tuple[tuple[date, Occasion], ...] = ()
) -> EventSeries:
    return EventSeries("FREQ=WEEKLY;BYDAY=TU", last, off, moved)


def test_a_series_begins_with_its_first_meeting_and_goes_on():
    found = planned(TERMS, None, coming((ON[0], None)), AT, goes_on=True)
    assert found == Event(at_london(ON[1], time(10)), 120, "Room 2", series=series())


def test_a_first_meeting_that_is_moved_is_an_exception_of_its_day_by_the_rule():
    moved = meeting(day("Wed 25 Mar 2026"))
    found = planned(TERMS, None, coming((ON[0], moved)), AT, goes_on=True)
    assert found
    assert (found.first_on, found.series) == (ON[0], series(moved=((ON[0], moved),)))


def test_one_without_a_meeting_is_none():
    assert planned(TERMS, None, dict.fromkeys(ON), AT, goes_on=True) is None
    assert planned(TERMS, None, {}, AT, goes_on=True) is None


def test_exceptions_beyond_the_planned_sittings_are_told_with_it():
    ahead = ((ON[5] + timedelta(weeks=1), None), (ON[5] + timedelta(weeks=2), ON[5] + timedelta(days=15)))
    found = planned(SeriesTerms(TUESDAYS, ahead), None, coming(), AT, goes_on=True)
    assert found
    assert found.series == series(off=(ahead[0][0],), moved=((ahead[1][0], meeting(ON[5] + timedelta(days=15))),))


def test_a_rule_with_a_count_ends_with_its_last_day():
    table = Timetable.of(date(2026, 1, 6), time(10), "RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=20")
    assert (table.rule, table.ends_on) == ("FREQ=WEEKLY;BYDAY=TU", day("Tue 19 May 2026"))
    found = planned(SeriesTerms(table), None, coming(), AT, goes_on=True)
    assert found
    assert found.series == series(last=day("Tue 19 May 2026"))


def test_a_meeting_that_is_called_off_moved_or_comes_back_changes_what_is_to_come_and_nothing_before():
    first = planned(TERMS, None, coming(), AT, goes_on=True)
    off = planned(TERMS, first, coming((ON[2], None)), AT, goes_on=True)
    assert off == first._replace(series=series(off=(ON[2],)))
    later = at_london(ON[3], time(6))
    rest = {on: meeting(on, "Room 3") for on in ON[3:]}
    found = planned(TERMS, off, rest, later, goes_on=True)
    assert found == Event(first.starts_at, 120, "Room 3", series=series(off=(ON[2],)))
    assert planned(TERMS, off, coming(), AT, goes_on=True) == first


def test_who_leads_no_more_keeps_what_has_been_and_has_the_last_of_it():
    base = Event(at_london(ON[0] - timedelta(weeks=3), time(10)), 120, "Room 2", series=series())
    ended = planned(TERMS, base, dict.fromkeys(ON), AT, goes_on=False)
    assert ended == base._replace(series=series(last=ON[0] - timedelta(weeks=1)))
    assert planned(TERMS, ended, dict.fromkeys(ON[1:]), at_london(ON[1]), goes_on=False) == ended
    two_more = dict.fromkeys(ON) | {on: meeting(on) for on in ON[:2]}
    assert planned(TERMS, base, two_more, AT, goes_on=False) == base._replace(series=series(last=ON[1]))


def test_a_series_that_ends_before_its_first_meeting_is_none():
    base = planned(TERMS, None, coming(), AT, goes_on=True)
    assert planned(TERMS, base, dict.fromkeys(ON), AT, goes_on=False) is None


def test_who_leads_again_has_the_time_between_off():
    base = Event(at_london(ON[0] - timedelta(weeks=5), time(10)), 120, "Room 2", series=series())
    ended = base._replace(series=series(last=ON[0] - timedelta(weeks=3)))
    found = planned(TERMS, ended, coming((ON[0], None)), AT, goes_on=True)
    between = (ON[0] - timedelta(weeks=2), ON[0] - timedelta(weeks=1), ON[0])
    assert found == base._replace(series=series(off=between))


def test_a_clock_that_went_back_begins_the_series_earlier():
    base = planned(TERMS, None, {ON[4]: meeting(ON[4])}, AT, goes_on=True)
    found = planned(TERMS, base, coming(), AT, goes_on=True)
    assert found == base._replace(starts_at=at_london(ON[0], time(10)))


def test_it_keeps_its_london_hour_across_the_change_of_the_clocks():
    found = planned(TERMS, None, coming(), AT, goes_on=True)
    assert [one.starts_at.hour for one in found.coming(AT, ON[1])] == [10, 9]


@pytest.mark.parametrize(
    ("known", "same"),
    [
        (series(), True),
        (series(off=(date(2027, 3, 2),)), True),  # an exception that was not asked about
        (series(off=(ON[1],)), False),
        (series(last=ON[5]), False),
    ],
)
def test_a_series_that_shows_the_same_for_the_planned_sittings_stays(known, same):
    wanted = Event(at_london(ON[0], time(10)), 120, "Room 2", series=series())
    one = wanted._replace(series=known)
    assert in_diary(wanted, [None, one], coming(), AT) is (one if same else wanted)


def test_two_series_that_ended_before_today_show_the_same():
    starts = at_london(ON[0] - timedelta(weeks=8), time(10))
    early, late = (Event(starts, 120, "Room 2", series=series(last=ON[0] - timedelta(weeks=week))) for week in (3, 2))
    assert in_diary(late, [early], dict.fromkeys(ON), AT) is early


PLACES = st.sampled_from(["Room 1", "Room 2"])


@given(
    st.lists(
        st.tuples(
            st.integers(0, 3),  # weeks until the next round
            st.lists(st.sampled_from(["on", "off", "moved"]), min_size=4, max_size=4),
            PLACES,
            st.booleans(),
        ),
        min_size=1,
        max_size=8,
    )
)
@settings(max_examples=200)
def test_whatever_happened_the_diary_shows_what_is_planned_and_what_has_been(rounds):
    """The diary is expanded by `dateutil`, from what the last letter said."""
    today, held, been = day("Mon 16 Mar 2026"), None, {}
    for weeks, states, place, goes_on in rounds:
        today += timedelta(weeks=weeks)
        at = at_london(today)
        been |= {on: starts for on, starts in _expanded(held, today).items() if on < today and on not in been}
        days = list(TUESDAYS.days(today, today + timedelta(days=28)))
        wanted = {
            on: None if state == "off" else meeting(on + timedelta(days=state == "moved"), place)
            for on, state in zip(days, states, strict=True)
        }
        found = planned(TERMS, held, wanted, at, goes_on=goes_on)
        now = in_diary(found, [held], wanted, at) if found else None
        shown = _expanded(now, today + timedelta(days=28))
        assert {on: starts for on, starts in shown.items() if on in wanted} == {
            on: one.starts_at for on, one in wanted.items() if one
        }
        past = {on: starts for on, starts in shown.items() if on < today}
        assert past == been
        if now is not None and not goes_on:
            assert _expanded(now, today + timedelta(days=200)).keys() <= {*wanted, *been}
        held = now


def _expanded(event: Event | None, last: date) -> dict[date, datetime]:
    if event is None or event.series is None:
        return {}
    rule = rrulestr(event.series.rule, dtstart=datetime.combine(event.first_on, time(10)))
    end = min(last, event.series.last_on or last)
    found = {}
    for moment in rule.between(datetime.combine(event.first_on, time()), datetime.combine(end, time(23)), inc=True):
        on = moment.date()
        if on not in event.series.off:
            moved = dict(event.series.moved).get(on)
            found[on] = moved.starts_at if moved else at_london(on, time(10))
    return found
