"""Who has an event now: in the series of the pair that a sitting belongs to, or of the sitting alone."""

from datetime import date, timedelta

from config.days.recurrence import Timetable
from models.rules.reviews.attendance import attended
from models.rules.reviews.invitation_plan import PanelSeries, plan
from models.rules.reviews.series import SeriesTerms
from tests.worlds.invited import STARTS, case, directory, sitting, terms

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


def alone_on(day: date, *days: date) -> set[str]:
    """Who has an event of the first of these sittings without a rule, each with a case of the same officer."""
    sittings = [
        sitting(case(number, 1), id=number, ref=f"S{number}", day=on, starts_at=STARTS + (on - days[0]))
        for number, on in enumerate(days)
    ]
    planned = plan(attended(sittings, directory(), frozenset(), terms(day)), [], [], (), terms(day))
    return {ref for where, ref in planned if where == "S0"}


def test_one_without_a_series_is_in_its_leads_calendars_before_it_is_settled():
    assert alone_on(date(2026, 3, 2), STARTS.date()) == LEADS


def test_who_comes_to_more_meetings_of_a_month_than_the_policys_number_waits_for_the_agenda():
    weekly = [STARTS.date() + timedelta(weeks=number) for number in range(4)]
    assert "of1" in alone_on(FRIDAY, *weekly[:3])
    assert "of1" not in alone_on(FRIDAY, *weekly)
    assert "of1" in alone_on(weekly[0], *weekly)
