"""Whose turn it is: the days on which each side held a case."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.terms import ActionSource, ActionStatus, Agency
from models.rules.reviews.whose_turn import TurnDays, holder, whose_turn
from tests.worlds.days import day, row
from tests.worlds.facts import action, case, referral

OPENED = day("Mon 2 Mar 2026")
PLAN = ActionSource.ACTION_PLAN


def planned(raised_on, closed_on=None, **given_):
    status = ActionStatus.DONE if closed_on else ActionStatus.PENDING
    return action(raised_on=raised_on, closed_on=closed_on, status=status, source=PLAN, **given_)


REFERRED = {"referrals": [referral(submitted_on=day("Thu 5 Mar 2026"), decision_on=day("Thu 12 Mar 2026"))]}
ANSWERED = REFERRED | {"actions": [planned(day("Sat 7 Mar 2026"), day("Tue 10 Mar 2026"))]}


@pytest.mark.parametrize(
    ("facts", "on", "whose"),
    [
        row("never referred", {}, "Mon 2 Mar 2026", Agency.POLICE),
        row("the day before the referral", REFERRED, "Wed 4 Mar 2026", Agency.POLICE),
        row("the day it is submitted", REFERRED, "Thu 5 Mar 2026", Agency.CPS),
        row("the day before it is decided", REFERRED, "Wed 11 Mar 2026", Agency.CPS),
        row("the day it is decided", REFERRED, "Thu 12 Mar 2026", None),
        row("the day before the action plan", ANSWERED, "Fri 6 Mar 2026", Agency.CPS),
        row("the day of the action plan", ANSWERED, "Sat 7 Mar 2026", Agency.POLICE),
        row("the day before it is answered", ANSWERED, "Mon 9 Mar 2026", Agency.POLICE),
        row("the day it is answered", ANSWERED, "Tue 10 Mar 2026", Agency.CPS),
        row(
            "an action plan that outlives the decision",
            REFERRED | {"actions": [planned(day("Sat 7 Mar 2026"))]},
            "Fri 13 Mar 2026",
            Agency.POLICE,
        ),
        row(
            "an action of CPS's own is not police's",
            REFERRED | {"actions": [planned(day("Sat 7 Mar 2026"), owner_agency=Agency.CPS)]},
            "Mon 9 Mar 2026",
            Agency.CPS,
        ),
        row(
            "an action of the investigation is no action plan",
            REFERRED | {"actions": [action(raised_on=day("Sat 7 Mar 2026"))]},
            "Fri 13 Mar 2026",
            None,
        ),
        row(
            "a withdrawn action plan",
            REFERRED | {"actions": [planned(day("Sat 7 Mar 2026"), supplied=False)]},
            "Mon 9 Mar 2026",
            Agency.CPS,
        ),
        row(
            "a withdrawn referral is none",
            {"referrals": [referral(submitted_on=OPENED, supplied=False)]},
            "Mon 9 Mar 2026",
            Agency.POLICE,
        ),
        row(
            "the day a charge is authorised",
            REFERRED | {"charge_authorised_on": day("Fri 13 Mar 2026")},
            "Fri 13 Mar 2026",
            Agency.POLICE,
        ),
        row(
            "the day before the charge",
            REFERRED | {"charge_authorised_on": day("Fri 13 Mar 2026"), "charged_on": day("Mon 16 Mar 2026")},
            "Sun 15 Mar 2026",
            Agency.POLICE,
        ),
        row(
            "the day of the charge",
            REFERRED | {"charge_authorised_on": day("Fri 13 Mar 2026"), "charged_on": day("Mon 16 Mar 2026")},
            "Mon 16 Mar 2026",
            None,
        ),
        row(
            "a second referral, the first decided",
            {"referrals": [*REFERRED["referrals"], referral(submitted_on=day("Mon 16 Mar 2026"), ref="F2")]},
            "Mon 16 Mar 2026",
            Agency.CPS,
        ),
    ],
)
def test_a_day_is_one_sides_or_nobodys(facts, on, whose):
    assert holder(case(opened_on=OPENED, **facts), on) is whose


def test_the_days_are_those_from_the_opening_up_to_but_not_including_today():
    facts = case(opened_on=OPENED, **REFERRED)
    assert whose_turn(facts, OPENED) == TurnDays(0, 0, 0, Agency.POLICE)
    assert whose_turn(facts, OPENED + timedelta(days=1)) == TurnDays(1, 0, 0, Agency.POLICE)
    assert whose_turn(facts, day("Mon 16 Mar 2026")) == TurnDays(3, 7, 4, None)


def test_a_case_that_is_opened_later_has_been_held_on_no_day():
    assert whose_turn(case(opened_on=OPENED), OPENED - timedelta(days=3))[:3] == (0, 0, 0)


DAYS = st.dates(min_value=date(2025, 11, 1), max_value=date(2026, 4, 30))
MAYBE = st.none() | DAYS


@given(st.lists(st.tuples(DAYS, MAYBE)), st.lists(st.tuples(DAYS, MAYBE)), MAYBE, MAYBE, DAYS)
def test_the_three_sum_to_the_days_the_case_has_been_open_whatever_is_recorded(
    referrals, plans, authorised, charged, on
):
    facts = case(
        opened_on=date(2025, 11, 1),
        referrals=[referral(submitted_on=first, decision_on=last) for first, last in referrals],
        actions=[planned(first, last) for first, last in plans],
        charge_authorised_on=authorised,
        charged_on=charged,
    )
    turns = whose_turn(facts, on)
    assert turns.police + turns.cps + turns.nobody == (on - date(2025, 11, 1)).days
    longer = whose_turn(facts, on + timedelta(days=1))
    added = [after - before for before, after in zip(turns[:3], longer[:3], strict=True)]
    assert added == [int(turns.now is whose) for whose in (Agency.POLICE, Agency.CPS, None)]
