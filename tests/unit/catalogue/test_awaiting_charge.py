"""The rule `awaiting-charge`: police make an authorised charge within its span."""

import pytest

from config.terms import Classification, EndReason, OwedBy, Risk
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, case, nothing, owed, unseen

OPENED = day("Mon 2 Mar 2026")


@pytest.mark.parametrize(
    ("risk", "authorised", "due"),
    [
        row("high: seven days", Risk.HIGH, "Mon 2 Mar 2026", "Mon 9 Mar 2026"),
        row("unknown reads as high", Risk.UNKNOWN, "Mon 2 Mar 2026", "Mon 9 Mar 2026"),
        row("medium: fourteen days", Risk.MEDIUM, "Mon 2 Mar 2026", "Mon 16 Mar 2026"),
        row("standard: a month", Risk.STANDARD, "Mon 2 Mar 2026", "Thu 2 Apr 2026"),
        row("the last day of a shorter month", Risk.STANDARD, "Sat 31 Jan 2026", "Sat 28 Feb 2026"),
        row("no roll off a holiday", Risk.STANDARD, "Tue 3 Mar 2026", "Fri 3 Apr 2026"),
    ],
)
def test_an_authorised_charge_is_made_within_a_span_by_risk(risk, authorised, due):
    found = owed("awaiting-charge", case(opened_on=OPENED, risk=risk, charge_authorised_on=authorised))
    assert (found.subject, found.owed_by, found.due_on, found.done_on) == ("case", OwedBy.POLICE, due, None)
    assert found.arose_on == authorised


def test_it_reminds_and_escalates_five_working_days_around_its_day():
    facts = case(opened_on=OPENED, risk=Risk.STANDARD, charge_authorised_on=day("Mon 2 Mar 2026"))
    found = owed("awaiting-charge", facts)
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


@pytest.mark.parametrize("sent", ["cps_cases.csv: charged_on", "cases.csv: charged_on"])
def test_a_charge_is_seen_where_either_agency_tells_it(sent):
    unsent = ({"cps_cases.csv: charged_on", "cases.csv: charged_on"} - {sent}).pop()
    assert owed("awaiting-charge", unseen(case(opened_on=OPENED, charge_authorised_on=OPENED), unsent))


def test_it_says_its_arithmetic():
    found = owed("awaiting-charge", case(opened_on=OPENED, charge_authorised_on=OPENED))
    assert arithmetic.sentence(found.because, CALENDAR) == "charge authorised Mon 2 Mar 2026 + 7 days = Mon 9 Mar 2026"


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("authorised", {"charge_authorised_on": OPENED}, EndReason.UNSEEN),
        row("charged all the same", {"charge_authorised_on": OPENED, "charged_on": OPENED}, EndReason.MET),
        row("not authorised", {}, EndReason.MET),
    ],
)
def test_a_charge_whose_column_is_not_sent_cannot_be_seen(given, end):
    facts = unseen(case(opened_on=OPENED, **given), "cps_cases.csv: charged_on", "cases.csv: charged_on")
    found = nothing("awaiting-charge", facts)
    assert found.end is end
    assert end is EndReason.MET or found.why == "cannot be seen: cps_cases.csv of cms-se has no column charged_on"
