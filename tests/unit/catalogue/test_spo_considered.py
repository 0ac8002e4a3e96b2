"""The rule `spo-considered`: a stalking protection order is considered soon after the opening."""

import pytest

from config.terms import Classification, EndReason, OrderKind, OwedBy
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, POLICY, answers, case, incident, nothing, order, owed, unseen

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
        row("one that is not made yet", {"kind": OrderKind.SPO, "made_on": None}, False),
        row("one that ends on the day of the opening", {"expires_on": OPENED}, True),
        row("one that ended the day before", {"expires_on": day("Wed 1 Apr 2026")}, False),
        row("one made later", {"made_on": day("Fri 3 Apr 2026")}, True),
        row("a restraining order", {"kind": OrderKind.RESTRAINING_ORDER}, False),
        row("a non-molestation order", {"kind": OrderKind.NON_MOLESTATION}, False),
        row("one withdrawn", {"kind": OrderKind.SPO, "supplied": False}, False),
    ],
)
def test_where_a_stalking_protection_order_runs_nothing_is_asked(given, settled):
    facts = case(opened_on=OPENED, orders=[order(**{"made_on": OPENED, **given})])
    if settled:
        assert nothing("spo-considered", facts).end is EndReason.MET
    else:
        assert owed("spo-considered", facts).due_on == day("Wed 8 Apr 2026")


def test_a_consideration_that_cannot_be_seen_is_not_met_by_an_order():
    """A source that no longer sends the column leaves what was asked since unanswered."""
    facts = case(opened_on=OPENED, orders=[order(kind=OrderKind.SPO, made_on=OPENED)])
    blind = unseen(facts, "cases.csv: spo_considered_on")
    assert nothing("spo-considered", blind).end is EndReason.UNSEEN


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
        arithmetic.sentence(found.because, CALENDAR)
        == "case opened Mon 2 Mar 2026 + 2 working days = Wed 4 Mar 2026; not considered yet"
    )


CONSIDERED = day("Mon 13 Apr 2026")
ENDED_ORDER = {"kind": OrderKind.SPO, "made_on": OPENED, "expires_on": day("Thu 30 Apr 2026")}


@pytest.mark.parametrize(
    ("reported", "orders", "due"),
    [
        row("nothing since", [], [], None),
        row("an incident before", ["Fri 10 Apr 2026"], [], None),
        row("an incident on the day it was considered", ["Mon 13 Apr 2026"], [], None),
        row("the day after", ["Tue 14 Apr 2026"], [], "Tue 21 Apr 2026"),
        row("the first of two", ["Tue 14 Apr 2026", "Wed 15 Apr 2026"], [], "Tue 21 Apr 2026"),
        row("while an order runs", ["Thu 30 Apr 2026"], [ENDED_ORDER], None),
        row("the day after it ended", ["Fri 1 May 2026"], [ENDED_ORDER], "Mon 11 May 2026"),
        row("the first that no order covers", ["Tue 14 Apr 2026", "Fri 1 May 2026"], [ENDED_ORDER], "Mon 11 May 2026"),
        row("an order made since answers it", ["Tue 14 Apr 2026"], [{"made_on": day("Fri 17 Apr 2026")}], None),
    ],
)
def test_considered_once_it_is_asked_about_again_at_the_next_incident(reported, orders, due):
    facts = case(
        opened_on=OPENED,
        spo_considered_on=CONSIDERED,
        incidents=[incident(reported_on=day(each)) for each in reported],
        orders=[order(**given) for given in orders],
    )
    if due is None:
        assert nothing("spo-considered", facts).end is EndReason.MET
    else:
        found = owed("spo-considered", facts)
        assert (found.due_on, found.done_on) == (due, CONSIDERED)


def test_an_incident_that_is_no_longer_supplied_asks_for_nothing():
    incidents = [incident(reported_on=day("Tue 14 Apr 2026"), supplied=False)]
    facts = case(opened_on=OPENED, spo_considered_on=CONSIDERED, incidents=incidents)
    assert nothing("spo-considered", facts).end is EndReason.MET


def test_an_incident_before_the_rule_counts_hides_no_later_one():
    incidents = [incident(reported_on=day(each)) for each in ("Tue 14 Apr 2026", "Fri 1 May 2026")]
    numbers = POLICY.rules.spo_considered.model_copy(update={"since": day("Wed 15 Apr 2026")})
    rules = POLICY.rules.model_copy(update={"spo_considered": numbers})
    (found,) = answers(
        "spo-considered", case(opened_on=OPENED, spo_considered_on=CONSIDERED, incidents=incidents), rules
    )
    assert (found.arose_on, found.due_on) == (day("Fri 1 May 2026"), day("Mon 11 May 2026"))


def test_asked_again_it_says_its_arithmetic():
    incidents = [incident(reported_on=day("Tue 14 Apr 2026"))]
    found = owed("spo-considered", case(opened_on=OPENED, spo_considered_on=CONSIDERED, incidents=incidents))
    assert arithmetic.sentence(found.because, CALENDAR) == (
        "first incident reported since without an order Tue 14 Apr 2026 + 5 working days = Tue 21 Apr 2026; last "
        "considered Mon 13 Apr 2026"
    )
