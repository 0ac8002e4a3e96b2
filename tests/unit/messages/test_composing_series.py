"""An invitation to a series, of what was written and its sittings as they are: news, meetings, changes, silence."""

from datetime import timedelta

import pytest

from config.sittings import EventGone, EventNews
from models.queries.reviews import invitations
from models.rules.people.readdressing import LEFT
from models.rules.reviews.events import Event, EventSeries
from models.rules.reviews.invitation_plan import OWN_CASES
from tasks.messages.invitation.composing_series import OTHERWISE
from tasks.messages.invitation.contexts import SeriesView
from tests.worlds.invitations import (
    TEN,
    TUESDAY,
    WEEK,
    compose_series,
    occasion,
    said_by,
    series,
    sits,
    tuesdays,
)
from tests.worlds.messages import reader

HOUR = timedelta(hours=1)
AT_ELEVEN = tuesdays()._replace(starts_at=TEN + HOUR)


SIX = 6  # meetings that a mail shows


def view(*given, **changed) -> SeriesView:
    found = said_by(compose_series(*given, **changed)).series
    assert found is not None
    return found


def changes(was, now, *sittings, **given) -> list[tuple[int | None, int | None, EventGone | None]]:
    """What changes: the days since the first Tuesday that each meeting was and is on, and why one is gone."""
    found = view(series(now, was), *sittings, **given).changes
    days = [[(one.starts_at - TEN).days if one else None for one in (each.was, each.now)] for each in found]
    return [(was, now, each.gone) for (was, now), each in zip(days, found, strict=True)]


def test_a_series_is_said_while_its_sittings_are_as_it_says() -> None:
    assert said_by(compose_series(series(tuesdays()), sits(0), sits(1))).news is EventNews.INVITED
    off = tuesdays(off=(TUESDAY,))
    assert compose_series(series(off), sits(0, place="Room 3"), sits(1)).nothing == ""
    assert compose_series(series(off), sits(0, takes_place=False)).nothing == ""


@pytest.mark.parametrize("other", [sits(1, takes_place=False), sits(1, place="Room 3"), sits(1, minutes=30)])
def test_a_series_of_which_a_sitting_is_otherwise_is_said_by_the_next_message(other) -> None:
    assert compose_series(series(tuesdays()), sits(0), other, sits(2)).nothing == OTHERWISE
    assert compose_series(series(tuesdays(), cancelled=True), sits(0), other).nothing == ""


def test_a_later_message_replaces_an_earlier_one_and_who_has_left_gets_none() -> None:
    assert compose_series(series(tuesdays(), sequence=1, latest=2)).nothing == invitations.OVERTAKEN
    assert compose_series(series(tuesdays(), sequence=2, latest=2)).nothing == ""
    assert compose_series(series(tuesdays()), to=reader(left=True)).nothing == LEFT


@pytest.mark.parametrize(
    ("one", "news", "gone"),
    [
        (series(tuesdays()), EventNews.INVITED, None),
        (series(tuesdays(last_on=TUESDAY)), EventNews.INVITED, None),
        (series(AT_ELEVEN, tuesdays()), EventNews.CHANGED, None),
        (series(tuesdays(last_on=TUESDAY), tuesdays()), EventNews.ENDED, EventGone.OTHERS),
        (series(tuesdays(last_on=TUESDAY), tuesdays(), over=True), EventNews.ENDED, EventGone.RULE),
        (series(tuesdays(last_on=TUESDAY), tuesdays(last_on=TUESDAY)), EventNews.CHANGED, None),
        (series(tuesdays(), tuesdays(last_on=TUESDAY)), EventNews.CHANGED, None),
        (series(tuesdays(), cancelled=True), EventNews.CANCELLED, EventGone.OTHERS),
        (series(tuesdays(last_on=TUESDAY), tuesdays(), cancelled=True), EventNews.CANCELLED, EventGone.OTHERS),
        (series(tuesdays(), cancelled=True, over=True), EventNews.CANCELLED, EventGone.RULE),
    ],
)
def test_what_is_new_of_a_series_and_why_it_is_gone(one, news, gone) -> None:
    found = said_by(compose_series(one))
    assert (found.news, found.gone) == (news, gone)


