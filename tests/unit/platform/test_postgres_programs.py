"""Which of PostgreSQL's programs are run, whose process is the server, and what root copies for the database's user."""

import os
import stat
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from models.errors import Refuse
from tasks.platform import postgres_programs as programs

NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can play two users")


def a_program(folder, name, says):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\necho '{says}'\n")
    (folder / name).chmod(0o755)
    return folder


@pytest.fixture
def releases(tmp_path, monkeypatch):
    """The folders of several releases, in the order in which they are looked at."""

    def of(*numbers, name="postgres"):
        made = [
            a_program(tmp_path / f"{at}-{number}", name, f"{name} (PostgreSQL) {number}.2")
            for at, number in enumerate(numbers)
        ]
        monkeypatch.setattr(programs, "_folders", lambda _: made)
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


@pytest.mark.parametrize(
    ("says", "release"),
    [
        ("postgres (PostgreSQL) 17.2 (Debian 17.2-1.pgdg120+1)", 17), ("psql (PostgreSQL) 18beta", 0), ("nothing", 0),
        ("pg_dump (PostgreSQL) 9.6.24", 9),
    ],
)  # fmt: skip
def test_a_release_is_the_first_number_that_a_program_tells(tmp_path, says, release):
    assert programs._release(a_program(tmp_path, "postgres", says) / "postgres") == release


def test_a_program_that_is_not_there_or_fails_has_no_release(tmp_path):
    assert programs._release(tmp_path / "postgres") == 0
    (tmp_path / "postgres").write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 17.2'\nexit 1\n")
    (tmp_path / "postgres").chmod(0o755)
    assert programs._release(tmp_path / "postgres") == 0


def test_the_wheels_programs_come_first_then_those_of_path_and_then_the_newest_of_the_system(tmp_path, monkeypatch):
    found = a_program(tmp_path / "real", "postgres", "x")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "postgres").symlink_to(found / "postgres")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    installed = [Path(f"/usr/lib/postgresql/{number}/bin") for number in (15, 17, 16)]
    monkeypatch.setattr(Path, "glob", lambda _, __: iter(installed))
    wheel, *others = programs._folders("postgres")
    assert wheel.parts[-2:] == ("pginstall", "bin")
    assert others == [found, installed[1], installed[2], installed[0]]
    monkeypatch.setenv("PATH", "/no/such/folder")
    assert len(programs._folders("postgres")) == 4
    for spec in (None, SimpleNamespace(origin=None)):
        monkeypatch.setattr("importlib.util.find_spec", lambda _, spec=spec: spec)
        assert len(programs._folders("postgres")) == 3


@contextmanager
def process(folder, name):
    """A process of this name, whose number is in the server's file."""
    (folder / name).symlink_to("/bin/sleep")
    with subprocess.Popen([folder / name, "60"]) as running:
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


def test_a_process_of_another_name_is_no_server(tmp_path):
    with process(tmp_path, "another"):
        assert programs.postmaster(tmp_path) is None


def test_without_a_number_in_its_file_there_is_no_server(tmp_path):
    assert programs.postmaster(tmp_path) is None
    (tmp_path / "postmaster.pid").write_text("")
    assert programs.postmaster(tmp_path) is None


@pytest.mark.parametrize(
    ("mode", "user", "group", "may"),
    [
        (0o700, 1, 9, True), (0o077, 1, 9, False), (0o070, 5, 2, True), (0o707, 5, 2, False), (0o007, 5, 6, True),
        (0o770, 5, 6, False), (0o001, 5, 6, True), (0o010, 5, 2, True), (0o100, 1, 2, True), (0o011, 1, 2, False),
    ],
)  # fmt: skip
def test_a_user_may_enter_what_is_open_to_the_first_class_that_the_user_is_in(mode, user, group, may):
    found = SimpleNamespace(st_uid=1, st_gid=2, st_mode=mode)
    assert programs._may_enter(found, user, group) is may


@pytest.fixture
def closed(monkeypatch):
    """The program of an installation in a folder that no other user may enter, and an empty place for copies."""
    with tempfile.TemporaryDirectory(prefix="casebeat-tests-") as made:
        monkeypatch.setattr(programs, "COPIES", Path(made) / "copies")
        above = Path(made) / "closed"
        folder = a_program(above / "package" / "pginstall" / "bin", "postgres", "x")
        (folder / "data").write_text("")
        (folder / "data").chmod(0o600)
        (folder / "link").symlink_to("postgres")
        (folder / "dangling").symlink_to("no such program")
        above.chmod(0o700)
        Path(made).chmod(0o755)
        yield folder / "postgres"


