"""The rule `bail-end-unknown`: bail whose end nobody recorded is not silence."""

import pytest

from config.terms import Classification, EndReason, OwedBy, SuspectStatus
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, case, nothing, owed, unseen

OPENED = day("Mon 2 Mar 2026")
BAILED = day("Thu 2 Apr 2026")
ON_BAIL = {"suspect_status": SuspectStatus.BAIL, "status_on": BAILED}


@pytest.mark.parametrize(
    "given",
    [
        row("stalking", {}),
        row("harassment", {"classification": Classification.HARASSMENT}),
        row("classified other with PH97006", {"classification": Classification.OTHER, "offence_codes": ("PH97006",)}),
    ],
)
def test_bail_without_an_end_is_asked_for_two_working_days_after_the_status_day(given):
    found = owed("bail-end-unknown", case(opened_on=OPENED, **ON_BAIL | given))
    assert (found.subject, found.owed_by, found.done_on, found.arose_on) == ("case", OwedBy.POLICE, None, BAILED)
    assert (found.remind_on, found.due_on, found.escalate_on) == (
        day("Tue 7 Apr 2026"), day("Wed 8 Apr 2026"), day("Fri 10 Apr 2026"),
    )  # fmt: skip
    assert arithmetic.sentence(found.because, CALENDAR) == (
        "on bail since Thu 2 Apr 2026 + 2 working days = Wed 8 Apr 2026 (not counting Good Friday Fri 3 Apr 2026 and "
        "Easter Monday Mon 6 Apr 2026); no day is recorded on which bail ends"
    )


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("its end is recorded", {"bail_ends_on": OPENED}, EndReason.MET),
        row("charged", {"charged_on": OPENED}, EndReason.MET),
        row("charged and in custody", {"charged_on": OPENED, "suspect_status": SuspectStatus.CUSTODY}, EndReason.MET),
        row("released under investigation", {"suspect_status": SuspectStatus.RUI}, EndReason.OUT_OF_SCOPE),
        row("other", {"classification": Classification.OTHER, "offence_codes": ()}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": OPENED, "charged_on": OPENED}, EndReason.FINALISED),
    ],
)
def test_it_is_not_owed(given, end):
    assert nothing("bail-end-unknown", case(opened_on=OPENED, **ON_BAIL | given)).end is end


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("empty", {}, EndReason.UNSEEN),
        row("there all the same", {"bail_ends_on": OPENED}, EndReason.MET),
        row("not on bail", {"suspect_status": SuspectStatus.RUI}, EndReason.OUT_OF_SCOPE),
    ],
)
def test_an_end_whose_column_is_not_sent_cannot_be_seen(given, end):
    facts = unseen(case(opened_on=OPENED, **ON_BAIL | given), "cases.csv: bail_ends_on")
    found = nothing("bail-end-unknown", facts)
    assert found.end is end
    assert end is not EndReason.UNSEEN or found.why == (
        "cannot be seen: cases.csv of niche-45 has no column bail_ends_on"
    )