def test_the_next_meetings_are_shown_and_whether_others_follow() -> None:
    found = view(series(tuesdays(last_on=TUESDAY + (SIX - 1) * WEEK)))
    assert ([(one.starts_at - TEN).days for one in found.coming][:2], len(found.coming)) == ([0, 7], SIX)
    assert not found.more
    assert found.until == occasion(SIX - 1).starts_at
    more = view(series(tuesdays(last_on=TUESDAY + SIX * WEEK)))
    assert (len(more.coming), more.more) == (SIX, True)


def test_the_next_meetings_of_a_yearly_rule_are_shown_however_many_years_ahead() -> None:
    found = view(series(Event(TEN, 60, "Room 2", (), EventSeries("FREQ=YEARLY;BYMONTH=3;BYDAY=1TU", None))))
    assert (len(found.coming), found.more) == (SIX, True)
    assert found.coming[-1].starts_at.year - found.coming[0].starts_at.year == SIX - 1


def test_a_meeting_that_has_begun_comes_no_more_and_a_cancelled_series_has_none_to_come() -> None:
    assert view(series(tuesdays()), at=TEN).coming[0].starts_at == TEN + WEEK
    assert (view(series(tuesdays(), cancelled=True)).coming, view(series(tuesdays())).until) == ((), None)
    off = tuesdays(off=(TUESDAY,))
    assert view(series(off, tuesdays(), cancelled=True)).changes == ()


def test_exceptions_are_named_by_their_moments_by_the_rule() -> None:
    moved = occasion(1, starts_at=TEN + WEEK + HOUR)
    found = view(series(tuesdays(off=(TUESDAY,), moved=((TUESDAY + WEEK, moved),))))
    assert found.off == (TEN,)
    assert [(by_rule, one.starts_at) for by_rule, one in found.moved] == [(TEN + WEEK, TEN + WEEK + HOUR)]


def test_only_what_the_readers_calendar_has_otherwise_is_a_change() -> None:
    later = tuesdays(moved=((TUESDAY + WEEK, occasion(1, starts_at=TEN + WEEK + HOUR)),))
    sat = (sits(0), sits(1, starts_at=TEN + WEEK + HOUR), sits(2))
    assert changes(tuesdays(), later, *sat) == [(7, 7, None)]
    assert view(series(later), *sat).changes == ()


@pytest.mark.parametrize(
    ("sitting", "gone"),
    [
        ((), EventGone.HOLIDAY), ((sits(1, takes_place=False),), EventGone.SITTING),
        ((sits(1, empty=True),), EventGone.EMPTY), ((sits(1),), EventGone.OTHERS),
        ((sits(1, takes_place=False, empty=True),), EventGone.SITTING),
    ],
)  # fmt: skip
def test_why_a_meeting_is_gone(sitting, gone) -> None:
    assert changes(tuesdays(), tuesdays(off=(TUESDAY + WEEK,)), sits(0), *sitting) == [(7, None, gone)]


@pytest.mark.parametrize(("away", "gone"), [(False, EventGone.CASES), (True, EventGone.OTHERS)])
def test_a_spoc_with_the_series_for_their_own_cases_is_told_that_there_are_none_unless_they_are_away(
    away, gone
) -> None:
    one = series(tuesdays(off=(TUESDAY + WEEK,)), tuesdays())
    own = one._replace(saved=one.saved._replace(invited=one.saved.invited._replace(notes=(OWN_CASES,))))
    assert [change.gone for change in view(own, sits(0), sits(1, away=away)).changes] == [gone]


def test_a_meeting_that_comes_back_is_a_change() -> None:
    assert changes(tuesdays(off=(TUESDAY,)), tuesdays(), sits(0)) == [(None, 0, None)]


def test_days_that_have_been_and_days_after_the_end_are_no_changes() -> None:
    off = tuesdays(off=(TUESDAY, TUESDAY + WEEK))
    assert changes(tuesdays(), off, at=TEN - 2 * HOUR) == [(0, None, EventGone.HOLIDAY), (7, None, EventGone.HOLIDAY)]
    assert changes(tuesdays(), off, at=TEN + 24 * HOUR) == [(7, None, EventGone.HOLIDAY)]
    ends = tuesdays(last_on=TUESDAY, off=(TUESDAY,))
    assert changes(tuesdays(), ends, sits(0), sits(1)) == [(0, None, EventGone.OTHERS)]
