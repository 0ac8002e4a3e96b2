"""The rule `awaiting-charge`: police make an authorised charge within its span."""

import pytest

from config.terms import Classification, EndReason, OwedBy
from models.rules import arithmetic
from tests.factories import CALENDAR, case, nothing, owed
from tests.unit.days import day, row

OPENED = day("Mon 2 Mar 2026")


@pytest.mark.parametrize(
    ("authorised", "due"),
    [
        row("the same day of the next month", "Mon 2 Mar 2026", "Thu 2 Apr 2026"),
        row("the last day of a shorter month", "Sat 31 Jan 2026", "Sat 28 Feb 2026"),
        row("no roll off a holiday", "Tue 3 Mar 2026", "Fri 3 Apr 2026"),
    ],
)
def test_police_charge_within_a_month_of_the_authority(authorised, due):
    found = owed("awaiting-charge", case(opened_on=OPENED, charge_authorised_on=authorised))
    assert (found.subject, found.owed_by, found.due_on, found.done_on) == ("case", OwedBy.POLICE, due, None)


def test_it_reminds_and_escalates_five_working_days_around_its_day():
    found = owed("awaiting-charge", case(opened_on=OPENED, charge_authorised_on=day("Mon 2 Mar 2026")))
    assert (found.remind_on, found.escalate_on) == (day("Thu 26 Mar 2026"), day("Mon 13 Apr 2026"))


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("not authorised", {}, EndReason.MET),
        row("charged", {"charge_authorised_on": OPENED, "charged_on": OPENED}, EndReason.MET),
        row("charged without an authority", {"charged_on": OPENED}, EndReason.MET),
        row(
            "harassment",
            {"charge_authorised_on": OPENED, "classification": Classification.HARASSMENT},
            EndReason.OUT_OF_SCOPE,
        ),
        row("finalised", {"charge_authorised_on": OPENED, "finalised_on": OPENED}, EndReason.FINALISED),
    ],
)
def test_it_is_not_owed(given, end):
    assert nothing("awaiting-charge", case(opened_on=OPENED, **given)).end is end


def test_it_says_its_arithmetic():
    found = owed("awaiting-charge", case(opened_on=OPENED, charge_authorised_on=OPENED))
    assert arithmetic.sentence(found.because, CALENDAR) == "charge authorised Mon 2 Mar 2026 + 1 month = Thu 2 Apr 2026"
