"""The rule `order-expiry`: a decision on renewal before an order expires, by its kind."""

import pytest

from config.terms import Classification, EndReason, FinalisedReason, OrderKind, OwedBy, Risk
from models.rules import arithmetic
from models.rules.obligations.ladder import Rung, reached, step_days
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, POLICY, answers, case, nothing, order, owed

OPENED, MADE, EXPIRES = day("Mon 2 Mar 2026"), day("Mon 16 Mar 2026"), day("Sun 31 May 2026")
SPO, INTERIM, RESTRAINING, NON_MOLESTATION = (
    OrderKind.SPO, OrderKind.INTERIM_SPO, OrderKind.RESTRAINING_ORDER, OrderKind.NON_MOLESTATION,
)  # fmt: skip

OUTLIVE_THE_CASE = ("order-expiry", "order-told", "spo-notification")
TRANSFERRED = {"finalised_on": MADE, "finalised_reason": FinalisedReason.TRANSFERRED}


def one(ref="O1", **given):
    return order(**{"ref": ref, "made_on": MADE, "expires_on": EXPIRES, **given})


@pytest.mark.parametrize(
    ("kind", "owed_by", "remind"),
    [
        row("stalking protection order", SPO, OwedBy.POLICE, "Sat 28 Feb 2026"),
        row("interim", INTERIM, OwedBy.POLICE, "Sun 17 May 2026"),
        row("restraining order", RESTRAINING, OwedBy.BOTH, "Sat 28 Feb 2026"),
        row("domestic abuse protection order", OrderKind.DAPO, OwedBy.POLICE, "Sat 28 Feb 2026"),
        row("non-molestation order", NON_MOLESTATION, OwedBy.POLICE, "Sat 28 Feb 2026"),
    ],
)
def test_renewal_is_decided_before_the_order_expires_and_warned_of_by_its_kind(kind, owed_by, remind):
    found = owed("order-expiry", case(opened_on=OPENED, orders=[one(kind=kind)]))
    assert (found.subject, found.owed_by, found.due_on) == ("order:O1", owed_by, EXPIRES)
    assert (found.remind_on, found.escalate_on) == (remind, day("Mon 1 Jun 2026"))


@pytest.mark.parametrize(
    ("kind", "days"),
    [
        row(
            "full", SPO,
            ["Fri 27 Feb", "Fri 1 May", "Fri 15 May", "Fri 22 May", "Fri 29 May", "Mon 1 Jun"],
        ),
        row(
            "interim: three steps on one day", INTERIM,
            ["Fri 15 May", "Fri 15 May", "Fri 15 May", "Fri 22 May", "Fri 29 May", "Mon 1 Jun"],
        ),
    ],
)  # fmt: skip
def test_the_first_word_of_an_interim_order_is_that_of_two_weeks(kind, days):
    found = owed("order-expiry", case(opened_on=OPENED, orders=[one(kind=kind)]))
    rung = Rung(found.remind_on, found.due_on, found.escalate_on, Risk.HIGH, hard=True, last_step=0)
    on = step_days(POLICY.ladder_of("order-expiry"), rung, CALENDAR)
    assert on == [day(f"{each} 2026") for each in days]
    assert reached(on, on[0]) == (3 if kind is INTERIM else 1)


def test_it_is_hard_and_stalls_nothing():
    numbers = POLICY.rules.order_expiry
    assert (numbers.hard, numbers.stalls, numbers.ladder) == (True, False, "order")


