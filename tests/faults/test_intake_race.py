"""Two intakes at once: they take turns, and nothing is lost or doubled."""

import time

import pytest
from sqlalchemy import text

from tests.faults.begun import begin
from tests.worlds.extracts import a_case, an_action, write

HELD = 7  # the advisory lock at which every writer of the audit waits


def wait_for(waiting, database, begun):
    """Wait until so many processes wait for an advisory lock: ours, or an intake's."""
    asked = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    end = time.monotonic() + 60
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.scalar(text(asked)) != waiting:
            assert begun.poll() is None, begun.communicate()
            assert time.monotonic() < end
            time.sleep(0.01)


@pytest.fixture
def in_turn(database, break_on):
    """Run two intakes; start the second while the first is about to end. Return the output and code of each."""
    break_on("audit", f"perform pg_advisory_xact_lock({HELD})")

    def both(*folders):
        begun = []
        with database.connect() as holding:
            holding.execute(text(f"select pg_advisory_xact_lock({HELD})"))
            for folder in folders:
                begun.append(begin("intake", str(folder)))
                wait_for(len(begun), database, begun[-1])
        said = [each.communicate(timeout=120) for each in begun]
        assert [err for _, err in said] == ["", ""]
        return [(out, each.returncode) for (out, _), each in zip(said, begun, strict=True)]

    return both


@pytest.fixture
def rows(database):
    def found(statement):
        with database.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]

    return found


def test_the_same_folder_twice_at_once_is_loaded_once(tmp_path, in_turn, rows):
    folder = write(tmp_path / "x", {"cases.csv": [a_case()], "actions.csv": [an_action()]})
    (first, code), (second, code_too) = in_turn(folder, folder)
    assert (code, code_too) == (0, 0)
    assert first.startswith("niche-45-1: loaded\n")
    assert second.startswith("niche-45-1: already loaded: this extract was loaded before; nothing was done")
    assert rows("select extract_id, state from extracts") == [("niche-45-1", "loaded")]
    assert rows("select action_ref from actions") == [("A1",)]


def test_a_newer_extract_that_comes_meanwhile_waits_and_is_loaded_on_top(tmp_path, in_turn, rows):
    older = write(tmp_path / "x", {"cases.csv": [a_case(), a_case("C2")]})
    newer = write(tmp_path / "y", {"cases.csv": [a_case(risk="high"), a_case("C2"), a_case("C3")]}, number=2)
    (_, code), (_, code_too) = in_turn(older, newer)
    assert (code, code_too) == (0, 0)
    assert rows("select case_ref, risk from cases order by 1") == [
        ("C1", "high"), ("C2", "unknown"), ("C3", "unknown"),
    ]  # fmt: skip
    assert rows("select extract_id from extracts where state = 'loaded' order by id") == [
        ("niche-45-1",),
        ("niche-45-2",),
    ]


def test_an_older_extract_that_comes_meanwhile_waits_and_is_refused_in_a_sentence(tmp_path, in_turn, rows):
    older = write(tmp_path / "x", {"cases.csv": [a_case(), a_case("C2")]})
    newer = write(tmp_path / "y", {"cases.csv": [a_case(risk="high")]}, number=2)
    (_, code), (second, code_too) = in_turn(newer, older)
    assert (code, code_too) == (0, 2)
    assert "before the last one loaded from niche-45" in second
    assert rows("select case_ref, risk from cases") == [("C1", "high")]
    assert rows("select extract_id, state from extracts order by 1") == [
        ("niche-45-1", "refused"),
        ("niche-45-2", "loaded"),
    ]
