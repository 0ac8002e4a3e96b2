"""Invitations to a sitting: the people, their minutes, and the messages about changes."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.sittings import Part
from config.terms import Agency, OwedBy
from models.rules.people.addressing import Directory, Parties, Person
from models.rules.reviews.inviting import (
    ComingSitting,
    Event,
    InvitationState,
    InvitedEvent,
    PlacedCase,
    SavedInvitation,
    SittingCase,
    changes,
    invited,
)
from models.rules.reviews.sitting_leads import matters

AT = datetime(2026, 3, 16, 6, tzinfo=UTC)
TODAY = date(2026, 3, 16)
STARTS = datetime(2026, 3, 24, 10, tzinfo=UTC)


def person(ref: str, *roles: str, agency: Agency = Agency.POLICE, **given: object) -> Person:
    places = (frozenset({"45"}), frozenset()) if agency is Agency.POLICE else (frozenset(), frozenset({"South East"}))
    ordinary = {"deputy_ref": None, "active": True, "absent": False}
    return Person(ref, agency, frozenset(roles), *places, **ordinary | given)


PEOPLE = (
    person("of1", "officer"), person("of2", "officer"), person("sup", "supervisor"), person("sp", "spoc"),
    person("chair", "lead"), person("pr1", "prosecutor", agency=Agency.CPS),
    person("cs", "spoc", agency=Agency.CPS),
)  # fmt: skip


def directory(*instead: Person) -> Directory:
    return Directory(list({one.ref: one for one in (*PEOPLE, *instead)}.values()))


def case(case_id: int, slot: int, *, oic: str = "of1", prosecutor: str | None = "pr1", restricted: bool = False):
    matter = Parties(OwedBy.BOTH, ("45",), ("South East",), oic, "sup", prosecutor)
    return SittingCase(case_id, slot, restricted, matter)


def sitting(*cases: SittingCase, chair: str = "chair", **given: object) -> ComingSitting:
    ordinary = {
        "id": 1, "ref": "45-south-east-2026-03-24", "day": STARTS.date(), "starts_at": STARTS, "places": 12,
        "minutes_per_case": 10, "place": "Room 2",
    }  # fmt: skip
    chair_matter, spocs = matters(chair, "45", "South East")
    return ComingSitting(**ordinary | given, chair=chair_matter, spocs=spocs, cases=cases)


def at(minutes: int) -> datetime:
    return STARTS + timedelta(minutes=minutes)


WHOLE = Event(STARTS, 120, "Room 2")


def test_the_chair_and_both_spocs_come_for_the_whole_sitting_and_a_cases_people_for_its_minutes():
    found = invited(sitting(case(7, 2)), directory(), frozenset())
    own = Event(at(20), 10, "Room 2", (PlacedCase(7, at(20), True),))
    assert (own.whole, own.ends_at, WHOLE.whole, WHOLE.ends_at) == (False, at(30), True, at(120))
    assert found == {
        "chair": InvitedEvent(WHOLE, (Part.CHAIR,)),
        "sp": InvitedEvent(WHOLE, (Part.SPOC,)),
        "cs": InvitedEvent(WHOLE, (Part.SPOC,)),
        "of1": InvitedEvent(own, (Part.OFFICER,)),
        "pr1": InvitedEvent(own, (Part.PROSECUTOR,)),
    }


def test_nobody_comes_to_a_sitting_without_cases():
    assert invited(sitting(), directory(), frozenset()) == {}


def test_two_cases_of_one_officer_are_one_event_from_the_first_to_the_last():
    found = invited(sitting(case(8, 5), case(7, 2), case(9, 3, oic="of2")), directory(), frozenset())
    assert found["of1"].event == Event(at(20), 40, "Room 2", (PlacedCase(7, at(20), True), PlacedCase(8, at(50), True)))
    assert found["of2"].event == Event(at(30), 10, "Room 2", (PlacedCase(9, at(30), True),))
    assert [placed.case_id for placed in found["pr1"].event.cases] == [7, 9, 8]


def test_who_is_both_spoc_and_officer_has_the_whole_sitting():
    found = invited(sitting(case(7, 2, oic="sp")), directory(), frozenset())
    assert found["sp"] == InvitedEvent(WHOLE, (Part.SPOC, Part.OFFICER))


def test_the_event_of_the_whole_sitting_stays_when_a_case_comes_or_goes():
    one = invited(sitting(case(7, 2)), directory(), frozenset())
    two = invited(sitting(case(7, 2), case(8, 0, oic="of2")), directory(), frozenset())
    assert [one[ref].event for ref in ("chair", "sp", "cs", "of1")] == [
        two[ref].event for ref in ("chair", "sp", "cs", "of1")
    ]


def test_a_deputy_comes_for_who_is_away_on_the_sittings_day_and_is_told_so():
    away = directory(
        person("of1", "officer", absent=True, deputy_ref="of2"), person("chair", "lead", absent=True, deputy_ref="sup")
    )
    found = invited(sitting(case(7, 2)), away, frozenset())
    assert "of1" not in found
    assert "chair" not in found
    assert found["of2"].notes == ("standing in for the officer in the case",)
    assert (found["sup"].parts, found["sup"].notes) == ((Part.CHAIR,), ("standing in for the chair",))


def test_where_nobody_is_recorded_the_next_in_line_comes_and_operations_never_do():
    nobody = Directory([person("sup", "supervisor"), person("gone", "lead", active=False)])
    found = invited(sitting(case(7, 0, oic="unknown", prosecutor=None), chair="gone"), nobody, frozenset())
    assert set(found) == {"sup"}
    assert found["sup"].notes == ("no officer in the case is recorded",)


def test_a_case_without_a_prosecutor_adds_its_spoc_who_comes_anyway():
    found = invited(sitting(case(7, 0, prosecutor=None)), directory(), frozenset())
    assert found["cs"] == InvitedEvent(WHOLE, (Part.SPOC, Part.PROSECUTOR), ("no prosecutor is recorded",))


@pytest.mark.parametrize(("access", "known"), [((), False), (("of1",), True)])
def test_a_restricted_case_is_named_only_to_who_may_read_of_it(access, known):
    found = invited(sitting(case(7, 0, restricted=True)), directory(), frozenset(access))
    assert [placed.open for placed in found["of1"].event.cases] == [known]
    assert [placed.open for placed in found["pr1"].event.cases] == [False]


KEY = (1, "45-south-east-2026-03-24", "of1")


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


def test_what_is_kept_of_an_invitation_reads_as_it_was_written():
    for saved in (
        SavedInvitation(InvitedEvent(own(), (Part.OFFICER,), ("a note",)), WHOLE),
        SavedInvitation(InvitedEvent(WHOLE, (Part.CHAIR,))),
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
