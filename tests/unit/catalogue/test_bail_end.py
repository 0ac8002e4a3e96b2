"""The rule `bail-end`: a decision by the day on which pre-charge bail ends."""

import pytest

from config.terms import Classification, EndReason, OwedBy, SuspectStatus
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, case, nothing, owed

OPENED = day("Mon 2 Mar 2026")
ENDS = day("Sat 6 Jun 2026")
ON_BAIL = {"suspect_status": SuspectStatus.BAIL, "bail_ends_on": ENDS}
OTHER = {"classification": Classification.OTHER}


@pytest.mark.parametrize(
    "given",
    [
        row("stalking", {}),
        row("harassment", {"classification": Classification.HARASSMENT}),
        row("classified other with PH97006", OTHER | {"offence_codes": ("PH97006",)}),
    ],
)
def test_police_owe_a_decision_by_the_day_bail_ends_as_it_was_sent(given):
    found = owed("bail-end", case(opened_on=OPENED, **ON_BAIL | given))
    assert (found.subject, found.owed_by, found.done_on) == ("case", OwedBy.POLICE, None)
    assert (found.remind_on, found.due_on, found.escalate_on) == (
        day("Sat 25 Apr 2026"), day("Sat 6 Jun 2026"), day("Sun 7 Jun 2026"),
    )  # fmt: skip
    assert arithmetic.sentence(found.because, CALENDAR) == "bail ends Sat 6 Jun 2026"


def test_it_lies_ahead_whenever_bail_began():
    assert owed("bail-end", case(opened_on=OPENED, status_on=OPENED, **ON_BAIL)).arose_on is None


@pytest.mark.parametrize("status", [SuspectStatus.BAIL, SuspectStatus.CUSTODY, None])
def test_bail_that_ended_by_charge_is_met_whatever_the_status_is_now(status):
    given = ON_BAIL | {"charged_on": OPENED, "suspect_status": status}
    assert nothing("bail-end", case(opened_on=OPENED, **given)).end is EndReason.MET


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("no day recorded", {"bail_ends_on": None}, EndReason.MET),
        row("released under investigation", {"suspect_status": SuspectStatus.RUI}, EndReason.OUT_OF_SCOPE),
        row("status unknown", {"suspect_status": None}, EndReason.OUT_OF_SCOPE),
        row("other", OTHER | {"offence_codes": ("TH68010",)}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": OPENED, "charged_on": OPENED}, EndReason.FINALISED),
    ],
)
def test_it_is_not_owed(given, end):
    assert nothing("bail-end", case(opened_on=OPENED, **ON_BAIL | given)).end is end
