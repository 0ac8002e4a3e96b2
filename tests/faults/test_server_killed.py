"""The embedded server dies during a round: one sentence for one force, no row's content, and it starts again."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tasks.servers import postgres
from tasks.servers.postgres_programs import postmaster
from tests.worlds.extracts import a_case, a_contact, an_action, write

ROOT = Path(__file__).parents[2]
CCTV = {"raised_on": "2026-03-02"}


@pytest.fixture
def home():
    made = Path(tempfile.mkdtemp(prefix="casebeat-tests-"))
    yield made
    postgres.stop(made)
    shutil.rmtree(made)


def begin(home, *arguments):
    command = [sys.executable, "-c", "from flows.command_line.main import main; main()", *arguments]
    ours = {name: value for name, value in os.environ.items() if not name.startswith("CASEBEAT_")}
    return subprocess.Popen(
        command, cwd=ROOT, env={**ours, "CASEBEAT_HOME": str(home)}, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip


def ended(begun):
    out, err = begun.communicate(timeout=120)
    return begun.returncode, out, err


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])  # a dying machine, and casebeat stop
def test_a_server_that_dies_during_a_round_costs_one_force_its_round_and_prints_no_row(home, tmp_path, number):
    cases = [a_case("C1", opened_on="2026-03-02"), a_case("C2", opened_on="2026-03-02", force_code="46")]
    actions = [an_action("A1", "C1", **CCTV), an_action("A2", "C2", force_code="46", **CCTV)]
    files = {"contacts.csv": [a_contact("P1", force_code="45;46")], "cases.csv": cases, "actions.csv": actions}
    folder = write(tmp_path / "extract", files, covers=["45", "46"], extracted_at="2026-03-16T05:10:00+00:00")
    assert ended(begin(home, "intake", str(folder)))[0] == 0
    superuser = create_engine(postgres.url(home, role="postgres"), poolclass=NullPool)
    with superuser.begin() as connection:
        connection.exec_driver_sql(
            """create function wait() returns trigger language plpgsql as
               $$ begin if new.force_code = '45' then perform pg_sleep(60); end if; return new; end $$"""
        )
        connection.exec_driver_sql(
            "create trigger wait before insert on obligations for each row execute function wait()"
        )
    begun = begin(home, "run", "--as-of", "2026-03-17")
    with superuser.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        asked = text("select exists (select from pg_stat_activity where wait_event = 'PgSleep')")
        while not connection.execute(asked).scalar_one():
            assert begun.poll() is None, begun.communicate()
            time.sleep(0.05)
    os.kill(postmaster(home / "postgres"), number)
    code, out, err = ended(begun)
    assert err == "Force 45 failed (the connection to the database was lost).\n"
    assert "Force 46: 1 of 1 case evaluated" in out
    assert code == 1
    with superuser.begin() as connection:
        connection.exec_driver_sql("drop trigger wait on obligations")
    assert ended(begin(home, "run", "--as-of", "2026-03-17"))[::2] == (0, "")
