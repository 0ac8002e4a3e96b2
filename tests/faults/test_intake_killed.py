"""A killed intake leaves nothing half loaded, and the next makes the same book as an undisturbed one."""

import signal
import time

import pytest
from sqlalchemy import text

from tests.faults.begun import begin
from tests.faults.waiting import sleeping
from tests.worlds.extracts import a_case, a_contact, an_action, write
from tests.worlds.intake import empty, facts

MANY = 60_000  # actions: enough that the server shows the read


@pytest.fixture
def ask(database):
    def asked(statement):
        with database.connect() as connection:
            return connection.scalar(text(statement))

    return asked


@pytest.fixture
def folder(tmp_path):
    files = {
        "contacts.csv": [a_contact("P1"), a_contact("P2", email="somebody@nowhere.example")],
        "cases.csv": [a_case(urn="45AB1234526"), a_case("C2")],
        "actions.csv": [an_action(), an_action("A2", "C2"), an_action("A3", "C9")],
    }
    return write(tmp_path / "x", files)


def until(true, begun):
    end = time.monotonic() + 60
    while not true():
        assert begun.poll() is None, begun.communicate()
        assert time.monotonic() < end
        time.sleep(0.005)


def kill(begun, database):
    """Kill the command, and its work in the server, which notices the death only when it answers."""
    begun.send_signal(signal.SIGKILL)
    begun.communicate(timeout=30)
    with database.begin() as connection:
        connection.execute(
            text("""select pg_terminate_backend(pid, 10000) from pg_stat_activity
                    where backend_type = 'client backend' and datname = current_database()
                      and pid <> pg_backend_pid()""")
        )


def taken_in(folder, code):
    again = begin("intake", str(folder))
    out, err = again.communicate(timeout=120)
    assert (again.returncode, err) == (code, "")
    return out


def rejected(tmp_path):
    return (tmp_path / "home" / "rejected" / "niche-45-1" / "contacts.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("table", ["sources", "case_keys", "cases", "actions", "extracts", "audit"])
def test_killed_while_it_writes_a_table_it_leaves_nothing_and_is_made_up_for(
    database, break_on, folder, tmp_path, ask, table
):
    mend = break_on(table, "perform pg_sleep(60)")
    begun = begin("intake", str(folder))
    until(lambda: sleeping(database), begun)
    kill(begun, database)
    mend()
    written = " + ".join(f"(select count(*) from {name})" for name in ("sources", "case_keys", "cases", "extracts"))
    assert ask(f"select {written}") == 0
    taken_in(folder, 1)
    assert ask("select count(*) from extracts where state = 'loaded'") == 1
    assert ask("select count(*) from audit where about = 'extract'") == 1
    disturbed, rows = facts(database), rejected(tmp_path)
    assert len(disturbed["actions"]) == 3
    empty(database)
    taken_in(folder, 1)
    assert facts(database) == disturbed
    assert rejected(tmp_path) == rows


def test_killed_while_it_reads_a_file_it_leaves_nothing_and_is_made_up_for(database, tmp_path, ask):
    actions = [an_action(f"A{n}") for n in range(MANY)]
    folder = write(tmp_path / "x", {"cases.csv": [a_case()], "actions.csv": actions})
    begun = begin("intake", str(folder))
    copying = (
        "select exists (select from pg_stat_activity where query like 'copy staged_actions%' and state = 'active')"
    )
    until(lambda: ask(copying), begun)
    kill(begun, database)
    assert ask("select count(*) from cases") == 0
    taken_in(folder, 0)
    assert ask("select count(*) from actions") == MANY
    assert ask("select count(*) from extracts") == 1


def test_killed_once_it_has_committed_it_was_loaded_before(database, folder, ask):
    begun = begin("intake", str(folder))
    until(lambda: ask("select count(*) from extracts"), begun)
    kill(begun, database)
    stands = facts(database)
    assert "already loaded: this extract was loaded before; nothing was done" in taken_in(folder, 0)
    assert facts(database) == stands
    assert ask("select count(*) from extracts") == 1
