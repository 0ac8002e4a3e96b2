"""To which series of its pair a sitting belongs, so that its leads have it there and not alone."""

from datetime import date

from config.days.recurrence import Timetable
from models.rules.reviews.attendance import attended
from models.rules.reviews.invitation_plan import PanelSeries, plan
from models.rules.reviews.series import SeriesTerms
from tests.worlds.invited import case, directory, sitting, terms

FRIDAY = date(2026, 3, 20)
RULE, OTHER = "2026-01-06 10:00 FREQ=WEEKLY", "2026-01-06 14:00 FREQ=WEEKLY"
LEADS = {"chair", "sp", "cs"}


def series(ref: str, rule: str = RULE, *, open_: bool = True, force: str = "45") -> PanelSeries:
    return PanelSeries(ref, force, "South East", rule, SeriesTerms(Timetable.parse(rule)), open_)


def led_in(rule: str | None, *among: PanelSeries) -> set[str]:
    """The series, or the sitting, in which the leads of a sitting by a rule have it."""
    meeting = sitting(case(7, 2), rule=rule, ruled_on=None if rule is None else date(2026, 3, 24))
    planned = plan(attended([meeting], directory(), frozenset(), terms(FRIDAY)), among, [], (), terms(FRIDAY))
    return {where for where, ref in planned if ref in LEADS}


def test_a_sitting_belongs_to_the_series_of_its_pair_and_rule():
    assert led_in(RULE, series("own"), series("other", OTHER), series("elsewhere", force="46")) == {"own"}


def test_of_a_rule_that_came_back_it_is_the_open_series_or_else_the_latest():
    assert led_in(RULE, series("a", open_=False), series("b"), series("c", open_=False)) == {"b"}
    assert led_in(RULE, series("a", open_=False), series("b", open_=False)) == {"b"}


def test_one_without_a_series_stands_alone():
    assert led_in(None, series("own")) == {"45-south-east-2026-03-24"}
