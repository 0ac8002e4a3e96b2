"""The rule `pin-issued`: a Police Information Notice on a stalking case is withdrawn."""

import pytest

from config.terms import Classification, EndReason, OwedBy
from models.rules import arithmetic
from tests.worlds.days import day, row
from tests.worlds.facts import CALENDAR, case, nothing, owed

OPENED, ISSUED = day("Mon 2 Mar 2026"), day("Thu 2 Apr 2026")


def test_a_notice_on_a_stalking_case_is_to_be_withdrawn_from_the_day_it_was_issued():
    found = owed("pin-issued", case(opened_on=OPENED, pin_issued_on=ISSUED))
    assert (found.subject, found.owed_by) == ("case", OwedBy.POLICE)
    assert (found.remind_on, found.due_on, found.escalate_on) == (ISSUED, ISSUED, day("Wed 8 Apr 2026"))


@pytest.mark.parametrize(
    ("given", "end"),
    [
        row("none was issued", {"pin_issued_on": None}, EndReason.MET),
        row("withdrawn on the day itself", {"pin_withdrawn_on": ISSUED}, EndReason.MET),
        row("harassment", {"classification": Classification.HARASSMENT}, EndReason.OUT_OF_SCOPE),
        row("finalised", {"finalised_on": ISSUED}, EndReason.FINALISED),
    ],
)
def test_otherwise_nothing_is_owed(given, end):
    found = nothing("pin-issued", case(opened_on=OPENED, **{"pin_issued_on": ISSUED, **given}))
    assert (found.subject, found.end) == ("case", end)


def test_it_says_its_arithmetic():
    found = owed("pin-issued", case(opened_on=OPENED, pin_issued_on=ISSUED))
    assert arithmetic.sentence(found.because, CALENDAR) == "Police Information Notice issued Thu 2 Apr 2026"
