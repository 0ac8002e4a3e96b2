"""A sitting's agenda in the Prefect UI: references and counts, the pattern drawn, nothing restricted."""

import pytest
import yaml

from tests.support.casebeat import casebeat
from tests.worlds.extracts import a_case, a_contact, write
from tests.worlds.panels import TUESDAYS

pytestmark = pytest.mark.prefect
REF = "45-south-east-2026-03-10"


def test_the_round_that_sends_an_agenda_shows_it_as_an_artifact(prefect, home, tmp_path):
    people = [a_contact("P1"), a_contact("SP1", roles="spoc"), a_contact("L1", roles="lead")]
    cases = [a_case("C|1", opened_on="2026-03-02"), a_case("C2", opened_on="2026-03-02", restricted="yes")]
    acts = [{"force_code": "45", "case_ref": "C|1", "incident_ref": "I1", "occurred_on": "2026-02-20"}]
    write(tmp_path / "extract", {"contacts.csv": people, "cases.csv": cases, "incidents.csv": acts},
          extracted_at="2026-03-04T05:10:00+00:00")  # fmt: skip
    panels = tmp_path / "panels.yaml"
    panels.write_text(yaml.safe_dump({"panels": [TUESDAYS]}))
    assert casebeat(home, "intake", str(tmp_path / "extract")).returncode == 0
    assert casebeat(home, "run", "--as-of", "2026-03-04", CASEBEAT_PANELS=str(panels)).returncode == 0
    ran = casebeat(home, "run", "--as-of", "2026-03-05", CASEBEAT_PANELS=str(panels), **prefect.told)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    (made,) = [each for each in prefect.asked("artifacts/filter") if each["key"] == "agenda-45-south-east"]
    assert made["description"] == f"Sitting {REF}"
    assert "45/C\\|1" in made["data"]
    assert "](data:image/svg+xml;base64," in made["data"]
    assert "1 restricted case: ask a SPOC of its force who may read it" in made["data"]
    assert "45/C2" not in made["data"]
