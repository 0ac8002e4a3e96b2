"""The rule `order-told`: the victim is told of each order that is made."""

import pytest

from config.terms import Classification, EndReason, OrderKind, OwedBy
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, answers, case, nothing, order, owed

OPENED, MADE = day("Mon 2 Mar 2026"), day("Thu 2 Apr 2026")


def one(ref="O1", **given):
    return order(**{"ref": ref, "made_on": MADE, **given})


@pytest.mark.parametrize("kind", OrderKind)
def test_the_victim_is_told_of_an_order_of_any_kind_by_the_next_working_day(kind):
    found = owed("order-told", case(opened_on=OPENED, orders=[one(kind=kind)]))
    assert (found.subject, found.owed_by, found.due_on) == ("order:O1", OwedBy.POLICE, day("Tue 7 Apr 2026"))
    assert (found.remind_on, found.escalate_on) == (found.due_on, day("Thu 9 Apr 2026"))


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("told on the day", {"victim_told_on": MADE}, EndReason.MET),
        row("not made yet", {"made_on": None}, EndReason.OUT_OF_SCOPE),
        row("withdrawn", {"supplied": False}, EndReason.WITHDRAWN),
    ],
)
def test_an_order_that_was_told_or_is_none_owes_nothing(given, end):
    found = nothing("order-told", case(opened_on=OPENED, orders=[one(**given)]))
    assert (found.subject, found.end) == ("order:O1", end)


@pytest.mark.parametrize(
    ("other", "replaced"),
    [
        row("the full order made a day later", {"made_on": day("Fri 3 Apr 2026")}, True),
        row("made on the same day", {"made_on": MADE}, False),
        row("another kind", {"made_on": day("Fri 3 Apr 2026"), "kind": OrderKind.RESTRAINING_ORDER}, False),
    ],
)
def test_of_an_order_that_was_replaced_only_the_later_one_is_told(other, replaced):
    orders = [one(kind=OrderKind.INTERIM_SPO), one("O2", **other)]
    first, second = answers("order-told", case(opened_on=OPENED, orders=orders))
    assert second.due_on
    assert (getattr(first, "end", None) is EndReason.OUT_OF_SCOPE) == replaced


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("no order", {"orders": []}, EndReason.OUT_OF_SCOPE),
        row("neither", {"classification": Classification.OTHER}, EndReason.OUT_OF_SCOPE),
        row(
            "finalised, and neither",
            {"finalised_on": MADE, "classification": Classification.OTHER},
            EndReason.OUT_OF_SCOPE,
        ),
    ],
)
def test_a_case_it_is_not_for_answers_once(given, end):
    found = nothing("order-told", case(opened_on=OPENED, **{"orders": [one()], **given}))
    assert (found.subject, found.end) == ("case", end)


def test_it_says_its_arithmetic():
    found = owed("order-told", case(opened_on=OPENED, orders=[one(made_on=OPENED)]))
    assert arithmetic.sentence(found.because, CALENDAR) == (
        "order made Mon 2 Mar 2026 + 1 working day = Tue 3 Mar 2026"
    )
