"""The rule `order-served`: the service of an order on its subject."""

import pytest

from config.terms import Classification, EndReason, FinalisedReason, OrderKind, OwedBy
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, answers, case, nothing, order, owed

OPENED, MADE = day("Mon 2 Mar 2026"), day("Thu 2 Apr 2026")


def made(*orders, **given):
    return case(opened_on=OPENED, orders=orders, **given)


@pytest.mark.parametrize(
    ("kind", "served"),
    [
        (OrderKind.SPO, True),
        (OrderKind.INTERIM_SPO, True),
        (OrderKind.DAPO, True),
        (OrderKind.DVPN, True),
        (OrderKind.DVPO, True),
        (OrderKind.RESTRAINING_ORDER, False),
        (OrderKind.NON_MOLESTATION, False),
        (OrderKind.OCCUPATION_ORDER, False),
        (OrderKind.CIVIL_INJUNCTION, False),
    ],
)
def test_the_orders_that_police_serve_are_served_within_two_working_days(kind, served):
    facts = made(order(ref="O1", made_on=MADE, kind=kind))
    if served:
        found = owed("order-served", facts)
        assert (found.subject, found.owed_by, found.due_on) == ("order:O1", OwedBy.POLICE, day("Wed 8 Apr 2026"))
        assert (found.remind_on, found.escalate_on) == (day("Tue 7 Apr 2026"), day("Fri 10 Apr 2026"))
    else:
        assert nothing("order-served", facts).end is EndReason.OUT_OF_SCOPE


@pytest.mark.parametrize(
    ("given", "end", "on"),
    [
        row("served", {"served_on": day("Mon 6 Apr 2026")}, EndReason.MET, "Mon 6 Apr 2026"),
        row("its renewal decided", {"renewal_decided_on": day("Tue 7 Apr 2026")}, EndReason.MET, "Tue 7 Apr 2026"),
        row("without a day", {"made_on": None}, EndReason.OUT_OF_SCOPE, None),
        row("withdrawn", {"supplied": False}, EndReason.WITHDRAWN, None),
    ],
)
def test_otherwise_it_is_not_owed(given, end, on):
    found = nothing("order-served", made(order(**{"made_on": MADE} | given)))
    assert (found.end, found.on) == (end, on)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [(OrderKind.INTERIM_SPO, OrderKind.SPO), (OrderKind.DVPN, OrderKind.DVPO), (OrderKind.DAPO, OrderKind.DAPO)],
)
def test_an_order_that_another_of_its_family_replaced_is_not_served_any_more(earlier, later):
    facts = made(
        order(ref="O1", made_on=MADE, kind=earlier), order(ref="O2", made_on=day("Fri 3 Apr 2026"), kind=later)
    )
    first, second = answers("order-served", facts)
    assert (first.end, first.on) == (EndReason.OUT_OF_SCOPE, day("Fri 3 Apr 2026"))
    assert second.subject == "order:O2"


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("never stalking, and no harassment", {"classification": Classification.OTHER}, EndReason.OUT_OF_SCOPE),
        row("no order", {}, EndReason.OUT_OF_SCOPE),
    ],
)
def test_a_case_without_an_order_that_is_kept_owes_nothing(given, end):
    assert nothing("order-served", made(**given)).end is end


def test_it_outlives_the_case():
    facts = made(order(made_on=MADE), finalised_on=MADE, finalised_reason=FinalisedReason.NFA_POLICE)
    assert owed("order-served", facts).due_on == day("Wed 8 Apr 2026")


def test_it_says_its_arithmetic():
    found = owed("order-served", made(order(made_on=OPENED)))
    assert arithmetic.sentence(found.because, CALENDAR) == (
        "order made Mon 2 Mar 2026 + 2 working days = Wed 4 Mar 2026"
    )
