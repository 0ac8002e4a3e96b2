"""`make` lists its targets, and names in a sentence what is missing; also in a folder with a space in its name."""

import re
import shutil
import subprocess

import pytest

from tests.house.source import ROOT

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not here: needs apt-get install make")
TARGETS = {"help", "install", "demo", "test", "faults", "lint", "bench", "mutants", "approve"}


@pytest.fixture
def make(tmp_path):
    folder = tmp_path / "a folder with spaces"
    folder.mkdir()
    for name in ("Makefile", "requirements-dev.txt", "pyproject.toml"):
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


@pytest.mark.parametrize("target", ["demo", "test"])
def test_the_two_commands_install_first_what_is_missing(make, target):
    done = make("--dry-run", target)
    assert done.returncode == 0
    assert "-m venv .venv" in done.stdout
    assert "--require-hashes -r requirements-dev.txt" in done.stdout
