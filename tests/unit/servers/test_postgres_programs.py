"""Which of PostgreSQL's programs are run, and whose process is the server."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from models.errors import Refuse
from tasks.servers import postgres_programs as programs
from tasks.servers.postgres_place import OF_COPIES
from tests.support.programs import a_program


@pytest.fixture
def releases(tmp_path, monkeypatch):
    """The folders of several releases, in the order in which they are looked at."""

    def of(*numbers, name="postgres"):
        made = [
            a_program(tmp_path / f"{at}-{number}", name, f"{name} (PostgreSQL) {number}.2")
            for at, number in enumerate(numbers)
        ]
        monkeypatch.setattr(programs, "program_folders", lambda _: made)
        return made

    return of


def test_a_new_cluster_gets_the_first_release_from_15_on(releases, tmp_path):
    made = releases(14, 15, 18)
    assert programs.folder_for(tmp_path) == made[1]
    releases(14)
    with pytest.raises(Refuse, match="No PostgreSQL 15 or later was found"):
        programs.folder_for(tmp_path)


def test_a_cluster_keeps_the_release_that_made_it(releases, tmp_path):
    made = releases(18, 14, 17)
    (tmp_path / "PG_VERSION").write_text("14\n")
    assert programs.folder_for(tmp_path) == made[1]


def test_a_client_is_of_the_servers_release_and_the_last_one_found(releases):
    made = releases(17, 16, 17, 0, name="psql")
    assert programs.client("psql", 17) == made[2] / "psql"
    with pytest.raises(Refuse, match=r"PostgreSQL 18, and no psql of that release was found \(there is: 16, 17\)"):
        programs.client("psql", 18)
    releases(name="psql")
    with pytest.raises(Refuse, match=r"\(there is: none\)"):
        programs.client("psql", 18)


@contextmanager
def process(folder, name):
    """A process of this name, whose number is in the server's file."""
    (folder / name).symlink_to(Path(sys.executable).resolve())
    with subprocess.Popen([folder / name, "-c", "import time; time.sleep(60)"], cwd=folder) as running:
        try:
            (folder / "postmaster.pid").write_text(f"{running.pid}\n/data\n17\n")
            deadline = time.monotonic() + 10
            while f"({name})" not in Path(f"/proc/{running.pid}/stat").read_text() and time.monotonic() < deadline:
                time.sleep(0.01)
            yield running
        finally:
            running.kill()


def test_the_server_is_the_living_process_of_its_file(tmp_path):
    with process(tmp_path, "postgres") as running:
        assert programs.postmaster(tmp_path) == running.pid
        running.kill()
        os.waitid(os.P_PID, running.pid, os.WEXITED | os.WNOWAIT)
        assert programs.postmaster(tmp_path) is None, "a zombie"
    assert programs.postmaster(tmp_path) is None


def test_the_server_of_another_folder_is_not_this_ones(tmp_path):
    original, copy, stranger = (tmp_path / name for name in ("original", "copy", "stranger"))
    original.mkdir()
    with process(original, "postgres") as running:
        for folder, token in ((copy, "same"), (stranger, "other"), (original, "same")):
            folder.mkdir(exist_ok=True)
            (folder / "postmaster.pid").write_text(f"{running.pid}\n/data\n17\n")
            (folder / OF_COPIES).write_text(token)
        assert [programs.postmaster(folder) for folder in (original, copy, stranger)] == [running.pid, None, None]
        assert [programs.original(folder) for folder in (original, copy, stranger)] == [None, original, None]
    assert programs.original(copy) is None


def test_a_process_of_another_name_is_no_server(tmp_path):
    with process(tmp_path, "another"):
        assert programs.postmaster(tmp_path) is None


def test_without_a_number_in_its_file_there_is_no_server(tmp_path):
    assert programs.postmaster(tmp_path) is None
    (tmp_path / "postmaster.pid").write_text("")
    assert programs.postmaster(tmp_path) is None
