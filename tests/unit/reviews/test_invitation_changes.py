"""Changes of invitations: each is sent once, one a day, and says what its reader knew."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.sittings import Part
from models.rules.reviews.events import Event, EventSeries, InvitedEvent, Occasion, PlacedCase, SavedInvitation
from models.rules.reviews.invitation_changes import InvitationState, changes, one_a_day

AT = datetime(2026, 3, 16, 6, tzinfo=UTC)
TODAY = date(2026, 3, 16)
STARTS = datetime(2026, 3, 24, 10, tzinfo=UTC)
WHOLE = Event(STARTS, 120, "Room 2")


def at(minutes: int) -> datetime:
    return STARTS + timedelta(minutes=minutes)


KEY = ("45-south-east-2026-03-24", "of1")


def own(minutes: int = 20, place: str = "Room 2") -> Event:
    return Event(at(minutes), 10, place, (PlacedCase(7, at(minutes), True),))


def wanted(event: Event) -> dict:
    return {KEY: InvitedEvent(event, (Part.OFFICER,))}


def standing(event: Event, *, was: Event | None = None, **given: object) -> InvitationState:
    ordinary = {"sequence": 4, "told_on": date(2026, 3, 13), "cancelled": False, "left": True, "lost": False}
    return InvitationState(*KEY, saved=SavedInvitation(InvitedEvent(event, (Part.OFFICER,)), was), **ordinary | given)


def only(found):
    (change,) = found
    return change


def test_who_was_never_invited_is_invited():
    change = only(changes(wanted(own()), [], AT))
    assert (change.sequence, change.cancelled, change.quiet, change.saved.was) == (0, False, False, None)
    assert change.may_be_sent(TODAY)


def test_an_event_that_is_as_it_was_told_is_not_told_again():
    assert changes(wanted(own()), [standing(own())], AT) == []
    assert changes(wanted(own()), [standing(own(), left=False)], AT) == []


@pytest.mark.parametrize("event", [own(30), own(place="Room 3"), Event(at(20), 20, "Room 2", own().cases), WHOLE])
def test_another_time_place_length_or_case_is_a_change_that_says_what_was(event):
    change = only(changes(wanted(event), [standing(own())], AT))
    assert (change.sequence, change.cancelled, change.saved.invited.event, change.saved.was) == (5, False, event, own())
    assert not change.quiet


def test_as_what_someone_comes_changes_no_event():
    deputy = {KEY: InvitedEvent(own(), (Part.PROSECUTOR,), ("standing in for the prosecutor",))}
    assert changes(deputy, [standing(own())], AT) == []


def test_a_cancellation_goes_out_at_once_however_late_the_last_message():
    change = only(changes({}, [standing(own(), told_on=TODAY)], AT))
    assert (change.sequence, change.cancelled, change.saved.invited.event) == (5, True, own())
    assert not change.quiet
    assert change.may_be_sent(TODAY)


def test_an_event_that_is_cancelled_or_has_begun_is_not_cancelled():
    assert changes({}, [standing(own(), cancelled=True)], AT) == []
    assert changes({}, [standing(own())], own().starts_at) == []
    assert changes({}, [standing(own())], own().starts_at - timedelta(seconds=1)) != []


def test_a_series_that_has_begun_and_has_no_meeting_is_cancelled():
    assert only(changes({}, [standing(RECURS)], STARTS + timedelta(days=1))).cancelled


def test_a_person_invited_again_gets_the_same_event_and_no_notice_of_a_change():
    change = only(changes(wanted(own()), [standing(own(), cancelled=True)], AT))
    assert (change.sequence, change.cancelled, change.quiet, change.saved.was) == (5, False, False, None)


def test_a_person_hears_of_one_change_a_day():
    changed = [standing(own(), told_on=TODAY)]
    assert not only(changes(wanted(own(30)), changed, AT)).may_be_sent(TODAY)
    assert only(changes(wanted(own(30)), changed, AT)).may_be_sent(TODAY + timedelta(days=1))


def test_what_has_not_left_may_still_change_and_says_what_the_reader_knows():
    change = only(changes(wanted(own(30)), [standing(own(10), was=own(), told_on=TODAY, left=False)], AT))
    assert change.may_be_sent(TODAY)
    assert (change.saved.was, change.quiet) == (own(), False)


def test_a_change_taken_back_before_it_left_is_told_to_nobody():
    assert only(changes(wanted(own()), [standing(own(10), was=own(), left=False)], AT)).quiet
    cancelled = standing(own(), was=own(), left=False, cancelled=True)
    assert only(changes(wanted(own()), [cancelled], AT)).quiet


def test_an_invitation_that_never_left_is_cancelled_without_a_message():
    change = only(changes({}, [standing(own(), left=False)], AT))
    assert (change.cancelled, change.quiet) == (True, True)


def test_a_cancellation_is_of_the_event_that_its_reader_knows():
    change = only(changes({}, [standing(own(30), was=own(), left=False)], AT))
    assert (change.saved.invited.event, change.quiet) == (own(), False)


def test_what_never_left_and_never_will_is_told_again():
    change = only(changes(wanted(own()), [standing(own(), left=False, lost=True)], AT))
    assert (change.sequence, change.quiet, change.saved.was) == (5, False, None)


RECURS = WHOLE._replace(
    series=EventSeries(
        "FREQ=WEEKLY;BYDAY=TU",
        None,
        (date(2026, 4, 7),),
        ((date(2026, 4, 14), Occasion(at(60 * 24 * 22), 90, "Room 3")),),
    )
)


def test_what_is_kept_of_an_invitation_reads_as_it_was_written():
    for saved in (
        SavedInvitation(InvitedEvent(own(), (Part.OFFICER,), ("a note",)), WHOLE),
        SavedInvitation(InvitedEvent(WHOLE, (Part.CHAIR,))),
        SavedInvitation(
            InvitedEvent(RECURS, (Part.CHAIR,)), was=WHOLE._replace(series=EventSeries("FREQ=DAILY", TODAY))
        ),
    ):
        assert SavedInvitation.of(saved.as_json()) == saved


EVENTS = st.builds(own, st.integers(0, 3).map(lambda slot: slot * 10), st.sampled_from(["Room 1", "Room 2"]))
WORLDS = st.lists(st.tuples(st.none() | EVENTS, st.booleans()), max_size=12)


@given(WORLDS)
def test_after_any_changes_the_calendar_equals_the_plan_each_change_is_sent_once_and_sequences_only_grow(worlds):
    """Draw a plan for each day (an event, or none), and whether its message leaves before the next."""
    kept: InvitationState | None = None
    calendar: Event | None = None
    for day, (event, leaves) in enumerate(worlds):
        today = TODAY + timedelta(days=day)
        plan = wanted(event) if event else {}
        for change in changes(plan, [kept] if kept else [], AT):
            assert change.may_be_sent(today)
            assert change.sequence == (kept.sequence + 1 if kept else 0)
            told_on = kept.told_on if kept and change.quiet else today
            left = change.quiet or leaves
            kept = InvitationState(*KEY, change.sequence, change.saved, told_on, change.cancelled, left, lost=False)
            if left and not change.quiet:
                assert change.cancelled or change.saved.invited.event != calendar
                assert not (change.cancelled and calendar is None)
                calendar = None if change.cancelled else change.saved.invited.event
        assert changes(plan, [kept] if kept else [], AT) == []
        if kept and not kept.left and leaves:
            kept = kept._replace(left=True)
            calendar = None if kept.cancelled else kept.saved.invited.event
        if leaves or kept is None or kept.left:
            assert calendar == event


def recurs(*off: int, last: date | None = None) -> Event:
    days = tuple(date(2026, 3, 24) + timedelta(weeks=week) for week in off)
    return WHOLE._replace(series=EventSeries("FREQ=WEEKLY;BYDAY=TU", last, days))


@pytest.mark.parametrize(
    ("before", "after", "updates"),
    [
        (recurs(), recurs(1), False),
        (recurs(1), recurs(), True),
        (recurs(), recurs(last=date(2026, 4, 7)), False),
        (recurs(), recurs()._replace(place="Room 3"), True),
    ],
    ids=["called off", "on again", "ended", "another place"],
)
def test_a_meeting_taken_out_of_a_calendar_waits_for_no_other_change(before, after, updates):
    change = only(changes(wanted(after), [standing(before, told_on=TODAY)], AT))
    assert change.updates is updates
    assert change.may_be_sent(TODAY) is not updates


def test_what_changes_of_a_meeting_of_the_next_working_day_waits_for_nothing():
    told = [standing(own(), told_on=TODAY), standing(own(60), told_on=TODAY)._replace(ref="S1")]
    plan = wanted(own(30)) | {("S1", "of1"): InvitedEvent(own(90), (Part.OFFICER,))}
    made = changes(plan, told, AT)
    assert one_a_day(made, told, TODAY, STARTS.date() - timedelta(days=1)) == []
    assert one_a_day(made, told, TODAY, STARTS.date()) == made


@pytest.mark.parametrize(("week", "waits"), [(0, False), (1, True)])
def test_a_series_waits_unless_its_meeting_of_the_next_working_day_changes(week, waits):
    day = STARTS.date() + timedelta(weeks=week)
    longer = Occasion(STARTS + timedelta(weeks=week), 150, "Room 2")
    after = WHOLE._replace(series=EventSeries("FREQ=WEEKLY;BYDAY=TU", None, (), ((day, longer),)))
    told = [standing(recurs(), told_on=TODAY)]
    made = changes(wanted(after), told, AT)
    assert one_a_day(made, told, TODAY, STARTS.date()) == ([] if waits else made)


def test_of_several_updates_of_one_person_the_nearest_goes_today_and_the_others_on_the_days_after():
    plan, states = {}, []
    for number, minutes in enumerate((60, 30, 90)):
        key = (f"S{number}", "of1")
        states.append(standing(own(minutes))._replace(ref=key[0]))
        plan[key] = InvitedEvent(own(minutes, "Room 3"), (Part.OFFICER,))
    plan["S9", "of1"] = InvitedEvent(own(0), (Part.OFFICER,))
    plan["S1", "of2"] = InvitedEvent(own(30), (Part.OFFICER,))
    gone = []
    for day in range(4):
        leaves_on = TODAY + timedelta(days=day)
        made = one_a_day(changes(plan, states, AT), states, leaves_on, leaves_on)
        gone.append([(one.ref, one.contact_ref) for one in made])
        states = [one for one in states if one.key not in gone[-1]] + [
            InvitationState(
                one.ref, one.contact_ref, one.sequence, one.saved, leaves_on, cancelled=False, left=False, lost=False
            )
            for one in made
        ]
        assert one_a_day(changes(plan, states, AT), states, leaves_on, leaves_on) == []
        states = [one._replace(left=True) for one in states]
    assert gone == [[("S9", "of1"), ("S1", "of1"), ("S1", "of2")], [("S0", "of1")], [("S2", "of1")], []]
