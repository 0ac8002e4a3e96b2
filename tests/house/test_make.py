"""`make` lists its targets, and names in a sentence what is missing; also in a folder with a space in its name."""

import re
import shutil
import subprocess

import pytest

from tests.house.source import ROOT

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not here: needs apt-get install make")
TARGETS = {"help", "install", "develop", "demo", "test", "faults", "lint", "bench", "mutants", "approve"}


@pytest.fixture
def make(tmp_path):
    folder = tmp_path / "a folder with spaces"
    folder.mkdir()
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)

    def run(*arguments):
        return subprocess.run(["make", *arguments], cwd=folder, capture_output=True, text=True, check=False)

    return run


def test_make_alone_says_what_there_is(make):
    done = make()
    assert done.returncode == 0
    assert set(re.findall(r"^  make ([a-z]+)", done.stdout, re.MULTILINE)) >= TARGETS


def test_no_python_at_all_is_said_in_a_sentence(make):
    done = make("install", "PYTHON=")
    assert done.returncode == 2
    assert "Casebeat needs Python 3.11 or later and found none." in done.stderr
    assert "make install PYTHON=/path/to/python3" in done.stderr


def test_a_python_that_is_too_old_is_named(make, tmp_path):
    old = tmp_path / "old python"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = make("install", f"PYTHON={old}")
    assert done.returncode == 2
    assert f"{old} is older than Python 3.11." in done.stderr


def test_an_installation_is_the_lock_of_what_runs(make):
    done = make("--dry-run", "install")
    assert done.returncode == 0
    assert "-m venv .venv" in done.stdout
    assert re.findall(r"install .*--require-hashes -r (\S+)", done.stdout) == ["requirements.txt"]


@pytest.mark.parametrize("target", ["demo", "test", "lint"])
def test_what_develops_adds_the_other_lock_to_the_installation(make, target):
    done = make("--dry-run", target)
    assert done.returncode == 0
    assert re.findall(r"install .*--require-hashes -r (\S+)", done.stdout) == [
        "requirements.txt",
        "requirements-dev.txt",
    ]


def test_the_checkout_is_entered_by_the_locked_setuptools_which_leaves_again(make):
    done = make("--dry-run", "install")
    (lock,) = re.findall(r"^awk .*> (\S+)$", done.stdout, re.MULTILINE)
    written = subprocess.run(
        [shutil.which("sh"), "-c", re.search(r"^awk .*(?= >)", done.stdout, re.MULTILINE)[0]],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert re.match(r"setuptools==\S+ ", written)
    assert written.count("==") == 1
    assert "--hash=sha256:" in written
    assert f"--require-hashes --target .venv/build -r {lock}" in done.stdout
    assert f"rm -rf .venv/build {lock}" in done.stdout
