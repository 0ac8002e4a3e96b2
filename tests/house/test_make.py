"""`make` lists its targets, and names in a sentence what is missing; also in a folder with a space in its name."""

import ast
import re
import shutil
import subprocess

import pytest

from tests.house.source import ROOT

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not here: needs apt-get install make")
TARGETS = {"help", "install", "develop", "demo", "test", "faults", "lint", "bench", "mutants", "approve", "release"}


@pytest.fixture
def make(tmp_path):
    folder = tmp_path / "a folder with spaces"
    folder.mkdir()
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    (folder / "packaging").mkdir()
    shutil.copy(ROOT / "packaging" / "install.py", folder / "packaging")

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


def test_an_installation_is_by_the_script_of_a_release(make):
    done = make("--dry-run", "install", "PYTHON=/a python")
    assert done.returncode == 0
    assert re.findall(r'^"/a python" (.*)$', done.stdout, re.MULTILINE) == ["packaging/install.py"]


def test_the_script_says_to_an_older_python_which_one_it_needs():
    tree = ast.parse((ROOT / "packaging" / "install.py").read_text("utf-8"), feature_version=(3, 6))
    _, first, refusal, *_ = tree.body
    assert ast.unparse(first) == "import sys"
    assert "Casebeat needs Python 3.11 or later" in ast.unparse(refusal)


@pytest.mark.parametrize(("target", "locks"), [("demo", []), ("test", ["requirements-dev.txt"])])
def test_the_demo_needs_an_installation_alone_and_what_develops_the_other_lock_too(make, target, locks):
    done = make("--dry-run", target)
    assert done.returncode == 0
    assert "packaging/install.py" in done.stdout
    assert re.findall(r"install .*--require-hashes -r (\S+)", done.stdout) == locks
