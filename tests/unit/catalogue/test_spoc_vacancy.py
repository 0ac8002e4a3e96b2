"""The rule `spoc-vacancy`: a SPOC in the post of each force and Area with a case."""

import pytest

from config.terms import Agency, EndReason, OwedBy
from models.rules import arithmetic
from models.rules.obligations.rulebook import evaluate_without_case
from models.rules.organisation_facts import PostFact
from models.rules.result import Owes
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, POLICY


def vacancy(*, agency=Agency.POLICE, place="45", filled=False, last_day=None, opened_on=None):
    ((rule, found),) = evaluate_without_case(
        "spoc-vacancy", PostFact(agency, place, filled, last_day, opened_on), POLICY.rules, CALENDAR
    )
    assert rule == "spoc-vacancy"
    return found


@pytest.mark.parametrize(
    ("last_day", "remind", "due"),
    [
        row("the day after the last, a Saturday too", "Fri 20 Mar 2026", "Sat 21 Feb 2026", "Sat 21 Mar 2026"),
        row("a bank holiday is no excuse", "Thu 2 Apr 2026", "Tue 3 Mar 2026", "Fri 3 Apr 2026"),
        row("a month before the 31st is the month's last day", "Mon 30 Mar 2026", "Sat 28 Feb 2026", "Tue 31 Mar 2026"),
    ],
)
def test_a_successor_is_owed_from_the_day_after_the_last_spocs_last_day(last_day, remind, due):
    found = vacancy(last_day=last_day)
    assert (found.remind_on, found.due_on, found.escalate_on) == (remind, due, due)
    assert arithmetic.sentence(found.because, CALENDAR).startswith("last day on which there is a SPOC ")


@pytest.mark.parametrize(
    ("opened_on", "due"),
    [
        row("a working day is the day itself", "Thu 2 Apr 2026", "Thu 2 Apr 2026"),
        row("a Saturday rolls over Easter Monday", "Sat 4 Apr 2026", "Tue 7 Apr 2026"),
    ],
)
def test_where_there_never_was_a_spoc_one_is_owed_from_the_earliest_case_on(opened_on, due):
    found = vacancy(opened_on=opened_on)
    assert (found.due_on, found.escalate_on) == (due, due)
    assert arithmetic.sentence(found.because, CALENDAR).startswith("no SPOC; earliest open stalking case opened ")


@pytest.mark.parametrize(
    ("agency", "place", "subject", "owed_by"),
    [
        row("a force owes it of itself", Agency.POLICE, "45", "force:45", OwedBy.POLICE),
        row("an Area owes it as CPS", Agency.CPS, "South East", "area:South East", OwedBy.CPS),
    ],
)
def test_a_force_is_for_police_and_an_area_for_cps(agency, place, subject, owed_by):
    found = vacancy(agency=agency, place=place, opened_on=day("Mon 2 Mar 2026"))
    assert (found.subject, found.owed_by, found.done_on) == (subject, owed_by, None)


def test_a_spoc_without_a_last_day_fills_the_post_whoever_else_leaves():
    found = vacancy(filled=True, last_day=day("Fri 20 Mar 2026"))
    assert not isinstance(found, Owes)
    assert (found.subject, found.end, found.why) == ("force:45", EndReason.MET, "a SPOC without a last day is recorded")


def test_a_place_without_a_case_is_out_of_scope():
    assert vacancy().end is EndReason.OUT_OF_SCOPE
