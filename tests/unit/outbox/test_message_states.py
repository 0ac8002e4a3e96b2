"""The life of a message, its picture, and messages that are no longer sent."""

from datetime import date
from pathlib import Path

import pytest

from config.terms import EndReason, Happening, State, Verb
from models.rules.obligations.relevance import ObligationState, why_not_due
from models.rules.outbox.message_states import (
    ALLOWED,
    AUDITED,
    DROPPED,
    ENDED,
    LEFT,
    MOST_TRIES,
    RECALLABLE,
    SAID,
    UNDERWAY,
    WAITING,
    before,
    picture,
    wait_seconds,
)

TODAY = date(2026, 3, 17)
LIVE = ObligationState(ended=None, hard=False, last_step=3, acknowledged_until=None)


def test_the_picture_in_the_docs_is_generated_from_the_table():
    assert (Path(__file__).parents[3] / "docs" / "outbox.md").read_text("utf-8") == picture()


def test_every_state_has_its_row():
    assert set(ALLOWED) == set(State)


def test_every_state_can_be_reached_and_only_void_is_the_end():
    reached, more = {State.QUEUED}, {State.QUEUED}
    while more:
        more = {after for state in more for after in ALLOWED[state]} - reached
        reached |= more
    assert reached == set(State)
    assert {state for state, after in ALLOWED.items() if not after} == {State.VOID}


def test_nothing_is_sent_that_was_not_fenced():
    assert before(State.SENDING) == [State.CLAIMED]
    assert set(before(State.SENT)) == {State.SENDING, State.UNKNOWN}


def test_what_may_have_been_handed_over_is_audited_as_a_disclosure():
    assert {state for state, verb in AUDITED.items() if verb is Verb.DISCLOSURE} == SAID


def test_a_set_of_states_is_its_list_in_a_statement():
    assert f"state in {WAITING}" == "state in ('queued', 'retry')"
    assert f"state not in {DROPPED}" == "state not in ('silent', 'void')"


def test_what_waits_or_is_held_can_go_on_and_what_has_ended_cannot_without_a_person_or_an_undoing():
    assert {State.CLAIMED} == set.intersection(*(set(ALLOWED[state]) - {State.SILENT, State.VOID} for state in WAITING))
    assert set(State) == {*UNDERWAY, *LEFT, *ENDED}
    assert {after for state in ENDED for after in ALLOWED[state]} == {State.QUEUED, State.VOID}


def test_only_what_no_carrier_has_may_fall_silent():
    assert set(before(State.SILENT)) == RECALLABLE


def test_tries_wait_a_minute_then_longer_up_to_an_hour_and_last_a_day():
    assert [wait_seconds(tries) for tries in (0, 1, 2, 3, 6, 7, 8, 1000)] == [60, 60, 120, 240, 1920, 3600, 3600, 3600]
    assert 22 <= sum(wait_seconds(tries) for tries in range(1, MOST_TRIES + 1)) / 3600 <= 24


@pytest.mark.parametrize(
    ("happening", "step", "now", "reason"),
    [
        (Happening.STEP, 3, LIVE, ""),
        (Happening.STEP, 2, LIVE, "overtaken by a later notice"),
        (Happening.HANDED_OVER, 3, LIVE, ""),
        (Happening.HANDED_OVER, 3, LIVE._replace(acknowledged_until=TODAY), ""),
        (Happening.LAPSED, 2, LIVE, "overtaken by a later notice"),
        (Happening.STEP, 3, LIVE._replace(ended=EndReason.MET), "ended: met"),
        (Happening.STEP, 3, LIVE._replace(ended=EndReason.MOVED), "its day moved"),
        (Happening.RESOLVED, 3, LIVE._replace(ended=EndReason.MET), ""),
        (Happening.RESOLVED, 3, LIVE, "it is owed again"),
        (Happening.STEP, 3, LIVE._replace(acknowledged_until=TODAY), "acknowledged until Tue 17 Mar 2026"),
        (Happening.STEP, 3, LIVE._replace(acknowledged_until=date(2026, 3, 16)), ""),
        (Happening.STEP, 3, LIVE._replace(acknowledged_until=TODAY, hard=True), ""),
    ],
)
def test_what_is_said_is_what_still_holds(happening, step, now, reason):
    assert why_not_due(happening, step, now, TODAY) == reason
