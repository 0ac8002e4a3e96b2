"""A case that is moved from one sitting to another."""

from datetime import date, timedelta

from config.terms import OwedBy, Risk, Severity
from models.rules.people.parties import Parties
from models.rules.reviews.convening import DueCase, PanelSitting
from models.rules.reviews.move_case import MoveState, TargetSitting
from tests.worlds.days import day

TODAY = day("Wed 4 Mar 2026")
TEN, SEVENTEEN = day("Tue 10 Mar 2026"), day("Tue 17 Mar 2026")
SITTINGS = [PanelSitting("s10", TEN, 1), PanelSitting("s17", SEVENTEEN, 1)]
MATTER = Parties(OwedBy.BOTH, ("45",), ("South East",), "P1", "S1", "C1")
CASE = MoveState("45/South East", SEVENTEEN, TODAY + timedelta(days=42), SEVENTEEN, "s17", chosen=False)
TARGET = TargetSitting("s10", "45/South East", TEN, "SP1", 1, 0, None)


def due(ref, risk=Risk.STANDARD, on=SEVENTEEN, held=None):
    return DueCase(ref, risk, Severity.DUE_SOON, on, date(2026, 2, 2), held)
