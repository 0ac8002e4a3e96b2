"""Runs that are older than `server.keep_days` leave Prefect's database with their logs, artifacts and task runs."""

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tasks.servers import postgres
from tests.faults.waiting import eventually
from tests.support.casebeat import casebeat
from tests.support.prefect import KEEP_DAYS

pytestmark = pytest.mark.prefect
DAYS = ("2026-05-05", "2026-05-06")
COUNTED = {"flow_run": "id", "flow_run_state": "flow_run_id", "task_run": "flow_run_id", "log": "flow_run_id",
           "artifact": "flow_run_id"}  # fmt: skip


@pytest.fixture
def theirs(prefect):
    """Prefect's own database."""
    engine = create_engine(postgres.url(prefect.home, database="prefect", role="postgres"), poolclass=NullPool)
    with engine.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")


def counts(theirs, run):
    """The number of rows that each table has of a run."""
    return {
        table: theirs.execute(text(f"select count(*) from {table} where {column} = :run"), {"run": run}).scalar_one()
        for table, column in COUNTED.items()
    }


def age(theirs, run, days):
    moved = text("update flow_run set end_time = end_time - make_interval(days => :days) where id = :run")
    assert theirs.execute(moved, {"days": days, "run": run}).rowcount == 1


def test_old_runs_go_with_all_that_is_theirs_and_young_ones_and_the_status_stay(prefect, theirs, home):
    for day in DAYS:
        casebeat(home, "run", "--as-of", day, **prefect.told)
    found = {run["name"]: run["id"] for run in prefect.asked("flow_runs/filter") if run["id"] not in prefect.before}
    old, young = (found[f"daily-round {day}"] for day in DAYS)
    before = counts(theirs, young)
    assert counts(theirs, old) == before
    assert all(before.values())
    assert before["artifact"] == 3  # its page, the register, its link
    age(theirs, young, KEEP_DAYS - 1)
    age(theirs, old, KEEP_DAYS + 1)
    eventually(lambda: not any(counts(theirs, old).values()), within=120)
    assert counts(theirs, young) == before
    assert theirs.execute(text("select count(*) from artifact where key = 'status'")).scalar_one() == 1
