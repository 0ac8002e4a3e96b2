"""A force's first day, Mon 16 Mar 2026 here: the days of its steps, who hears before it, and what is inherited."""

from datetime import date, timedelta

import pytest

from config.first_day import Grace
from config.terms import Addressee, Risk
from models.rules.obligations import first_day
from models.rules.obligations.first_day import ForceMatter
from models.rules.obligations.ladder import Rung, climb, next_day, step_days
from models.rules.obligations.rulebook import RULES
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, POLICY

FIRST = day("Mon 16 Mar 2026")
STARTING = POLICY.model_copy(update={"starts": {"45": FIRST}})
LIMITS = frozenset({Addressee.SPOC, Addressee.LEAD, Addressee.COUNTERPART})


def rung(rule: str, due: date, *, risk: Risk = Risk.HIGH, force: str = "45", **given: object) -> Rung:
    start = first_day.start(STARTING, ForceMatter(rule, due, risk, force), CALENDAR)
    hard = STARTING.rules.of(rule).hard
    days = (due - timedelta(days=42), due, due + timedelta(days=1))
    return Rung(*days, risk, hard, 0, start=start)._replace(**given)


def on(rule: str, due: date, **given: object) -> list[date | None]:
    return list(step_days(STARTING.ladder_of(rule), rung(rule, due, **given), CALENDAR))


@pytest.mark.parametrize(
    ("risk", "climbs"),
    [
        ("high", "Mon 23 Mar 2026"),
        ("unknown", "Mon 23 Mar 2026"),
        ("medium", "Mon 30 Mar 2026"),
        ("standard", "Wed 8 Apr 2026"),  # Good Friday and Easter Monday are not counted
    ],
)
def test_what_is_inherited_begins_at_its_owner_and_climbs_after_its_grace(risk, climbs):
    owner, overdue, critical, unresolved = on("action", day("Mon 2 Feb 2026"), risk=Risk(risk))
    assert (owner, overdue, critical, unresolved) == (FIRST, day(climbs), day(climbs), None)


def test_what_falls_due_on_the_first_day_or_later_is_not_inherited_and_climbs_by_its_own_days():
    assert on("action", FIRST)[:2] == [FIRST, FIRST + timedelta(days=1)]
    assert on("action", FIRST - timedelta(days=1))[1] == day("Mon 23 Mar 2026")


@pytest.mark.parametrize(
    ("rule", "risk", "spared"),
    [
        row("a breach", "breach-unanswered", "standard", True),
        row("risk assessments at high risk", "risk-assessment", "high", True),
        row("and at unknown risk", "risk-assessment", "unknown", True),
        row("but not at medium risk", "risk-assessment", "medium", False),
        row("contact with the victim at high risk", "victim-contact", "high", True),
        row("but not at standard risk", "victim-contact", "standard", False),
        row("nothing else at high risk", "victim-told", "high", False),
    ],
)
def test_what_cannot_wait_climbs_from_the_first_day_on(rule, risk, spared):
    days = on(rule, day("Mon 2 Feb 2026"), risk=Risk(risk))
    assert (days[:3] == [FIRST] * 3) is spared


def test_a_time_limit_that_ends_soon_is_told_to_spocs_and_leads_before_the_first_day():
    due = FIRST + timedelta(days=27)
    notice, four_weeks, *_ = on("bail-end", due)
    assert (notice, four_weeks) == (FIRST, day("Fri 13 Mar 2026"))  # the day before would be a Sunday
    assert on("bail-end", due + timedelta(days=1))[1] == FIRST
    soon = rung("bail-end", due)
    assert soon.start.heard_by == LIMITS
    assert rung("bail-end", due + timedelta(days=1)).start.heard_by == frozenset()


def test_before_the_first_day_a_step_goes_to_those_who_hear_then_and_on_it_the_others_are_looked_for():
    ladder, soon = STARTING.ladder_of("bail-end"), rung("bail-end", FIRST + timedelta(days=10))
    before, today = (first_day.steps_on(ladder, soon.start, at)[2].to for at in (FIRST - timedelta(days=1), FIRST))
    assert before == (Addressee.SPOC, Addressee.COUNTERPART)
    assert today == ladder[2].to
    made = climb(ladder, soon, day("Wed 11 Mar 2026"), CALENDAR)
    assert (made.take, made.next_on) == (2, day("Wed 11 Mar 2026") + timedelta(days=1))
    made = climb(ladder, soon._replace(last_step=3), FIRST - timedelta(days=1), CALENDAR)
    assert made.next_on == FIRST  # and not the next step's own day
    assert first_day.woken(None, soon.start, FIRST - timedelta(days=1)) == FIRST


def test_of_a_feed_and_a_post_operations_alone_hear_before_the_first_day():
    posts = STARTING.ladder_of("spoc-vacancy")
    start = first_day.start(STARTING, ForceMatter("spoc-vacancy", day("Mon 2 Mar 2026"), Risk.UNKNOWN, "45"), CALENDAR)
    assert [one.to for one in first_day.steps_on(posts, start, FIRST - timedelta(days=1))] == [
        (), (Addressee.OPERATIONS,), (Addressee.OPERATIONS,),
    ]  # fmt: skip
    days = step_days(posts, rung("spoc-vacancy", day("Mon 2 Mar 2026")), CALENDAR)
    assert days[:2] == [FIRST, day("Tue 3 Mar 2026")]
    assert next_day(days, 0) == day("Tue 3 Mar 2026")


def test_a_force_without_a_first_day_has_started():
    assert first_day.start(STARTING, ForceMatter("action", FIRST, Risk.HIGH, "46"), CALENDAR) is None
    assert first_day.start(STARTING, ForceMatter("action", FIRST, Risk.HIGH, None), CALENDAR) is None
    assert first_day.inherited(STARTING, ForceMatter("action", date(2026, 1, 5), Risk.HIGH, "46")) is None
    assert not first_day.waits(STARTING, "46", date(2020, 1, 1))


def test_a_force_waits_until_the_day_before_its_first_day():
    before = FIRST - timedelta(days=1)
    assert (first_day.waits(STARTING, "45", before), first_day.waits(STARTING, "45", FIRST)) == (True, False)
    assert (first_day.waiting(STARTING, before), first_day.waiting(STARTING, FIRST)) == ({"45"}, frozenset())


def test_limits_orders_breaches_danger_posts_and_feeds_are_never_inherited():
    asked = {
        name: first_day.inherited(STARTING, ForceMatter(name, date(2026, 1, 5), Risk.HIGH, "45")) for name in RULES
    }
    never = {name for name, found in asked.items() if found is None}
    assert never == {
        "summary-time-limit", "bail-end", "custody-limit", "order-expiry", "breach-unanswered", "danger",
        *(name for name, rule in RULES.items() if not rule.per_case),
    }  # fmt: skip
    assert set(first_day.inherited_rules(STARTING, "45")) == set(RULES) - never
    assert {rule.name for rule in RULES.values() if rule.grace is not Grace.BY_RISK} == {
        "breach-unanswered", "danger", "risk-assessment", "suspect-wanted", "victim-contact",
    }  # fmt: skip
