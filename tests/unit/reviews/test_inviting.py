"""Invitations to a sitting: the people, their minutes, and what a diary shows of a change."""

from datetime import datetime, timedelta

import pytest

from config.sittings import Part
from config.terms import Agency, OwedBy
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties
from models.rules.reviews.events import Event, InvitedEvent, Occasion, PlacedCase
from models.rules.reviews.inviting import (
    Blocking,
    ComingSitting,
    SittingCase,
    invited,
    kept_event,
    leads_by_right,
)
from models.rules.reviews.sitting_leads import matters
from tests.worlds.days import row
from tests.worlds.invited import STARTS, case, directory, person, sitting


def at(minutes: int) -> datetime:
    return STARTS + timedelta(minutes=minutes)


WHOLE = Event(at(20), 10, "Room 2")  # of a sitting whose one case has the third place
FIXED = Blocking()


def test_the_chair_and_both_spocs_come_from_the_first_case_to_the_last_and_a_cases_people_for_its_minutes():
    found = invited(sitting(case(7, 2)), directory(), frozenset(), FIXED)
    own = Event(at(20), 10, "Room 2", (PlacedCase(7, at(20), True),))
    assert (own.whole, own.ends_at, WHOLE.whole, WHOLE.ends_at) == (False, at(30), True, at(30))
    assert found == {
        "chair": InvitedEvent(WHOLE, (Part.CHAIR,)),
        "sp": InvitedEvent(WHOLE, (Part.SPOC,)),
        "cs": InvitedEvent(WHOLE, (Part.SPOC,)),
        "of1": InvitedEvent(own, (Part.OFFICER,)),
        "pr1": InvitedEvent(own, (Part.PROSECUTOR,)),
    }


def test_the_leads_come_to_a_sitting_that_has_no_case_yet():
    assert set(invited(sitting(), directory(), frozenset(), FIXED)) == {"chair", "sp", "cs"}


def test_two_cases_of_one_officer_are_one_event_from_the_first_to_the_last():
    found = invited(sitting(case(8, 5), case(7, 2), case(9, 3, oic="of2")), directory(), frozenset(), FIXED)
    assert found["of1"].event == Event(at(20), 40, "Room 2", (PlacedCase(7, at(20), True), PlacedCase(8, at(50), True)))
    assert found["of2"].event == Event(at(30), 10, "Room 2", (PlacedCase(9, at(30), True),))
    assert [placed.case_id for placed in found["pr1"].event.cases] == [7, 9, 8]


def test_who_is_both_spoc_and_officer_has_the_whole_sitting():
    found = invited(sitting(case(7, 2, oic="sp")), directory(), frozenset(), FIXED)
    assert found["sp"] == InvitedEvent(WHOLE, (Part.SPOC, Part.OFFICER))


@pytest.mark.parametrize(
    ("cases", "blocking", "whole"),
    [
        row("from the first case to the last", ((7, 2), (8, 4)), FIXED, Occasion(at(20), 30, "Room 2")),
        row("all places before minutes are fixed", ((7, 2),), Blocking(fixed=False), Occasion(STARTS, 120, "Room 2")),
        row("all places while it has no case", (), FIXED, Occasion(STARTS, 120, "Room 2")),
    ],
)
def test_who_attends_all_of_it_is_blocked_for_its_cases_once_their_minutes_are_fixed(cases, blocking, whole):
    found = invited(sitting(*(case(*one) for one in cases)), directory(), frozenset(), blocking)
    assert {found[ref].event.occasion for ref in ("chair", "sp", "cs")} == {whole}


def test_who_is_barred_from_the_last_case_is_blocked_for_the_others_alone():
    barring = case(8, 9, oic="of2")
    barring = barring._replace(matter=barring.matter._replace(barred=frozenset({"sp"})))
    found = invited(sitting(case(7, 2), barring), directory(), frozenset(), FIXED)
    assert [found[ref].event.minutes for ref in ("sp", "cs")] == [10, 80]


def test_minutes_of_ones_own_have_a_margin_on_each_side_which_moves_no_case():
    found = invited(sitting(case(7, 2)), directory(), frozenset(), Blocking(around=timedelta(minutes=5)))
    assert found["of1"].event == Event(at(15), 20, "Room 2", (PlacedCase(7, at(20), open=True),))


def test_a_deputy_comes_for_who_is_away_on_the_sittings_day_and_is_told_so():
    away = directory(
        person("of1", "officer", absent=True, deputy_ref="of2"), person("chair", "lead", absent=True, deputy_ref="sup")
    )
    found = invited(sitting(case(7, 2)), away, frozenset(), FIXED)
    assert "of1" not in found
    assert "chair" not in found
    assert found["of2"].notes == ("standing in for the officer in the case",)
    assert (found["sup"].parts, found["sup"].notes) == ((Part.CHAIR,), ("standing in for the chair",))


def test_nobody_comes_on_a_day_on_which_they_are_away_though_nobody_stands_in_for_them():
    away = directory(person("of1", "officer", absent=True), person("sp", "spoc", absent=True))
    found = invited(sitting(case(7, 2)), away, frozenset(), FIXED)
    assert set(found) == {"chair", "cs", "sup", "pr1"}
    assert found["sup"].notes == ("the officer in the case is away and has no deputy",)


def test_where_nobody_is_recorded_the_next_in_line_comes_and_operations_never_do():
    nobody = Directory([person("sup", "supervisor"), person("gone", "lead", active=False)])
    found = invited(sitting(case(7, 0, oic="unknown", prosecutor=None), chair="gone"), nobody, frozenset(), FIXED)
    assert set(found) == {"sup"}
    assert found["sup"].notes == ("the officer in the case has no address here",)


