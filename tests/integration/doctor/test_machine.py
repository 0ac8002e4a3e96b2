"""The machine: its data directory, its disk, its time zones and its clock."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from zoneinfo import TZPATH

import pytest
from sqlalchemy import create_engine

from config.days.london import london_day
from flows.clock import moment
from tasks.servers import database as way
from tasks.servers import migrate
from tests.house.source import ROOT
from tests.support.postgres_elsewhere import FAKETIME, WHY_NOT, address, elsewhere
from tests.worlds.installation import NOBODY
from tests.worlds.one_case import OneCase

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can play two users")


@as_root
def test_a_data_directory_of_somebody_else_is_found(at, anyones):
    home = anyones / "home"
    home.mkdir(mode=0o700)
    at.set(HOME=home)
    os.chown(home, NOBODY, NOBODY)
    at.finds("data-directory", "warn", f"belongs to uid {NOBODY}", "as one user")
    os.chown(home, 0, 0)
    at.is_well("data-directory")
    os.seteuid(NOBODY)
    try:
        ((mark, sentence),) = at.alone("data-directory")
    finally:
        os.seteuid(0)
    assert mark == "fail"
    assert f"cannot be written in by the user who runs this, uid {NOBODY}" in sentence


@as_root
def test_a_disk_that_is_nearly_full_is_found(at):
    small = at.folder / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", small], check=False, capture_output=True)
    if mounted.returncode:
        pytest.skip("this machine forbids mounting a small disk")
    try:
        at.set(DROP=small)
        at.finds("disk", "fail", "The disk of the drop folder", "has 1 MB left, of 1 MB", "make room")
    finally:
        subprocess.run(["umount", small], check=True)
    assert all("drop folder" not in sentence for _, sentence in at.told("disk"))


def _asked(monkeypatch, code, **variables):
    for name, value in variables.items():
        monkeypatch.setenv(name, str(value))
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_zone_without_summer_time_is_found(at, monkeypatch):
    zones = next(Path(folder) for folder in TZPATH if (Path(folder) / "UTC").exists())
    (at.folder / "Europe").mkdir()
    (at.folder / "Europe" / "London").write_bytes((zones / "UTC").read_bytes())
    code = "import sys; from flows.command_line import main; sys.exit(main.run(['doctor']))"
    ran = _asked(monkeypatch, code, PYTHONTZPATH=at.folder)
    assert "fail  time-zone: This machine's data of time zones has no summer time for Europe/London" in ran.stdout
    at.is_well("time-zone")


def test_a_machine_without_time_zones_is_found_before_anything_breaks(at, monkeypatch):
    code = (
        "import sys; sys.modules['tzdata'] = None; from flows.command_line import main; sys.exit(main.run(['doctor']))"
    )
    ran = _asked(monkeypatch, code, PYTHONTZPATH="")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "no data of time zones for Europe/London" in ran.stderr
    assert "install the package tzdata" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_clock_that_is_behind_a_loaded_extract_is_found(at, book):
    book.say("update sources set last_extracted_at = :at", at=moment() + timedelta(minutes=11))
    at.finds("clock", "fail", "This machine's clock shows", "an extract of niche-45", "set the clock right")
    book.say("update sources set last_extracted_at = :at", at=moment() - timedelta(hours=1))
    ((mark, sentence),) = at.told("clock")
    assert mark == "ok"
    assert "no second clock to compare it with" in sentence
    at.set(CLOCK="virtual")
    assert at.told("clock") == [("ok", "A virtual clock is compared with no other.")]


def test_a_round_of_a_day_that_has_not_come_is_found(at, book):
    tomorrow = london_day(moment()) + timedelta(days=1)
    book.say("insert into rounds (force_code, day, began_at, account) values ('45', :day, :at, '{}')",
             day=tomorrow, at=moment())  # fmt: skip
    at.finds("future-rounds", "fail", "Force 45's last round was on", "casebeat undo-rounds")
    book.say("delete from rounds")
    at.is_well("future-rounds")


@pytest.mark.skipif(FAKETIME is None, reason=WHY_NOT)
@pytest.mark.skipif(address() is None, reason="this machine forbids an address that is not loopback")
def test_a_database_elsewhere_whose_clock_differs_and_that_is_not_encrypted_is_found(at, run_cli):
    with elsewhere(address()) as server:
        at.set(DATABASE_URL=server.url, DATABASE_OWNER_URL=None)
        with server.running("+11m"):
            migrate.migrate(server.url)
            engine = create_engine(server.url)
            OneCase(engine, run_cli)
            engine.dispose()
            at.finds("clock", "fail", ", and the database's ", "set the wrong one right")
            at.finds("database-encryption", "fail", "is not encrypted", "sslmode=verify-full")
            at.finds("database-login", "warn", "owns the tables", "give it another login")
            way.close()
        with server.running("+0"):
            at.is_well("clock")
            way.close()