@pytest.mark.parametrize(
    ("mine", "other", "replaced"),
    [
        row("made the day after", {}, {"made_on": day("Tue 17 Mar 2026")}, True),
        row("made on the same day", {}, {"made_on": MADE}, False),
        row("made the day before", {}, {"made_on": day("Sun 15 Mar 2026")}, False),
        row("an interim one by a full one", {"kind": INTERIM}, {"made_on": day("Tue 17 Mar 2026")}, True),
        row("a full one by an interim one", {}, {"made_on": day("Tue 17 Mar 2026"), "kind": INTERIM}, True),
        row(
            "a domestic abuse protection order by another family",
            {"kind": OrderKind.DAPO},
            {"made_on": day("Tue 17 Mar 2026"), "kind": NON_MOLESTATION},
            False,
        ),
        row("another family", {}, {"made_on": day("Tue 17 Mar 2026"), "kind": RESTRAINING}, False),
        row(
            "two non-molestation orders",
            {"kind": NON_MOLESTATION},
            {"made_on": day("Tue 17 Mar 2026"), "kind": NON_MOLESTATION},
            True,
        ),
        row("a later one withdrawn", {}, {"made_on": day("Tue 17 Mar 2026"), "supplied": False}, False),
        row("one without its day does not replace", {}, {"made_on": None}, False),
        row("one without its day is not replaced", {"made_on": None}, {"made_on": day("Tue 17 Mar 2026")}, False),
    ],
)
def test_a_later_order_of_its_family_takes_its_place(mine, other, replaced):
    orders = [one(**mine), one(**{"ref": "O2", "expires_on": None, **other})]
    first, second = answers("order-expiry", case(opened_on=OPENED, orders=orders))
    assert second.subject == "order:O2"
    if replaced:
        assert (first.subject, first.end) == ("order:O1", EndReason.MET)
    else:
        assert (first.subject, first.due_on) == ("order:O1", EXPIRES)


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("renewal decided", {"renewal_decided_on": MADE}, EndReason.MET),
        row("no day of expiry", {"expires_on": None}, EndReason.OUT_OF_SCOPE),
        row("withdrawn", {"supplied": False}, EndReason.WITHDRAWN),
        row("decided, then withdrawn", {"renewal_decided_on": MADE, "supplied": False}, EndReason.WITHDRAWN),
    ],
)
def test_an_order_that_asks_for_no_decision_owes_nothing(given, end):
    found = nothing("order-expiry", case(opened_on=OPENED, orders=[one(**given)]))
    assert (found.subject, found.end) == ("order:O1", end)


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("no order", {"orders": []}, EndReason.OUT_OF_SCOPE),
        row("never stalking or harassment", {"classification": Classification.OTHER}, EndReason.OUT_OF_SCOPE),
        row(
            "finalised, and neither",
            {"finalised_on": MADE, "classification": Classification.OTHER},
            EndReason.OUT_OF_SCOPE,
        ),
    ],
)
def test_a_case_it_is_not_for_answers_once(given, end):
    found = nothing("order-expiry", case(opened_on=OPENED, **{"orders": [one()], **given}))
    assert (found.subject, found.end) == ("case", end)


@pytest.mark.parametrize("rule", OUTLIVE_THE_CASE)
def test_an_order_of_a_transferred_case_is_watched_until_another_force_has_it(rule):
    facts = case(opened_on=OPENED, orders=[one(served_on=MADE)], **TRANSFERRED)
    assert owed(rule, facts).subject == "order:O1"
    ended = nothing(rule, facts._replace(taken_over=True))
    assert (ended.end, ended.sentence) == (
        EndReason.OUT_OF_SCOPE,
        "the case was transferred, and another force has it",
    )


@pytest.mark.parametrize("rule", OUTLIVE_THE_CASE)
@pytest.mark.parametrize(
    "given",
    [
        row("open", {}),
        row("harassment", {"classification": Classification.HARASSMENT}),
        row("once stalking", {"classification": Classification.OTHER, "declassified_on": MADE}),
        row("finalised", {"finalised_on": MADE, "finalised_reason": FinalisedReason.CHARGED_AND_DISPOSED}),
    ],
)
def test_an_order_of_a_finalised_case_is_watched_on(rule, given):
    found = owed(rule, case(opened_on=OPENED, orders=[one(served_on=MADE)], **given))
    assert (found.subject, found.arose_on) == ("order:O1", MADE)


def test_it_says_its_day():
    found = owed("order-expiry", case(opened_on=OPENED, orders=[one()]))
    assert arithmetic.sentence(found.because, CALENDAR) == "order expires Sun 31 May 2026"
