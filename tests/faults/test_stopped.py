"""Ctrl-C and SIGTERM: one sentence, nothing half done, and the next call makes up for it."""

import shutil
import signal
import tempfile
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from tasks.servers import postgres
from tests.faults.begun import begin
from tests.faults.waiting import eventually, sleeping
from tests.worlds.one_case import OneCase

KEPT = "Committed work is kept, and the command may be run again.\n"


@pytest.mark.parametrize(("number", "word"), [(signal.SIGTERM, "SIGTERM"), (signal.SIGINT, "Ctrl-C")])
def test_a_round_in_the_middle_of_a_statement_ends_soon_and_the_next_makes_up_for_it(
    database, run_cli, break_on, number, word
):
    OneCase(database, run_cli).say("update sources set last_extracted_at = '2026-03-16T05:00Z'")
    mend = break_on("obligations", "perform pg_sleep(60)")
    begun = begin("run", "--as-of", "2026-03-16")
    eventually(lambda: sleeping(database), while_true=lambda: begun.poll() is None)
    begun.send_signal(number)
    sent = time.monotonic()
    out, err = begun.communicate(timeout=30)
    assert time.monotonic() - sent < 15
    assert (begun.returncode, out) == (128 + number, "")
    assert err == f"casebeat: stopped by {word}. {KEPT}"
    with database.begin() as connection:
        others = "select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'"
        connection.execute(text(others))
    mend()
    again = begin("run", "--as-of", "2026-03-16")
    _, err = again.communicate(timeout=60)
    assert (again.returncode, err) == (0, "")


@pytest.mark.parametrize("once_there", ["postgres.new/PG_VERSION", "postgres/postmaster.pid"])
def test_a_first_command_that_is_stopped_while_its_database_is_made_leaves_a_home_that_works(once_there):
    home = Path(tempfile.mkdtemp(prefix="casebeat-tests-"))
    ours = {"CASEBEAT_HOME": str(home)}
    try:
        begun = begin("stalled", **ours)
        eventually((home / once_there).exists, while_true=lambda: begun.poll() is None)
        begun.send_signal(signal.SIGTERM)
        _, err = begun.communicate(timeout=30)
        assert (begun.returncode, err) == (128 + signal.SIGTERM, f"casebeat: stopped by SIGTERM. {KEPT}")
        again = begin("stalled", **ours)
        out, err = again.communicate(timeout=60)
        assert (again.returncode, err) == (0, "")
        assert "0 stalled cases" in out
    finally:
        postgres.stop(home)
        shutil.rmtree(home)
