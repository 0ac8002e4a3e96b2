"""Whole files or none, and a data directory that is closed only where it is Casebeat's own."""

import os
import shutil
import stat
from types import SimpleNamespace

import pytest

from models.errors import Refuse
from tasks.platform.home import close_to_others, keep_private, whole_file

MB = 1 << 20


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_has_its_name_once_it_is_whole_and_is_for_this_account_alone(tmp_path):
    with whole_file(tmp_path / "a.zip") as draft:
        draft.write(b"x")
        (there,) = tmp_path.iterdir()
        assert there.name.startswith(".casebeat-")
    assert [path.name for path in tmp_path.iterdir()] == ["a.zip"]
    assert (mode(tmp_path / "a.zip"), (tmp_path / "a.zip").read_bytes()) == (0o600, b"x")


def test_of_a_file_that_is_not_finished_nothing_remains(tmp_path):
    with pytest.raises(ZeroDivisionError), whole_file(tmp_path / "a.zip"):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_or_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"x")
    with pytest.raises(Refuse, match=r"a\.zip is there already"), whole_file(tmp_path / "a.zip"):
        pass
    assert (tmp_path / "a.zip").read_bytes() == b"x"
    with pytest.raises(Refuse, match=r"cannot be written \(No such file"), whole_file(tmp_path / "no" / "a.zip"):
        pass


@pytest.mark.parametrize(("free", "room", "fits"), [(3 * MB, 3 * MB, True), (3 * MB - 1, 3 * MB, False), (0, 0, True)])
def test_a_file_needs_the_room_that_is_asked_for(tmp_path, monkeypatch, free, room, fits):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    if fits:
        with whole_file(tmp_path / "a.zip", *([room] if room else [])):
            pass
        return
    with pytest.raises(Refuse, match="has 2 MB free, and the tables take 3 MB"), whole_file(tmp_path / "a.zip", room):
        pass


@pytest.mark.parametrize("held", [(), ("mail",), ("mail", "other"), ("faults.log",)])
def test_an_open_data_directory_is_closed(tmp_path, held):
    home = tmp_path / "home"
    home.mkdir()
    for name in held:
        (home / name).touch()
    for open_to in (0o755, 0o701, 0o740):
        home.chmod(open_to)
        close_to_others(home)
        assert mode(home) == 0o700


def test_an_open_folder_with_other_files_is_refused_and_a_closed_one_is_left(tmp_path):
    (tmp_path / "other").touch()
    tmp_path.chmod(0o755)
    with pytest.raises(Refuse, match="holds other files"):
        keep_private(tmp_path)
    assert mode(tmp_path) == 0o755
    tmp_path.chmod(0o500)
    keep_private(tmp_path)
    assert mode(tmp_path) == 0o500


def test_a_folder_of_another_user_or_none_is_left_alone(tmp_path, monkeypatch):
    close_to_others(tmp_path / "absent")
    assert not (tmp_path / "absent").exists()
    tmp_path.chmod(0o755)
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    close_to_others(tmp_path)
    assert mode(tmp_path) == 0o755


def test_a_new_data_directory_is_made_with_those_above_it_for_its_user_alone(tmp_path):
    keep_private(tmp_path / "above" / "home")
    keep_private(tmp_path / "above" / "home")
    assert mode(tmp_path / "above" / "home") == 0o700
