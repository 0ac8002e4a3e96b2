"""As whom PostgreSQL's programs are run, and what root copies for the database's user."""

import os
import stat
import tempfile
from pathlib import Path

import pytest

from models.errors import Refuse
from tasks.servers import postgres_programs as programs
from tests.support.programs import a_program

NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can play two users")


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
def test_an_environment_that_a_link_leads_to_is_judged_where_it_is(closed):
    link = closed.parents[4] / "environment"
    link.symlink_to(closed.parents[3])
    by_link = link / closed.relative_to(closed.parents[3])
    assert reached(by_link).is_relative_to(programs.COPIES)
    closed.parents[3].chmod(0o711)
    assert reached(by_link) == closed


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
