"""The rule `victim-told`: the victim is told of what happened to the suspect and in the case."""

import pytest

from config.terms import Classification, EndReason, OwedBy, SuspectStatus
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, POLICY, answers, case, nothing, order, owed, referral

OPENED, CHARGED = day("Mon 2 Mar 2026"), day("Thu 2 Apr 2026")
BAILED = {"suspect_status": SuspectStatus.BAIL, "status_on": day("Wed 1 Apr 2026")}


@pytest.mark.parametrize(
    ("given", "event", "due"),
    [
        row(
            "a status with its day",
            BAILED | {"status_changed_on": day("Wed 1 Apr 2026")},
            "the status of the suspect changed",
            "Thu 2 Apr 2026",
        ),
        row(
            "a change that intake saw",
            BAILED | {"status_seen_on": day("Thu 2 Apr 2026"), "status_changed_on": OPENED},
            "the status of the suspect changed",
            "Tue 7 Apr 2026",
        ),
        row("the charge", {"charged_on": CHARGED}, "suspect charged", "Tue 7 Apr 2026"),
        row(
            "a decision",
            {"referrals": [referral(submitted_on=OPENED, decision_on=CHARGED)]},
            "CPS decided a referral",
            "Tue 7 Apr 2026",
        ),
        row("an order", {"orders": [order(made_on=CHARGED)]}, "order made", "Tue 7 Apr 2026"),
        row(
            "the first of several",
            {"orders": [order(made_on=day("Wed 1 Apr 2026"))], "charged_on": CHARGED},
            "order made",
            "Thu 2 Apr 2026",
        ),
    ],
)
def test_the_victim_is_told_by_the_next_working_day_of_arrest_release_charge_decision_and_order(given, event, due):
    found = owed("victim-told", case(opened_on=OPENED, **given))
    assert (found.subject, found.owed_by, found.due_on) == ("case", OwedBy.POLICE, due)
    assert (found.because[0].fact, found.arose_on, found.done_on) == (event, found.because[0].day, None)
    assert found.remind_on == found.due_on


@pytest.mark.parametrize(
    ("told", "due"),
    [
        row("never", None, "Tue 7 Apr 2026"),
        row("the day before", "Wed 1 Apr 2026", "Tue 7 Apr 2026"),
        row("on the same day: what is of that day is told", "Thu 2 Apr 2026", None),
        row("after it", "Fri 3 Apr 2026", None),
    ],
)
def test_what_is_of_the_day_on_which_the_victim_was_told_is_told(told, due):
    facts = case(opened_on=OPENED, charged_on=CHARGED, victim_told_on=told)
    if due is None:
        assert nothing("victim-told", facts).end is EndReason.MET
    else:
        found = owed("victim-told", facts)
        assert (found.due_on, found.done_on) == (due, told)


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("nothing happened", {}, EndReason.MET),
        row("a status known since the first extract", BAILED, EndReason.MET),
        row("a referral undecided", {"referrals": [referral(submitted_on=OPENED)]}, EndReason.MET),
        row(
            "rows withdrawn",
            {
                "referrals": [referral(submitted_on=OPENED, decision_on=CHARGED, supplied=False)],
                "orders": [order(made_on=CHARGED, supplied=False), order(made_on=None)],
            },
            EndReason.MET,
        ),
        row(
            "harassment",
            {"charged_on": CHARGED, "classification": Classification.HARASSMENT},
            EndReason.OUT_OF_SCOPE,
        ),
        row("finalised", {"charged_on": CHARGED, "finalised_on": CHARGED}, EndReason.FINALISED),
    ],
)
def test_otherwise_nothing_is_owed(given, end):
    assert nothing("victim-told", case(opened_on=OPENED, **given)).end is end


def test_what_happened_before_the_rule_counts_hides_nothing_later():
    numbers = POLICY.rules.victim_told.model_copy(update={"since": CHARGED})
    rules = POLICY.rules.model_copy(update={"victim_told": numbers})
    facts = case(opened_on=OPENED, charged_on=CHARGED, orders=[order(made_on=day("Wed 1 Apr 2026"))])
    (found,) = answers("victim-told", facts, rules)
    assert (found.because[0].fact, found.arose_on) == ("suspect charged", CHARGED)


def test_it_says_its_arithmetic():
    found = owed("victim-told", case(opened_on=OPENED, charged_on=OPENED))
    assert arithmetic.sentence(found.because, CALENDAR) == (
        "suspect charged Mon 2 Mar 2026 + 1 working day = Tue 3 Mar 2026"
    )
