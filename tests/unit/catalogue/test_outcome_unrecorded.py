"""The rule `outcome-unrecorded`: the outcome of each case at its sitting."""

import pytest

from config.terms import Agency, Classification, EndReason, OwedBy
from models.rules import arithmetic
from models.rules.result import OwesNothing
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, answers, case, nothing, owed, sitting

OPENED = day("Mon 2 Mar 2026")
TUESDAY = day("Tue 17 Mar 2026")


@pytest.mark.parametrize(
    ("on", "due"),
    [
        row("the next working day", "Tue 17 Mar 2026", "Wed 18 Mar 2026"),
        row("over a weekend", "Fri 20 Mar 2026", "Mon 23 Mar 2026"),
        row("over Easter", "Thu 2 Apr 2026", "Tue 7 Apr 2026"),
    ],
)
def test_the_outcome_is_recorded_by_the_working_day_after_the_sitting(on, due):
    found = owed("outcome-unrecorded", case(opened_on=OPENED, sittings=[sitting(on=on)]))
    assert (found.subject, found.due_on, found.done_on) == ("sitting:S1", due, None)


def test_it_reminds_on_its_day_and_escalates_two_working_days_after_it():
    found = owed("outcome-unrecorded", case(opened_on=OPENED, sittings=[sitting(on=day("Thu 19 Mar 2026"))]))
    assert (found.remind_on, found.escalate_on) == (day("Fri 20 Mar 2026"), day("Tue 24 Mar 2026"))


@pytest.mark.parametrize(
    ("chair", "owed_by"),
    [
        row("of police", Agency.POLICE, OwedBy.POLICE),
        row("of CPS", Agency.CPS, OwedBy.CPS),
        row("not known", None, OwedBy.BOTH),
    ],
)
def test_the_chairs_agency_owes_it_and_both_where_nobody_knows_the_chair(chair, owed_by):
    found = owed("outcome-unrecorded", case(opened_on=OPENED, sittings=[sitting(on=TUESDAY, chair=chair)]))
    assert found.owed_by is owed_by


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("recorded", {"recorded_on": TUESDAY}, EndReason.MET),
        row("moved away", {"convened": False}, EndReason.WITHDRAWN),
        row("recorded before it was moved away", {"recorded_on": TUESDAY, "convened": False}, EndReason.MET),
    ],
)
def test_it_ends_when_it_is_recorded_or_the_case_is_not_before_that_sitting_any_more(given, end):
    found = nothing("outcome-unrecorded", case(opened_on=OPENED, sittings=[sitting(on=TUESDAY, **given)]))
    assert (found.subject, found.end) == ("sitting:S1", end)


def test_each_sitting_of_a_case_is_owed_on_its_own():
    sittings = [sitting(on=TUESDAY, recorded_on=TUESDAY), sitting(on=day("Tue 24 Mar 2026"), ref="S2")]
    first, second = answers("outcome-unrecorded", case(opened_on=OPENED, sittings=sittings))
    assert (first.subject, first.end) == ("sitting:S1", EndReason.MET)
    assert (second.subject, second.due_on) == ("sitting:S2", day("Wed 25 Mar 2026"))


@pytest.mark.parametrize("classification", Classification)
def test_it_is_owed_whatever_the_review_made_of_the_case(classification):
    known = case(opened_on=OPENED, classification=classification, sittings=[sitting(on=TUESDAY)])
    assert owed("outcome-unrecorded", known).subject == "sitting:S1"


@pytest.mark.parametrize("sittings", [[], [sitting(on=TUESDAY)]])
def test_a_finalised_case_owes_none(sittings):
    found = nothing("outcome-unrecorded", case(opened_on=OPENED, finalised_on=TUESDAY, sittings=sittings))
    assert (found.subject, found.end) == ("case", EndReason.FINALISED)


def test_a_case_that_was_convened_to_nothing_owes_none():
    assert nothing("outcome-unrecorded", case(opened_on=OPENED)) == OwesNothing(
        "case", EndReason.OUT_OF_SCOPE, "it was listed for no joint review meeting"
    )


def test_it_says_its_arithmetic():
    found = owed("outcome-unrecorded", case(opened_on=OPENED, sittings=[sitting(on=TUESDAY)]))
    assert arithmetic.sentence(found.because, CALENDAR) == (
        "joint review meeting Tue 17 Mar 2026 + 1 working day = Wed 18 Mar 2026"
    )
