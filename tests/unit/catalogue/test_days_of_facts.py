"""The day of the fact that ends what was owed, where a source gives one."""

import pytest

from config.terms import ActionStatus, SuspectStatus
from tests.worlds.days import day, row
from tests.worlds.facts import action, case, nothing, order, referral

OPENED, ON = day("Mon 2 Mar 2026"), day("Mon 16 Mar 2026")


@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        row("done", "action", {"actions": [action(raised_on=OPENED, status=ActionStatus.DONE, closed_on=ON)]}),
        row(
            "cancelled", "action", {"actions": [action(raised_on=OPENED, status=ActionStatus.CANCELLED, closed_on=ON)]}
        ),
        row("decided", "charging-decision", {"referrals": [referral(submitted_on=OPENED, decision_on=ON)]}),
        row("told", "order-told", {"orders": [order(made_on=OPENED, victim_told_on=ON)]}),
        row("finalised", "joint-review", {"finalised_on": ON}),
        row("charged", "bail-end", {"suspect_status": SuspectStatus.BAIL, "charged_on": ON}),
    ],
)
def test_the_answer_gives_the_day_of_the_fact(rule, facts):
    assert nothing(rule, case(opened_on=OPENED, **facts)).on == ON


@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        row("withdrawn by its source", "action", {"actions": [action(raised_on=OPENED, supplied=False, closed_on=ON)]}),
        row("beyond its scope", "action", {}),
    ],
)
def test_where_no_source_gives_a_day_there_is_none(rule, facts):
    assert nothing(rule, case(opened_on=OPENED, **facts)).on is None
