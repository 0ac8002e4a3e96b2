"""Who owes a part of which the CPS SPOC who leads on the case is the one who does it."""

import pytest

from config.terms import Agency, OwedBy
from tasks.messages.contexts import Ower
from tasks.messages.owers import owers
from tests.worlds.days import row
from tests.worlds.messages import TODAY, view

PANEL = {("45", "South East", Agency.CPS): "K2"}
ANN = ["K1", "Ann  Lee", "ann.lee@cps.gov.uk", False, None, None]
BOB = ["K2", "Bob Ray", "bob.ray@cps.gov.uk", True, "2026-01-05", None]
LEFT = ["K3", "Cy Oak", "cy.oak@cps.gov.uk", True, None, "2026-03-01"]


def spoc(ref: str, name: str, email: str) -> Ower:
    return Ower(role="spoc", ref=ref, name=name, email=email)


ANN_OWES, BOB_OWES = spoc("K1", "Ann Lee", ANN[2]), spoc("K2", "Bob Ray", BOB[2])
NOBODY_LEADS = Ower(role="leading", ref="")


def of_a_plea(panels=None, **given):
    missing = {"with_parts": ("the review by the SPOC",), "with_cps_area": "South East", "with_cps_spocs": [ANN, BOB]}
    matter = view(rule="plea", owed_by=OwedBy.CPS, **{**missing, **given}).matter
    return owers(matter, panels or {}, TODAY)


@pytest.mark.parametrize(
    ("panels", "given", "expected"),
    [
        row("whom the case's row names", PANEL, {"with_cps_spoc_ref": "K1"}, [ANN_OWES]),
        row("whom the panel names", PANEL, {}, [BOB_OWES]),
        row("of whom the row's has no access", PANEL, {"with_cps_spoc_ref": "K1", "with_restricted": True}, [BOB_OWES]),
        row("nobody leads and there is one", {}, {"with_cps_spocs": [ANN, LEFT]}, [ANN_OWES]),
        row("nobody leads and there are two", {}, {}, [ANN_OWES, BOB_OWES, NOBODY_LEADS]),
        row("one of them is barred", {}, {"with_barred": frozenset({"K2"})}, [ANN_OWES]),
        row("nobody is there", {}, {"with_cps_spocs": None}, [spoc("", "", "")]),
    ],
)
def test_the_part_is_owed_by_the_spoc_to_whom_a_step_would_go(panels, given, expected):
    assert of_a_plea(panels, **given) == tuple(expected)


def test_each_part_has_its_ower():
    parts = {"with_parts": ("the reason", "the review by the SPOC"), "with_prosecutor_ref": "C1"}
    prosecutor = Ower(role="prosecutor", ref="C1", unreached="no_address")
    assert of_a_plea(PANEL, **parts) == (prosecutor, BOB_OWES)
