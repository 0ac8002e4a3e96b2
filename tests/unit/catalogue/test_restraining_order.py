"""The rule `restraining-order`: the victim's views and a decision before the hearing."""

import pytest

from config.terms import Classification, EndReason, OrderKind, OwedBy
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, case, nothing, order, owed

OPENED, CHARGED, HEARING = day("Mon 2 Feb 2026"), day("Mon 2 Mar 2026"), day("Mon 30 Mar 2026")
RESTRAINING = OrderKind.RESTRAINING_ORDER


def heard(**given):
    return case(opened_on=OPENED, **{"charged_on": CHARGED, "next_hearing_on": HEARING, **given})


@pytest.mark.parametrize(
    ("charged", "hearing", "due"),
    [
        row("ten working days before", "Mon 2 Mar 2026", "Mon 30 Mar 2026", "Mon 16 Mar 2026"),
        row("Easter is not worked", "Mon 2 Mar 2026", "Mon 13 Apr 2026", "Thu 26 Mar 2026"),
        row("a hearing on a Saturday", "Mon 2 Mar 2026", "Sat 28 Mar 2026", "Mon 16 Mar 2026"),
        row("the charge the day before that", "Sun 15 Mar 2026", "Mon 30 Mar 2026", "Mon 16 Mar 2026"),
        row("the charge on that day", "Mon 16 Mar 2026", "Mon 30 Mar 2026", "Mon 16 Mar 2026"),
        row("never before the charge", "Tue 17 Mar 2026", "Mon 30 Mar 2026", "Tue 17 Mar 2026"),
        row("charged on a Saturday, no roll", "Sat 28 Mar 2026", "Mon 30 Mar 2026", "Sat 28 Mar 2026"),
    ],
)
def test_the_victims_views_and_the_decision_are_known_ten_working_days_before_the_hearing(charged, hearing, due):
    found = owed("restraining-order", heard(charged_on=charged, next_hearing_on=hearing))
    assert (found.subject, found.owed_by, found.due_on) == ("case", OwedBy.BOTH, due)


def test_it_reminds_five_working_days_before_and_escalates_three_after():
    found = owed("restraining-order", heard())
    assert (found.remind_on, found.escalate_on) == (day("Mon 9 Mar 2026"), day("Thu 19 Mar 2026"))


@pytest.mark.parametrize(
    ("orders", "decided"),
    [
        row("both of one order", [{"victim_views_on": CHARGED, "decided_on": CHARGED}], True),
        row("only the views", [{"victim_views_on": CHARGED}], False),
        row("only the decision", [{"decided_on": CHARGED}], False),
        row("each of another order", [{"victim_views_on": CHARGED}, {"decided_on": CHARGED}], False),
        row("another kind", [{"victim_views_on": CHARGED, "decided_on": CHARGED, "kind": OrderKind.SPO}], False),
        row("views long before the charge", [{"victim_views_on": OPENED, "decided_on": CHARGED}], True),
        row(
            "the decision the day before the charge, of an earlier case",
            [{"victim_views_on": CHARGED, "decided_on": day("Sun 1 Mar 2026")}],
            False,
        ),
        row(
            "an earlier case's order beside today's",
            [{"victim_views_on": OPENED, "decided_on": OPENED}, {"victim_views_on": CHARGED, "decided_on": CHARGED}],
            True,
        ),
        row("withdrawn", [{"victim_views_on": CHARGED, "decided_on": CHARGED, "supplied": False}], False),
    ],
)
def test_one_restraining_order_with_both_settles_it_if_its_decision_is_of_this_charge(orders, decided):
    facts = heard(orders=[order(made_on=None, **{"kind": RESTRAINING, **given}) for given in orders])
    if decided:
        assert nothing("restraining-order", facts).end is EndReason.MET
    else:
        assert owed("restraining-order", facts).due_on == day("Mon 16 Mar 2026")


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("no hearing", {"next_hearing_on": None}, EndReason.MET),
        row("not charged", {"charged_on": None}, EndReason.OUT_OF_SCOPE),
        row("harassment", {"classification": Classification.HARASSMENT}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": HEARING}, EndReason.FINALISED),
    ],
)
def test_otherwise_nothing_is_owed(given, end):
    assert nothing("restraining-order", heard(**given)).end is end


@pytest.mark.parametrize(
    ("charged", "words"),
    [
        row("before", "Mon 2 Mar 2026", "next hearing Mon 30 Mar 2026 - 10 working days = Mon 16 Mar 2026"),
        row(
            "after",
            "Tue 17 Mar 2026",
            "next hearing Mon 30 Mar 2026 - 10 working days = Mon 16 Mar 2026; suspect charged Tue 17 Mar 2026; "
            "it is not due before that",
        ),
    ],
)
def test_it_says_its_arithmetic(charged, words):
    assert arithmetic.sentence(owed("restraining-order", heard(charged_on=charged)).because, CALENDAR) == words
