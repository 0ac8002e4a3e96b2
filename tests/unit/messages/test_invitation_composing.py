"""An invitation to one sitting, of what was written and the sitting as it is: its news, its cases, its silence."""

from datetime import timedelta

import pytest

from config.sittings import ConveningEnd, EventGone, EventNews
from models.queries.reviews import invitations
from models.rules.people.readdressing import BARRED, LEFT
from tasks.messages.invitation.composing import BEGUN
from tasks.messages.invitation.composing_series import OTHERWISE
from tests.worlds.invitations import (
    TEN,
    TUESDAY,
    WEEK,
    compose,
    convened,
    event,
    placed,
    said_by,
    written,
)
from tests.worlds.messages import NOW, entry, gathered, reader

ONE, TWO = placed(1), placed(2, 1)
MINE = event(ONE, TWO)
BOTH = (convened(1), convened(2, 1))


def test_an_event_that_its_sitting_still_matches_is_said() -> None:
    assert said_by(compose(written(MINE), *BOTH)).news is EventNews.INVITED
    assert said_by(compose(written(event()))).whole


@pytest.mark.parametrize(
    ("one", "cases"),
    [
        (written(MINE, takes_place=False), BOTH),
        (written(MINE, place="Room 3"), BOTH),
        (written(MINE, starts_at=TEN + timedelta(minutes=10)), BOTH),
        (written(MINE, minutes_per_case=15), BOTH),
        (written(MINE), (convened(1), convened(2, 0))),
        (written(MINE), (convened(1), convened(2, None))),
        (written(event(), takes_place=False), ()),
        (written(event(), place="Room 3"), ()),
        (written(event(), minutes=30, last=2), ()),
        (written(event(), starts_at=TEN + timedelta(minutes=10)), ()),
    ],
)
def test_an_event_that_its_sitting_matches_no_more_is_said_by_the_next_message(one, cases) -> None:
    assert compose(one, *cases).nothing == OTHERWISE
    assert compose(one._replace(cancelled=True), *cases).nothing == ""


def test_a_case_less_than_the_event_names_changes_nothing_for_who_attends_all_of_it() -> None:
    assert compose(written(event(), first=None, last=None)).nothing == ""


def test_a_later_message_replaces_an_earlier_one() -> None:
    assert compose(written(MINE, sequence=1, latest=2), *BOTH).nothing == invitations.OVERTAKEN
    assert compose(written(MINE, sequence=2, latest=2), *BOTH).nothing == ""


def test_who_has_left_or_has_no_address_gets_none() -> None:
    assert compose(written(MINE), *BOTH, unknown=True).nothing == LEFT
    assert compose(written(MINE), *BOTH, to=reader(left=True)).nothing == LEFT


def test_who_is_barred_from_a_case_of_it_hears_only_that_the_event_is_cancelled() -> None:
    barring = (convened(1), convened(2, 1, barred=frozenset({"P1"})))
    assert compose(written(MINE), *barring).nothing == BARRED
    assert [one.reference for one in said_by(compose(written(MINE, cancelled=True), *barring)).cases] == ["45/1"]
    assert compose(written(MINE), convened(1), convened(2, 1, barred=frozenset({"P9"}))).nothing == ""


@pytest.mark.parametrize(("minutes", "silent"), [(-1, ""), (0, BEGUN), (1, BEGUN)])
def test_nothing_is_said_of_a_sitting_that_has_begun(minutes: int, silent: str) -> None:
    assert compose(written(MINE), *BOTH, at=TEN + timedelta(minutes=minutes)).nothing == silent


def test_a_restricted_case_is_named_to_who_has_access() -> None:
    cases = (convened(1), convened(2, 1, restricted=True))
    hidden, named = (said_by(compose(written(MINE), *cases, to=reader(access=has))) for has in (False, True))
    assert ([one.reference for one in hidden.cases], hidden.restricted) == (["45/1", ""], 1)
    assert ([one.reference for one in named.cases], named.restricted) == (["45/1", "45/2"], 0)


def test_each_case_has_its_minutes_and_is_late_where_it_sits_after_its_day() -> None:
    cases = (convened(1), convened(2, 1, due_on=TUESDAY - timedelta(days=1)))
    found = said_by(compose(written(MINE), *cases)).cases
    minutes = [((one.starts_at - TEN).seconds // 60, (one.ends_at - TEN).seconds // 60, one.late) for one in found]
    assert minutes == [(0, 10, False), (10, 20, True)]
    assert {(one.ended, one.now_at) for one in found} == {(None, None)}


def test_a_changed_event_tells_how_it_was_and_which_cases_it_has_no_more() -> None:
    was = event(ONE, placed(3, 1), placed(4, 2), place="Room 1")
    gone = convened(3, None, ended=ConveningEnd.MOVED, now_at=TEN + WEEK)
    barred = convened(4, None, barred=frozenset({"P1"}))
    found = said_by(compose(written(MINE, was), *BOTH, gone, barred))
    assert found.news is EventNews.CHANGED
    assert found.was is not None
    assert (found.was.starts_at, found.was.place) == (TEN, "Room 1")
    assert [(one.reference, one.ended, one.now_at) for one in found.without] == [
        ("45/3", ConveningEnd.MOVED, TEN + WEEK)
    ]  # fmt: skip


def test_a_cancelled_event_tells_why_and_not_how_it_was() -> None:
    found = said_by(compose(written(MINE, event(placed(3)), cancelled=True), *BOTH, convened(3)))
    assert (found.news, found.was, found.without, found.own) == (EventNews.CANCELLED, None, (), ())
    assert said_by(compose(written(MINE), *BOTH)).gone is None


@pytest.mark.parametrize(
    ("one", "cases", "gone"),
    [
        (written(MINE, takes_place=False, first=None, last=None), BOTH, EventGone.SITTING),
        (written(MINE, first=None, last=None), BOTH, EventGone.CASES),
        (written(event(), first=None, last=None), (), EventGone.EMPTY),
        (written(event()), (), EventGone.OTHERS),
        (written(MINE), BOTH, EventGone.OTHERS),
        (written(MINE), (convened(1, None), convened(2, 1)), EventGone.OTHERS),
        (written(MINE), (convened(1, None), convened(2, None)), EventGone.CASES),
        (written(MINE), (convened(1, None), convened(2, 1, barred=frozenset({"P1"}))), EventGone.CASES),
    ],
)
def test_why_an_event_is_cancelled(one, cases, gone) -> None:
    assert said_by(compose(one._replace(cancelled=True), *cases)).gone is gone


def test_an_invitation_for_some_cases_has_their_page_of_the_agenda() -> None:
    found = gathered(entry(3), entry(1), entry(2, restricted=True))
    own = said_by(compose(written(MINE), *BOTH, agenda=found)).own
    assert [(one.number, type(one).__name__) for one in own] == [(2, "AgendaCase"), (3, "HiddenCase")]
    for silent in (written(event()), written(MINE, cancelled=True)):
        assert said_by(compose(silent, *BOTH, agenda=found)).own == ()
    assert said_by(compose(written(MINE), *BOTH)).own == ()


def test_its_agenda_comes_three_working_days_before() -> None:
    assert said_by(compose(written(MINE), *BOTH)).agenda_on == NOW.date()


def test_a_force_that_nobody_knows_is_named_by_its_code() -> None:
    assert said_by(compose(written(event()))).pair == "Surrey (45) and CPS South East"
    assert said_by(compose(written(event(), force_code="99"))).pair == "force 99 and CPS South East"
