"""The doctor's sentences about the data directory, and about the disks that have to have room."""

import os
from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from config.settings import settings
from tasks.rounds.doctor import disk
from tasks.rounds.doctor.check import warn


@pytest.fixture
def home(put):
    settings().home.mkdir()
    return settings().home


def test_a_data_directory_of_ours_or_one_that_can_be_made_is_well(found, home):
    assert found(disk, "data-directory") == []
    home.rmdir()
    assert found(disk, "data-directory") == []


def test_a_data_directory_that_is_a_file_or_may_not_be_written_is_wrong(found, home, monkeypatch):
    home.rmdir()
    home.touch(mode=0o755)
    ((mark, sentence),) = found(disk, "data-directory")
    assert (mark, f"{home} cannot be written in" in sentence) == ("fail", True)
    home.unlink()
    home.mkdir()
    monkeypatch.setattr(os, "access", lambda _, mode, **__: mode == os.F_OK)
    assert [mark for mark, _ in found(disk, "data-directory")] == ["fail"]


def test_a_data_directory_of_another_user_wants_a_look_and_one_in_anothers_folder_does_not(found, home, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 4711)
    ((mark, sentence),) = found(disk, "data-directory")
    assert (mark, "this runs as uid 4711" in sentence) == ("warn", True)
    home.rmdir()
    assert found(disk, "data-directory") == []


def test_each_disk_that_is_used_is_measured(found, home, put, tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "room_of", lambda name, place: [warn(f"{name} {place}")])
    assert found(disk, "disk") == [("warn", f"data directory {home}")]
    put(DROP=tmp_path / "drop" / "folder")
    assert found(disk, "disk")[1] == ("warn", f"drop folder {tmp_path}"), "the nearest folder that is there"


def test_a_machine_without_londons_summer_time_is_wrong(found, monkeypatch):
    assert found(disk, "time-zone") == []
    for zone in (UTC, ZoneInfo("Europe/Paris")):
        monkeypatch.setattr(disk, "LONDON", zone)
        ((mark, sentence),) = found(disk, "time-zone")
        assert (mark, "no summer time for Europe/London" in sentence) == ("fail", True)
