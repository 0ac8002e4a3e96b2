"""The last line names and counts each skip; where nothing may be skipped, a skip is a failure."""

import os
import re
import subprocess
import sys

import pytest

from tests.house.source import ROOT

SOME_SKIPPED = """
import pytest
def test_one(): pass
@pytest.mark.skip(reason="OpenSMTPD is not installed")
def test_two(): pass
def test_three(): pytest.skip("Chromium is not installed")
@pytest.mark.xfail(reason="known", strict=True)
def test_four(): assert False
"""


@pytest.fixture
def run(tmp_path):
    (tmp_path / "test_some.py").write_text(SOME_SKIPPED)

    def running(**env):
        clean = {name: value for name, value in os.environ.items() if name != "NO_SKIP"}
        command = [sys.executable, "-m", "pytest", "-p", "tests.plugins.skips", "-p", "no:cacheprovider", "."]
        return subprocess.run(
            command,
            cwd=tmp_path,
            env=clean | {"PYTHONPATH": str(ROOT)} | env,
            capture_output=True,
            text=True,
            check=False,
        )

    return running


def test_the_last_line_counts_and_names_what_was_skipped(run):
    done = run()
    assert done.returncode == 0, done.stdout
    last = done.stdout.splitlines()[-1]
    assert last.startswith("2 skipped for want of what pip cannot give: ")
    assert "OpenSMTPD is not installed (1)" in last
    assert "Chromium is not installed (1)" in last


def test_a_skip_fails_where_nothing_may_be_skipped(run):
    done = run(NO_SKIP="1")
    assert done.returncode == 1
    assert "1 passed" in done.stdout.splitlines()[-1]
    assert "1 failed" in done.stdout.splitlines()[-1]  # the one that skipped itself
    assert "1 error" in done.stdout.splitlines()[-1]  # the one marked to be skipped
    assert "skipped where nothing may be skipped (NO_SKIP=1): OpenSMTPD is not installed" in done.stdout


def test_what_the_machine_forbids_is_named_and_fails_nowhere(run, tmp_path):
    (tmp_path / "test_some.py").write_text(
        'import pytest\ndef test_one(): pytest.skip("this machine forbids mounting a small disk")\n'
    )
    done = run(NO_SKIP="1")
    assert done.returncode == 0, done.stdout
    assert "this machine forbids mounting a small disk (1)" in done.stdout.splitlines()[-1]


def test_ci_installs_every_package_that_a_skip_asks_for():
    said = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("*.py"))
    asked = set(re.findall(r"needs (?:root and )?apt-get install ([a-z-]+)", said))
    assert asked >= {"make", "opensmtpd", "dovecot-imapd", "postgresql"}
    assert asked <= set(re.findall(r"wanted\+=\(([a-z0-9-]+)\)", (ROOT / ".ci" / "run").read_text("utf-8")))
