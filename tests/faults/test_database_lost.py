"""A database that is lost, full, or missing from the start: one sentence, and the next run makes up for it."""

import json
import threading

import pytest

from tests.faults.waiting import eventually, sleeping
from tests.support.copies import as_superuser
from tests.worlds.extracts import a_case, a_contact, an_action, write
from tests.worlds.one_case import CASE, OneCase

CUT = "perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(9)"
FULL = "raise exception 'No space left for Robin' using errcode = '53100'"
LOST = "casebeat: The connection to the database was lost"
KEPT = "Committed work is kept; run the command again once that is fixed.\n"


@pytest.fixture
def book(database, run_cli, monkeypatch):
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    return OneCase(database, run_cli)


COMMANDS: dict[str, tuple[str, ...]] = {
    "obligations": ("obligations", "--json", "--as-of", "2026-03-16"),
    "stalled": ("stalled", "--as-of", "2026-03-16"),
    "notifications": ("notifications", "--json"),
    "explain": ("explain", CASE, "--as-of", "2026-03-16"),
}


@pytest.mark.parametrize("does", [CUT, FULL])
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_list_whose_connection_breaks_ends_in_one_sentence(book, break_on, command, does, caplog):
    mend = break_on("audit", does)
    ran = book.cli(*command)
    assert ran.code == 1
    assert ran.err.startswith(LOST if does is CUT else "casebeat: The database's disk is full (pgcode 53100). "), (
        ran.err
    )
    assert ran.err.endswith(KEPT)
    assert ran.err.count("\n") == 1
    assert "Robin" not in ran.err
    assert ran.out == ""
    assert caplog.text == ""
    mend()
    assert book.cli(*command).code == 0


def test_a_hold_and_a_promise_whose_connection_breaks_end_in_one_sentence_and_may_be_given_again(book, break_on):
    book.round("Mon 16 Mar 2026")
    for table, command in {
        "switches": ("outbox", "--hold"),
        "promises": ("acknowledge", CASE, "risk-assessment", "--by", "P1", "--until", "2026-03-18", "--reason", "x",
                     "--as-of", "2026-03-16"),
    }.items():  # fmt: skip
        mend = break_on(table, CUT)
        ran = book.cli(*command)
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith(LOST)
        assert ran.err.count("\n") == 1
        mend()
        assert book.cli(*command).code == 0


@pytest.fixture
def two_forces(database, run_cli, tmp_path, monkeypatch):
    """The folder of an extract of two forces, after a round of one day."""
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    cases = [a_case("C1", opened_on="2026-03-02"), a_case("C2", opened_on="2026-03-02", force_code="46")]
    actions = [
        an_action("A1", "C1", raised_on="2026-03-02"),
        an_action("A2", "C2", raised_on="2026-03-02", force_code="46"),
    ]
    files = {"contacts.csv": [a_contact("P1", force_code="45;46")], "cases.csv": cases, "actions.csv": actions}
    return write(tmp_path / "extract", files, covers=["45", "46"], extracted_at="2026-03-16T05:10:00+00:00")


def test_an_intake_whose_connection_breaks_loads_nothing_and_loads_all_the_next_time(two_forces, run_cli, break_on):
    mend = break_on("actions", CUT)
    ran = run_cli("intake", str(two_forces))
    assert ran.code == 1
    assert ran.err.startswith(LOST)
    assert ran.err.endswith(KEPT)
    mend()
    again = run_cli("intake", str(two_forces))
    assert again.code == 0, again.err
    assert "2 rows: 2 new" in again.out


def said(run_cli):
    return [json.loads(line) for line in run_cli("notifications", "--json").out.splitlines()]


FORCE_OF = {
    "obligations": "new.force_code",
    "rounds": "new.force_code",
    "steps": "(select force_code from obligations where id = new.obligation_id)",
    "notifications": "(select force_code from obligations where id = new.obligation_id)",
}


@pytest.mark.parametrize("table", FORCE_OF)
def test_a_round_whose_connection_breaks_in_one_force_goes_on_and_the_next_makes_up_for_it(
    two_forces, run_cli, break_on, table
):
    assert run_cli("intake", str(two_forces)).code == 0
    mend = break_on(table, f"if {FORCE_OF[table]} = '45' then {CUT}; end if")
    ran = run_cli("run", "--as-of", "2026-03-17")
    assert ran.code == 1
    assert "Force 45 failed (the connection to the database was lost" in ran.err
    assert "Traceback" not in ran.err
    assert "Force 46: 1 of 1 case evaluated" in ran.out
    assert "The round of Tue 17 Mar 2026 failed in part" in ran.out
    assert {told["force_code"] for told in said(run_cli)} == {"46", None}  # None: the obligations without a case
    mend()
    again = run_cli("run", "--as-of", "2026-03-17")
    assert (again.code, again.err) == (0, "")
    told = said(run_cli)
    assert [one["force_code"] for one in told if one["rule"] == "action"] == ["45", "45", "46", "46"]
    assert run_cli("run", "--as-of", "2026-03-17").code == 0
    assert said(run_cli) == told


def test_a_round_whose_server_is_lost_reports_it_and_the_next_makes_up_for_it(
    two_forces, run_cli, break_on, server, database
):
    assert run_cli("intake", str(two_forces)).code == 0
    mend = break_on("obligations", "if new.force_code = '45' then perform pg_sleep(60); end if")
    name = database.url.database
    ran = []
    running = threading.Thread(target=lambda: ran.append(run_cli("run", "--as-of", "2026-03-17")))
    running.start()
    eventually(lambda: sleeping(database), while_true=running.is_alive)
    as_superuser(server, f"alter database {name} with allow_connections false")
    as_superuser(server, f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'")
    running.join(60)
    as_superuser(server, f"alter database {name} with allow_connections true")
    assert ran[0].code == 1
    assert "Force 45 failed (the connection to the database was lost" in ran[0].err
    assert "Force 46 failed (the connection to the database was lost" in ran[0].err
    assert "Delivery failed" in ran[0].err
    assert "failed in part" in ran[0].out
    mend()
    again = run_cli("run", "--as-of", "2026-03-17")
    assert again.code == 0, again.err
