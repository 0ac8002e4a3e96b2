"""Runs that are older than `server.keep_days` leave Prefect's database with their logs, artifacts and task runs."""

import tempfile
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tasks.servers import postgres
from tasks.servers.prefect_server import prefect_server
from tests.support.casebeat import casebeat
from tests.support.prefect import Prefect
from tests.support.prepared import prepare

pytestmark = pytest.mark.prefect
COUNTED = ("flow_run", "flow_run_state", "task_run", "log", "artifact")


@pytest.fixture
def home(monkeypatch):
    with tempfile.TemporaryDirectory(prefix="casebeat-pruning-") as made:
        monkeypatch.setenv("CASEBEAT_HOME", made)
        monkeypatch.setenv("CASEBEAT_SERVER__KEEP_DAYS", "7")
        prepare(Path(made), prefect=True)
        yield Path(made)
        postgres.stop(Path(made))


def counts(home):
    """The number of rows of each table, and the keys of artifacts."""
    theirs = create_engine(postgres.url(home, database="prefect", role="postgres"))
    with theirs.begin() as connection:
        found = {name: connection.execute(text(f"select count(*) from {name}")).scalar_one() for name in COUNTED}
        keys = connection.execute(text("select key from artifact_collection order by key")).scalars().all()
    theirs.dispose()
    return found, keys


def age(home, name, days):
    theirs = create_engine(postgres.url(home, database="prefect", role="postgres"))
    with theirs.begin() as connection:
        moved = text("update flow_run set end_time = end_time - make_interval(days => :days) where name = :name")
        assert connection.execute(moved, {"days": days, "name": name}).rowcount == 1
    theirs.dispose()


def test_old_runs_go_with_all_that_is_theirs_and_young_ones_and_the_status_stay(home):
    with prefect_server(home) as api_url:
        served = Prefect(home, api_url)
        for day in ("2026-03-04", "2026-03-05", "2026-03-06"):
            casebeat(home, "run", "--as-of", day, **served.told)
        before, _ = counts(home)
    age(home, "daily-round 2026-03-04", 8)
    age(home, "daily-round 2026-03-05", 6)
    with prefect_server(home) as api_url:
        served = Prefect(home, api_url)
        deadline = time.monotonic() + 60
        while len(served.runs()) == 3 and time.monotonic() < deadline:
            time.sleep(0.5)
        time.sleep(1)  # children are deleted after their run
        after, keys = counts(home)
        left = [name for name, _ in served.runs()]
    assert left == ["daily-round 2026-03-05", "daily-round 2026-03-06"]
    assert {name: after[name] for name in COUNTED if name != "artifact"} == {
        name: before[name] * 2 // 3 for name in COUNTED if name != "artifact"
    }
    assert before["artifact"] == 3 * 3 + 1  # each round: its page, the register, its link; and the status
    assert after["artifact"] == 2 * 3 + 1
    assert keys == ["daily-round", "register", "status"]