def test_a_case_without_a_prosecutor_adds_its_spoc_who_comes_anyway():
    found = invited(sitting(case(7, 2, prosecutor=None)), directory(), frozenset(), FIXED)
    assert found["cs"] == InvitedEvent(WHOLE, (Part.SPOC, Part.PROSECUTOR), ("no prosecutor is recorded",))


@pytest.mark.parametrize(("access", "known"), [((), False), (("of1",), True)])
def test_a_restricted_case_is_named_only_to_who_may_read_of_it(access, known):
    found = invited(sitting(case(7, 0, restricted=True)), directory(), frozenset(access), FIXED)
    assert [placed.open for placed in found["of1"].event.cases] == [known]
    assert [placed.open for placed in found["pr1"].event.cases] == [False]


def leads(one: ComingSitting, people: Directory) -> set[str]:
    return set(leads_by_right(one, people.present))


def test_the_chair_and_the_spocs_lead_by_right_though_they_are_away_or_barred_and_their_deputies_do_not():
    away = directory(
        person("sp", "spoc", absent=True, deputy_ref="of2"), person("chair", "lead", absent=True, deputy_ref="sup")
    )
    assert leads(sitting(), away) == {"chair", "sp", "cs"}
    barring = SittingCase(7, 0, False, Parties(OwedBy.BOTH, ("45",), ("South East",), barred=frozenset({"chair"})))
    chair, spocs = matters("chair", "45", "South East", [barring.matter.barred])
    assert leads(sitting(barring)._replace(chair=chair, spocs=spocs), directory()) == {"chair", "sp", "cs"}


def test_who_has_left_and_who_comes_because_no_spoc_is_recorded_lead_by_no_right():
    without = Directory([person("chair", "lead", active=False), person("other", "lead")])
    assert leads(sitting(), without) == set()


@pytest.mark.parametrize(
    ("slots", "same"),
    [
        row("another case of theirs came at the end", {7: 2, 8: 6}, True),
        row("they come earlier for another one", {7: 2, 8: 0}, False),
        row("the case that they know has other minutes", {7: 3}, False),
        row("they come for another case alone", {8: 6}, False),
    ],
)
def test_what_is_new_beside_the_minutes_that_a_person_knows_may_wait(slots, same):
    known = invited(sitting(case(7, 2)), directory(), frozenset(), FIXED)["of1"].event
    now = sitting(*(case(*one) for one in slots.items()))
    wanted = invited(now, directory(), frozenset(), FIXED)["of1"].event
    assert kept_event(wanted, known, now, "of1", ()) == wanted
    assert (kept_event(wanted, known, now, "of1", (), may_wait=True) is known) is same


def event(*cases: PlacedCase, minutes: int = 20) -> Event:
    return Event(at(20), minutes, "Room 2", cases)


def test_a_case_that_comes_or_goes_within_the_same_minutes_leaves_the_event_that_is_known():
    one, two, three = (PlacedCase(number, at(20), open=True) for number in (7, 8, 9))
    known = event(one, two)
    for wanted in (event(one), event(one, three), event(one, two), event(one, minutes=10)):
        assert kept_event(wanted, known, sitting(case(7, 2)), "of1", ()) is known
    longer, later = event(one, minutes=30), event(one)._replace(starts_at=at(30), minutes=10)
    assert [kept_event(wanted, known, sitting(case(7, 2)), "of1", ()) for wanted in (longer, later)] == [longer, later]
    assert kept_event(event(one), None, sitting(case(7, 2)), "of1", ()) == event(one)


@pytest.mark.parametrize(
    ("known", "slots", "same"),
    [
        row("the last case went", (0, 60), (0, 3), True),
        row("the first case went", (0, 60), (2, 5), True),
        row("a case came at the end", (0, 60), (0, 6), False),
        row("all places, before the minutes were fixed", (0, 120), (0, 5), False),
    ],
)
def test_who_attends_all_of_it_hears_of_no_case_that_goes(known, slots, same):
    told, first_and_last = Event(at(known[0]), known[1], "Room 2"), [case(slot, slot) for slot in slots]
    now = sitting(*first_and_last)
    wanted = invited(now, directory(), frozenset(), FIXED)["chair"].event
    assert (kept_event(wanted, told, now, "chair", ()) is told) is same


def test_a_reference_that_a_reader_may_no_more_read_is_taken_out_of_their_diary():
    known, hidden = event(PlacedCase(7, at(20), open=True)), event(PlacedCase(7, at(20), open=False))
    closed = sitting(case(7, 2, restricted=True))
    assert kept_event(hidden, known, closed, "of1", ()) == hidden
    assert kept_event(known, known, closed, "of1", ("of1",)) is known
    assert kept_event(known, hidden, closed, "of1", ("of1",)) is hidden


def test_a_spoc_whom_the_cases_own_row_names_comes_for_its_minutes_and_the_panels_for_the_whole():
    people = [*directory().people.values(), person("sp9", "spoc")]
    panel = Directory(people, {("45", "South East", Agency.POLICE): "sp", ("45", "South East", Agency.CPS): "cs"})
    one = case(7, 2)
    own_spoc = one._replace(matter=one.matter._replace(police_spoc_ref="sp9"))
    found = invited(sitting(own_spoc), panel, frozenset(), FIXED)
    assert {ref: event.event.whole for ref, event in found.items()} == {
        "chair": True, "sp": True, "cs": True, "of1": False, "pr1": False, "sp9": False,
    }  # fmt: skip
    assert found["sp9"].parts == (Part.SPOC,)
    assert leads(sitting(own_spoc), panel) == {"chair", "sp", "cs"}
