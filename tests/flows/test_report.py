"""The monthly report by Prefect: its page in the UI, and its files; run twice, it does no harm."""

import pytest

from tests.support import preloaded
from tests.support.casebeat import casebeat
from tests.worlds.extracts import a_case, a_contact, write

pytestmark = pytest.mark.prefect
RUN = """import sys
from flows.report import report
state = report(month=sys.argv[1] or None, return_state=True)
print("ENDED", state.type.value, state.message)
"""


def test_the_report_of_a_month_is_a_page_in_prefect_and_files_of_every_place(prefect, home, tmp_path):
    people = [a_contact("P1"), a_contact("SP1", roles="spoc")]
    cases = [a_case("SECRET-1", opened_on="2026-03-02", nfa_reviewed_on="2026-03-09")]
    write(tmp_path / "extract", {"contacts.csv": people, "cases.csv": cases})
    assert casebeat(home, "intake", str(tmp_path / "extract")).returncode == 0
    assert casebeat(home, "run", "--as-of", "2026-03-20").returncode == 0
    for _ in range(2):  # a run repeats nothing
        ran = preloaded.run(RUN, "2026-03", env={**prefect.told, "CASEBEAT_HOME": str(home)})
        assert "ENDED COMPLETED The report of 2026-03 has 3 pages." in ran.stdout, ran.stdout + ran.stderr
    *_, made = [each for each in prefect.asked("artifacts/filter") if each["key"] == "report"]
    assert made["description"] == "Monitoring report of 2026-03"
    assert "# Monitoring report, March 2026" in made["data"]
    assert "SECRET" not in made["data"]
    into = home / "reports" / "2026-03"
    assert {path.name for path in into.iterdir()} == {
        f"{name}.{kind}" for name in ("all", "force-45", "area-south-east") for kind in ("csv", "html")
    } | {"operations.md"}
