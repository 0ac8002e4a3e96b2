"""The rule `spo-notification`: the subject of a stalking protection order gives name and address in three days."""

import pytest

from config.numbers import NotificationNumbers
from config.terms import Classification, EndReason, OrderKind, OwedBy
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, POLICY, answers, case, nothing, order, owed

OPENED, SERVED = day("Mon 2 Mar 2026"), day("Thu 2 Apr 2026")
SPO, INTERIM = OrderKind.SPO, OrderKind.INTERIM_SPO


def one(ref="O1", **given):
    return order(**{"ref": ref, "made_on": SERVED, "served_on": SERVED, **given})


@pytest.mark.parametrize("kind", [SPO, INTERIM])
def test_the_period_of_three_days_begins_with_the_day_of_service_and_does_not_roll(kind):
    found = owed("spo-notification", case(opened_on=OPENED, orders=[one(kind=kind)]))
    assert (found.subject, found.owed_by, found.due_on) == ("order:O1", OwedBy.POLICE, day("Sat 4 Apr 2026"))
    assert (found.remind_on, found.escalate_on) == (day("Fri 3 Apr 2026"), day("Sun 5 Apr 2026"))
    assert found.arose_on == SERVED


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("notified", {"notified_on": SERVED}, EndReason.MET),
        row("not served", {"served_on": None}, EndReason.OUT_OF_SCOPE),
        row("a restraining order", {"kind": OrderKind.RESTRAINING_ORDER}, EndReason.OUT_OF_SCOPE),
        row("withdrawn", {"supplied": False}, EndReason.WITHDRAWN),
    ],
)
def test_an_order_that_asks_for_none_owes_nothing(given, end):
    found = nothing("spo-notification", case(opened_on=OPENED, orders=[one(**given)]))
    assert (found.subject, found.end) == ("order:O1", end)


@pytest.mark.parametrize(
    ("interim", "asked"),
    [
        row("an interim order served", {}, False),
        row("an interim order served, and notified", {"notified_on": SERVED}, False),
        row("an interim order not served", {"served_on": None}, True),
        row("an interim order withdrawn", {"supplied": False}, True),
    ],
)
def test_a_full_order_asks_again_only_where_no_interim_one_was_served(interim, asked):
    orders = [one("O1", kind=INTERIM, **interim), one("O2", kind=SPO)]
    _, full = answers("spo-notification", case(opened_on=OPENED, orders=orders))
    assert (getattr(full, "end", None) is None) == asked


@pytest.mark.parametrize(
    "given",
    [row("no order", {"orders": []}), row("neither", {"classification": Classification.OTHER})],
)
def test_a_case_it_is_not_for_answers_once(given):
    found = nothing("spo-notification", case(opened_on=OPENED, **{"orders": [one()], **given}))
    assert (found.subject, found.end) == ("case", EndReason.OUT_OF_SCOPE)


@pytest.mark.parametrize("within", ["1d", "3d", "2wd"])
def test_its_number_is_law_and_no_policy_has_another(within):
    values = POLICY.rules.spo_notification.model_dump(exclude_none=True) | {"within": within}
    with pytest.raises(ValueError, match=rf"within {within} is not the law \(Stalking Protection Act 2019 s.9\(1\)\)"):
        NotificationNumbers.model_validate(values)


def test_it_says_its_arithmetic():
    found = owed("spo-notification", case(opened_on=OPENED, orders=[one(served_on=OPENED)]))
    assert arithmetic.sentence(found.because, CALENDAR) == (
        "order served Mon 2 Mar 2026 + 2 days = Wed 4 Mar 2026; the day of service is the first of three"
    )
