"""Every documented way of starting Prefect calls no other host: its packets are watched in a network namespace."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT
from tests.support.way_out import WAY_OUT, is_here

pytestmark = pytest.mark.skipif(not is_here(), reason="no network namespace is here: needs root, unshare and ip")


def heard(what: str, folder: Path) -> list[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "CI", "DO_NOT"))}
    done = subprocess.run(
        [*WAY_OUT, sys.executable, "-m", "tests.support.watched_network", what, folder],
        cwd=ROOT, env={**kept, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=280, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_watch_hears_a_program_that_asks_for_another_host(tmp_path: Path):
    assert heard("lookup", tmp_path) == ["10.99.0.2:53 example.org"]


def test_server_pool_deployments_worker_and_pages_call_no_other_host(tmp_path: Path):
    shutil.copy(ROOT / "prefect.yaml", tmp_path)
    assert heard("everything", tmp_path) == []


def test_serve_calls_no_other_host_and_its_pages_work_after_a_sign_in(tmp_path: Path):
    assert heard("serve", tmp_path) == []


def test_a_server_started_in_the_checkout_without_our_command_calls_no_other_host(tmp_path: Path):
    shutil.copy(ROOT / "prefect.toml", tmp_path)
    assert heard("server", tmp_path) == []


@pytest.mark.parametrize("option", ["--background", "--workers=2"])
def test_a_server_whose_pages_would_call_out_is_refused(run_cli, option):
    ran = run_cli("prefect", "server", "start", option)
    assert ran.code == 2
    assert "starts no server in the background" in ran.err
