"""A row that names a SPOC who cannot lead on its case is loaded with a warning, and says so without the cell."""

from typing import Any

import pytest
from sqlalchemy import Engine

from tasks.intake.merging import CANNOT_LEAD
from tests.worlds.days import row
from tests.worlds.extracts import a_case, a_contact
from tests.worlds.intake import Intake

SPOC = {"contact_ref": "SP1", "roles": "spoc", "restricted_access": "yes"}
OF_CPS = {"agency": "cps", "force_code": "", "email": "c@cps.gov.uk"}


@pytest.fixture
def intake(database: Engine, tmp_path: Any) -> Intake:
    return Intake(database, tmp_path)


def loaded(intake: Intake, name: str, files: Any, **said: Any) -> Any:
    result = intake.sends(files, **said)
    return next(each for each in result.files if each.name == name)


@pytest.mark.parametrize(
    ("contact", "case", "warned"),
    [
        row("who may", {}, {}, False),
        row("no SPOC", {"roles": "officer"}, {}, True),
        row("of another force", {"force_code": "46"}, {}, True),
        row("who has left", {"active_to": "2026-01-01"}, {}, True),
        row("who is barred", {}, {"barred_refs": "SP1"}, True),
        row("who may not see it", {"restricted_access": "no"}, {"restricted": "yes"}, True),
        row("who need not", {"restricted_access": "no"}, {}, False),
    ],
)
def test_a_spoc_who_cannot_lead_is_a_warning_of_the_row(
    intake: Intake, contact: dict[str, str], case: dict[str, str], warned: bool
) -> None:
    officer = a_contact()
    spoc = a_contact(**SPOC | contact)
    cases = [a_case(spoc_ref="SP1", **case), a_case("C2", spoc_ref="")]
    found = loaded(intake, "cases.csv", {"contacts.csv": [officer, spoc], "cases.csv": cases}, covers=["45", "46"])
    assert found.added == 2
    assert found.examples == ([f"line 2: warning: spoc_ref {CANNOT_LEAD}"] if warned else [])
    assert intake.rows("select spoc_ref from cases where case_ref = 'C1'") == ["SP1"]
    if warned:
        warnings = (intake.rejected / "niche-45-1" / "warnings-cases.csv").read_text()
        assert f'spoc_ref ""SP1"" {CANNOT_LEAD}' in warnings


@pytest.mark.parametrize(("area", "warned"), [("South East", False), ("Wessex", True)])
def test_of_cps_the_area_of_one_of_the_linked_cases_counts(intake: Intake, area: str, warned: bool) -> None:
    cases = [a_case(urn="45AB1234526"), a_case("C2", urn="45AB1234526M", cps_area="London South")]
    intake.sends({"contacts.csv": [a_contact()], "cases.csv": cases})
    sent = {
        "contacts.csv": [a_contact(**SPOC | OF_CPS, cps_area=area)],
        "cps_cases.csv": [{"urn": "45AB1234526", "spoc_ref": "SP1"}, {"urn": "45AB7654326", "spoc_ref": "SP1"}],
    }
    found = loaded(intake, "cps_cases.csv", sent, source="cms", agency="cps")
    assert found.warned == int(warned)
