"""The status in the Prefect UI: one page, made again at the end of every run, and linked from each."""

import os

import pytest

from tests.support import preloaded
from tests.support.casebeat import casebeat
from tests.worlds.extracts import a_case, a_contact, write

pytestmark = pytest.mark.prefect
DELIVER = "from flows.delivery import delivery; delivery(as_of='{}')"


def pages(prefect, key):
    return [one for one in prefect.asked("artifacts/filter") if one["key"] == key]


def deliver(home, prefect, as_of):
    """Run the flow of the deployment `delivery`, and return the one status page."""
    told = {**os.environ, "CASEBEAT_HOME": str(home), **prefect.told}
    preloaded.run(DELIVER.format(as_of), env=told, within=99)
    (page,) = pages(prefect, "status")
    return page


def test_every_run_makes_the_one_page_anew_and_links_it(prefect, home, tmp_path):
    people, cases = [a_contact("P1")], [a_case("C1", opened_on="2026-03-02")]
    write(tmp_path / "extract", {"contacts.csv": people, "cases.csv": cases}, extracted_at="2026-03-04T05:10:00+00:00")
    assert casebeat(home, "intake", str(tmp_path / "extract")).returncode == 0
    assert casebeat(home, "run", "--as-of", "2026-03-04", **prefect.told).returncode == 0
    (first,) = pages(prefect, "status")
    assert "# Status on Wed 4 Mar 2026 at 08:00 GMT" in first["data"]
    assert "| 45 | ended |" in first["data"]
    assert "C1" not in first["data"]
    assert casebeat(home, "outbox", "--hold").returncode == 0
    second = deliver(home, prefect, "2026-03-04T09:00:00Z")
    assert second["description"].startswith("1 thing is wrong")
    assert "# Status on Wed 4 Mar 2026 at 09:00 GMT" in second["data"]
    assert "The outbox is held" in second["data"]
    third = deliver(home, prefect, "2098-03-04T09:00:00Z")  # refused: the run fails
    assert third["data"] != second["data"]
    assert {one["id"] for one in (first, second, third)} == {first["id"]}
    assert third["flow_run_id"] is None
    runs = [run["id"] for run in prefect.asked("flow_runs/filter") if run["id"] not in prefect.before]
    links = [one["flow_run_id"] for one in pages(prefect, None) if f"/artifacts/artifact/{first['id']}" in one["data"]]
    assert sorted(runs) == sorted(set(links) & set(runs))
    assert prefect.runs("delivery") == [("delivery", "FAILED")]
    repeated = [one["event"] for one in prefect.asked("events/filter")["events"] if "# Status on" in str(one)]
    assert repeated in ([], ["prefect.artifact-collection.created"])  # that of its making, and none of a change
