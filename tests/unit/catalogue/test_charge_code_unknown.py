"""The rule `charge-code-unknown`: what the suspect is charged with, where the six-month limit hangs on it."""

import pytest

from config.terms import Classification, EndReason, OwedBy
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, case, nothing, owed, unseen

OPENED = day("Mon 2 Mar 2026")
CHARGED = day("Fri 6 Mar 2026")
GIVEN = {"charged_on": CHARGED, "offence_codes": ("PH97006",)}


@pytest.mark.parametrize(
    "given",
    [
        row("stalking s.2A", {}),
        row("harassment s.2", {"offence_codes": ("TH68010", "ph97004b")}),
        row("classified other", {"classification": Classification.OTHER}),
    ],
)
def test_a_charge_without_a_code_is_asked_for_a_working_day_after_it(given):
    found = owed("charge-code-unknown", case(opened_on=OPENED, **GIVEN | given))
    assert (found.subject, found.owed_by, found.done_on, found.arose_on) == ("case", OwedBy.CPS, None, CHARGED)
    assert (found.remind_on, found.due_on, found.escalate_on) == (
        day("Mon 9 Mar 2026"), day("Mon 9 Mar 2026"), day("Tue 10 Mar 2026"),
    )  # fmt: skip
    assert arithmetic.sentence(found.because, CALENDAR) == (
        "charged Fri 6 Mar 2026 + 1 working day = Mon 9 Mar 2026; no code of the charge is recorded"
    )


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("a code", {"charged_codes": ("PH97006",)}, EndReason.MET),
        row("a code of another offence", {"charged_codes": ("TH68010",)}, EndReason.MET),
        row("not charged", {"charged_on": None}, EndReason.OUT_OF_SCOPE),
        row("no summary offence", {"offence_codes": ("PH97011",)}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": OPENED}, EndReason.FINALISED),
    ],
)
def test_it_is_not_owed(given, end):
    assert nothing("charge-code-unknown", case(opened_on=OPENED, **GIVEN | given)).end is end


@pytest.mark.parametrize(
    ("given", "end"),
    [row("empty", {}, EndReason.UNSEEN), row("there all the same", {"charged_codes": ("PH97006",)}, EndReason.MET)],
)
def test_a_code_whose_column_is_not_sent_cannot_be_seen(given, end):
    facts = unseen(case(opened_on=OPENED, **GIVEN | given), "cps_cases.csv: charged_codes")
    found = nothing("charge-code-unknown", facts)
    assert found.end is end
    assert end is EndReason.MET or found.why == "cannot be seen: cps_cases.csv of cms-se has no column charged_codes"
