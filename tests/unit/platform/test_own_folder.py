"""`casebeat new`: a force's own folder, which settings, units and people can use as it is."""

import json
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from config.settings import HERE, read
from models.errors import Refuse
from tasks.platform import own_folder
from tests.support.systemd import needs_systemd


@pytest.fixture
def folder(tmp_path):
    to = tmp_path / "our own" / "casebeat"
    own_folder.write_own_folder(to)
    return to


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def sourced(folder):
    """The settings of the folder as a shell takes them."""
    shown = 'set -a; . "$0/casebeat.env"; exec env -0'
    done = subprocess.run(["sh", "-c", shown, str(folder)], env={}, capture_output=True, text=True, check=True)
    return dict(line.split("=", 1) for line in done.stdout.split("\0") if line.startswith("CASEBEAT_"))


def test_the_settings_of_the_folder_are_taken_and_name_its_files(folder, monkeypatch):
    for name, value in sourced(folder).items():
        monkeypatch.setenv(name, value)
    taken = read()
    named = {taken.policy, taken.panels, taken.calendar, taken.drop, taken.sources}
    assert named == {folder / name for name in ("policy.yaml", "panels.yaml", "calendar.yaml", "drop", "sources")}
    assert all(path.exists() for path in named)
    assert taken.mail.host is None


def test_a_secret_of_the_folder_is_taken(folder, monkeypatch):
    (folder / "secrets" / "signing_secret").write_text("s" * 40, "utf-8")
    for name, value in sourced(folder).items():
        monkeypatch.setenv(name, value)
    assert read().signing_secret.get_secret_value() == "s" * 40


@pytest.mark.parametrize("name", ["policy.yaml", "panels.yaml", "calendar.yaml"])
def test_what_a_force_decides_begins_as_it_is_shipped(folder, name):
    assert (folder / name).read_bytes() == (HERE / name).read_bytes()


def test_secrets_and_extracts_are_not_for_everybody(folder):
    assert {mode(folder / name) for name in ("secrets", "drop")} == {0o750}
    assert mode(folder / "casebeat.env") == 0o640
    assert mode(folder / "casebeat") & 0o111


def test_no_path_of_the_folder_leads_to_where_nothing_is(folder):
    texts = [path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()]
    assert [text for text in texts if "/opt/casebeat" in text or "/etc/casebeat" in text] == []
    assert str(own_folder.CHECKOUT) in (folder / "README.md").read_text("utf-8")


@needs_systemd
def test_systemd_understands_the_units_of_a_folder_with_a_space(folder):
    units = sorted(f"./{unit.name}" for unit in (folder / "systemd").iterdir())
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        cwd=folder / "systemd", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_a_unit_runs_the_command_of_a_checkout_with_a_space(tmp_path, monkeypatch):
    checkout = tmp_path / "the checkout"
    shutil.copytree(own_folder.CHECKOUT / "packaging", checkout / "packaging")
    monkeypatch.setattr(own_folder, "CHECKOUT", checkout)
    units = {file.path: file.text for file in own_folder.own_files(tmp_path / "own")}
    assert f'\nExecStart="{checkout}/.venv/bin/casebeat" serve\n' in units["systemd/casebeat.service"]
    assert f"\nWorkingDirectory={checkout}\n" in units["systemd/casebeat.service"]


def test_an_empty_folder_is_taken_and_one_with_a_file_is_not(tmp_path):
    own_folder.write_own_folder(tmp_path / "own")
    (tmp_path / "own" / "policy.yaml").write_text("ours", "utf-8")
    with pytest.raises(Refuse, match="is there already, and is not empty"):
        own_folder.write_own_folder(tmp_path / "own")
    assert (tmp_path / "own" / "policy.yaml").read_text("utf-8") == "ours"
    (tmp_path / "empty").mkdir()
    assert "policy.yaml" in own_folder.write_own_folder(tmp_path / "empty")


@pytest.mark.parametrize("name", ["a%b", 'a"b', "a*b", "a$b", "a\nb"])
def test_a_path_that_a_unit_would_misread_is_refused(tmp_path, name):
    with pytest.raises(Refuse, match="has a character that a unit or a shell would misread"):
        own_folder.write_own_folder(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_the_checkout_is_refused():
    with pytest.raises(Refuse, match="is in the checkout, which an upgrade replaces"):
        own_folder.write_own_folder(own_folder.CHECKOUT / "own")


def test_a_folder_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "rename", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(Refuse, match="cannot be written \\(No space left on device\\)"):
        own_folder.write_own_folder(tmp_path / "own")
    assert list(tmp_path.iterdir()) == []


def test_the_command_tells_what_to_read_first_and_that_units_read_no_home(tmp_path, capsys, monkeypatch):
    from flows.command_line.installation import new  # noqa: PLC0415  the command is imported when it is called
    from flows.command_line.main import run  # noqa: PLC0415  as above

    assert run(["new", str(tmp_path / "own"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["folder"] == str(tmp_path / "own")
    assert {"casebeat.env", "README.md", "systemd/casebeat.service"} <= set(told["files"])
    assert run(["new", str(tmp_path / "own")]) == 2
    assert "is not empty" in capsys.readouterr().err
    monkeypatch.setattr(new, "UNREADABLE", (str(tmp_path), "/root"))
    assert run(["new", str(tmp_path / "other")]) == 0
    assert f"The units cannot read {tmp_path} or /root" in capsys.readouterr().out
