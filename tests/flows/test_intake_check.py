"""The form of the deployment `intake`: what lies in the drop folder, tried, and shown on a page without a cell."""

import pytest

from tests.flows.forms import ended_flows
from tests.support.casebeat import casebeat
from tests.worlds.extracts import a_case, a_contact, write

pytestmark = pytest.mark.prefect
PAGE = "intake-check"


def test_a_check_shows_what_would_be_loaded_and_loads_nothing(prefect, home, tmp_path):
    write(tmp_path / "E1", {"contacts.csv": [a_contact("P1", name="Ann Lee")]})
    assert casebeat(home, "intake", str(tmp_path / "E1")).returncode == 0
    bad = [a_case(f"X{n}", risk="V.High") for n in range(25)]
    write(tmp_path / "E2", {"cases.csv": [a_case(oic_ref="P1"), *bad]}, number=2)
    told = {"CASEBEAT_HOME": str(home), "CASEBEAT_DROP": str(tmp_path), "PATH": "/usr/bin:/bin"}
    (ended,) = ended_flows([("intake", {"check": True})], {**prefect.told, **told})
    assert ended[:2] == ("COMPLETED", "Completed")
    assert ended[2].startswith("extracts that would be loaded 0, would be refused 1, would be held 0; nothing was wr")
    (page,) = [each for each in prefect.asked("artifacts/filter") if each["key"] == PAGE]
    shown = page["data"]
    assert "## niche-45-2: would be refused" in shown, "and the one that was loaded is not tried again"
    assert "| cases.csv | 26 | 1 | 1 | 0 | 0 | 25 | 0 |" in shown
    assert "- cases.csv: risk is not one of high, medium, standard (25 rows, line 3, 4, " in shown
    assert "| cases.csv | risk_assessed_on | 0 of 1 | 1 row says: not assessed; if your system keeps it " in shown
    assert "| custody-limit | 0 | 0 | 0 of 1 case can begin it" not in shown, "no file of CPS was sent"
    assert "| bail-end | 0 | 0 | 0 of 1 case can begin it: suspect_status is filled in 0 of 1 row" in shown
    assert not [word for word in ("V.High", "X1", "Ann Lee", "Lee") if word in shown + ended[2]]
    ran = casebeat(home, "intake", "--json", str(tmp_path / "E2"))
    assert '"state": "refused"' in ran.stdout, "it was not taken in before"
