"""The rule `spo-considered`: a stalking protection order is considered soon after the opening."""

import pytest

from config.terms import Classification, EndReason, OrderKind, OwedBy
from models.rules import arithmetic
from tests.factories import CALENDAR, case, nothing, order, owed
from tests.unit.days import day, row

OPENED = day("Thu 2 Apr 2026")


def test_an_order_is_considered_within_two_working_days_of_opening():
    found = owed("spo-considered", case(opened_on=OPENED))
    assert (found.subject, found.owed_by, found.due_on) == ("case", OwedBy.POLICE, day("Wed 8 Apr 2026"))
    assert (found.remind_on, found.escalate_on) == (day("Tue 7 Apr 2026"), day("Wed 15 Apr 2026"))


@pytest.mark.parametrize(
    ("given", "settled"),
    [
        row("a full order", {"kind": OrderKind.SPO}, True),
        row("an interim one", {"kind": OrderKind.INTERIM_SPO}, True),
        row("one that is not made yet", {"kind": OrderKind.SPO, "made_on": None}, True),
        row("a restraining order", {"kind": OrderKind.RESTRAINING_ORDER}, False),
        row("a non-molestation order", {"kind": OrderKind.NON_MOLESTATION}, False),
        row("one withdrawn", {"kind": OrderKind.SPO, "supplied": False}, False),
    ],
)
def test_a_stalking_protection_order_that_is_recorded_was_considered(given, settled):
    facts = case(opened_on=OPENED, orders=[order(**{"made_on": OPENED, **given})])
    if settled:
        assert nothing("spo-considered", facts).end is EndReason.MET
    else:
        assert owed("spo-considered", facts).due_on == day("Wed 8 Apr 2026")


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("considered on the day", {"spo_considered_on": OPENED}, EndReason.MET),
        row("harassment", {"classification": Classification.HARASSMENT}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": OPENED}, EndReason.FINALISED),
    ],
)
def test_otherwise_nothing_is_owed(given, end):
    assert nothing("spo-considered", case(opened_on=OPENED, **given)).end is end


def test_it_says_its_arithmetic():
    found = owed("spo-considered", case(opened_on=day("Mon 2 Mar 2026")))
    assert (
        arithmetic.sentence(found.because, CALENDAR) == "case opened Mon 2 Mar 2026 + 2 working days = Wed 4 Mar 2026"
    )