def reached(program):
    return programs.within_reach(program, NOBODY, NOBODY)


@as_root
def test_a_program_that_all_may_enter_is_run_where_it_is(closed):
    closed.parents[3].chmod(0o711)
    assert reached(closed) == closed
    closed.chmod(0o700)
    assert reached(closed) != closed


@as_root
def test_a_copy_is_whole_for_everyone_to_read_and_made_once(closed):
    libraries = closed.parents[2].with_name("package.libs")
    libraries.mkdir()
    (libraries / "libpq.so").write_text("")
    found = reached(closed)
    (copy,) = programs.COPIES.iterdir()
    assert found == copy / "package" / "pginstall" / "bin" / "postgres"
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in copy.rglob("*") if not path.is_symlink()}
    assert modes == {
        "package": 0o755, "pginstall": 0o755, "bin": 0o755, "postgres": 0o755, "data": 0o644,
        "package.libs": 0o755, "libpq.so": 0o644,
    }  # fmt: skip
    assert sorted(path.name for path in copy.rglob("*") if path.is_symlink()) == ["dangling", "link"]
    assert stat.S_IMODE(programs.COPIES.stat().st_mode) == stat.S_IMODE(copy.stat().st_mode) == 0o755
    (copy / "kept").touch()
    assert reached(closed) == found
    assert (copy / "kept").exists()


@as_root
def test_another_program_in_its_place_gets_another_copy(closed):
    before = reached(closed)
    closed.write_text("#!/bin/sh\n# of a later release\n")
    closed.chmod(0o755)
    assert reached(closed) != before


@as_root
def test_an_installation_without_libraries_beside_it_is_copied_too(closed):
    assert reached(closed).exists()


@as_root
@pytest.mark.parametrize("how", ["group", "others", "owner", "link"])
def test_a_folder_of_copies_that_is_not_roots_alone_is_refused(closed, how):
    copies = programs.COPIES
    if how == "link":
        (copies.parent / "real").mkdir(mode=0o755)
        copies.symlink_to("real")
    else:
        copies.mkdir()
        copies.chmod({"group": 0o775, "others": 0o757}.get(how, 0o755))
        os.chown(copies, NOBODY if how == "owner" else 0, 0)
    with pytest.raises(Refuse, match="no copy could be made"):
        reached(closed)


def test_a_program_runs_as_the_folders_owner_and_finds_the_folder_by_its_descriptor(tmp_path):
    folder = tmp_path / "a folder"
    folder.mkdir()
    script = a_program(tmp_path, "program", "x") / "program"
    script.write_text('#!/bin/sh\n{ pwd; echo "$1"; echo "$2" "$PGDATA"; id -u; } > "$1/out"\nexit 3\n')
    ran = programs.run([script, programs.DATA, f"-l{programs.DATA}/log"], folder)
    pwd, data, log, user = (folder / "out").read_text().splitlines()
    assert (ran.returncode, pwd, int(user)) == (3, "/", folder.stat().st_uid)
    assert data.startswith("/proc/self/fd/")
    assert log == f"-l{data}/log {data}"


IDS = f"{{ id -u; id -g; id -G; }} > {programs.DATA}/out"


@as_root
@pytest.mark.parametrize(("who", "ids"), [(0, [str(NOBODY)] * 3), (1, ["0", "0", "0 4242"])])
def test_root_runs_a_program_as_the_folders_owner_alone_and_another_user_as_itself(tmp_path, monkeypatch, who, ids):
    os.chown(tmp_path, NOBODY, NOBODY)
    monkeypatch.setattr(os, "geteuid", lambda: who)
    before = os.getgroups()
    os.setgroups([0, 4242])
    try:
        assert programs.run([Path("/bin/sh"), "-c", IDS], tmp_path).returncode == 0
    finally:
        os.setgroups(before)
    assert (tmp_path / "out").read_text().splitlines() == ids


@as_root
@pytest.mark.parametrize(("who", "where"), [(0, "copies"), (1, "closed")])
def test_only_root_runs_a_copy(closed, tmp_path, monkeypatch, who, where):
    closed.write_text('#!/bin/sh\necho "$0" > "$1/out"\n')
    closed.chmod(0o755)
    os.chown(tmp_path, NOBODY, NOBODY)
    monkeypatch.setattr(os, "geteuid", lambda: who)
    assert programs.run([closed, programs.DATA], tmp_path).returncode == 0
    assert Path((tmp_path / "out").read_text().strip()).is_relative_to(programs.COPIES.with_name(where))
