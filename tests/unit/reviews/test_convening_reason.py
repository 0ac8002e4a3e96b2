"""The reason why a case gets its sitting."""

import pytest

from config.days.duration import Duration, Unit
from config.sittings import ConveningEnd, ConveningReason
from models.rules.result import Term
from models.rules.reviews.convening import HeldPlace
from models.rules.reviews.convening_reason import ConveningGrounds, of_move, of_new
from tests.worlds.days import day, row

DUE, REPORTED, SOON = day("Mon 16 Mar 2026"), day("Tue 3 Mar 2026"), day("Tue 10 Mar 2026")
EVERY = Term("case opened", day("Mon 2 Mar 2026"), Duration(10, Unit.WORKING_DAYS), DUE)
INCIDENT = Term("first incident reported since", REPORTED, Duration(5, Unit.WORKING_DAYS), SOON)
LATER = HeldPlace("s1", day("Mon 30 Mar 2026"), day("Mon 30 Mar 2026"))


def owed(due_on, *terms, breaches=(), end=None):
    return ConveningGrounds(due_on, terms, frozenset(breaches), end)


@pytest.mark.parametrize(
    ("end", "why"),
    [
        row("it was never convened", None, ConveningReason.DUE),
        row("held", ConveningEnd.HELD, ConveningReason.DUE),
        row("owed no more for a while", ConveningEnd.NOT_OWED, ConveningReason.DUE),
        row("not held", ConveningEnd.NOT_HELD, ConveningReason.NOT_HELD),
        row("unrecorded", ConveningEnd.UNRECORDED, ConveningReason.UNRECORDED),
        row("its sitting went", ConveningEnd.CANCELLED, ConveningReason.PANEL),
        row("it gave way, and nothing was left", ConveningEnd.MOVED, ConveningReason.GAVE_WAY),
    ],
)
def test_a_case_without_a_sitting_gets_one_for_what_became_of_the_last(end, why):
    assert of_new(owed(DUE, EVERY, end=end)) is why


@pytest.mark.parametrize(
    ("before", "why"),
    [
        row("a new incident", owed(SOON, EVERY, INCIDENT), ConveningReason.NEW_INCIDENT),
        row("a breach", owed(SOON, EVERY, INCIDENT, breaches=[REPORTED]), ConveningReason.BREACH),
        row("a breach on another day", owed(SOON, EVERY, INCIDENT, breaches=[SOON]), ConveningReason.NEW_INCIDENT),
        row("a higher risk", owed(DUE, EVERY), ConveningReason.RISK),
        row("a higher risk, and an incident that counts later", owed(DUE, EVERY, INCIDENT._replace(makes=SOON)),
            ConveningReason.RISK),
    ],
)  # fmt: skip
def test_a_case_whose_day_moved_earlier_is_moved_for_what_moved_it(before, why):
    assert of_move(LATER, before, before.due_on, panel=False) is why


def test_a_case_with_an_unchanged_day_moves_with_its_panel_or_gives_way():
    stands = owed(LATER.due_on, EVERY)
    assert of_move(LATER, stands, LATER.deadline_on, panel=True) is ConveningReason.PANEL
    assert of_move(LATER, stands, SOON, panel=False) is ConveningReason.PANEL
    assert of_move(LATER, stands, LATER.deadline_on, panel=False) is ConveningReason.GAVE_WAY
