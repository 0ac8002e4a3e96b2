import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

from tasks import postgres
from tasks.prefect_server import deploy, prefect_server, worker

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.prefect


@pytest.fixture
def home():
    made = Path(tempfile.mkdtemp(prefix="casebeat prefect "))
    yield made
    postgres.stop(made)
    shutil.rmtree(made)


def processes_that_name(home):
    """The live processes whose environment or command line names this folder, but for PostgreSQL's."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and folder.name != str(os.getpid()):
            try:
                said = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
                name = (folder / "comm").read_text("utf-8").strip()
            except OSError:
                continue
            if str(home).encode() in said and name != "postgres":
                found.append(f"{folder.name} {name}")
    return found


def gone(home, seconds=20):
    deadline = time.monotonic() + seconds
    while processes_that_name(home) and time.monotonic() < deadline:
        time.sleep(0.1)
    return processes_that_name(home) == []


def test_a_server_answers_while_the_block_runs_and_leaves_no_process(home):
    with prefect_server(home) as api_url:
        assert api_url.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(f"{api_url}/health", timeout=10) as answer:  # noqa: S310
            assert answer.read() == b"true"
        assert processes_that_name(home)
    assert gone(home)


def test_the_deployments_are_put_on_the_server_twice_over_and_a_worker_leaves_no_process(home):
    with prefect_server(home) as api_url:
        deploy(home, api_url, ROOT)
        deploy(home, api_url, ROOT)
        asked = urllib.request.Request(  # noqa: S310
            f"{api_url}/deployments/filter", data=b"{}", headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310
            names = [one["name"] for one in json.load(answer)]
        with worker(home, api_url):
            assert any("python" in one or "prefect" in one for one in processes_that_name(home))
    assert sorted(names) == sorted(set(names))
    assert {"daily-round", "intake", "delivery"} <= set(names)
    assert gone(home)


def test_a_server_does_not_outlive_a_caller_that_is_killed_and_holds_none_of_its_pipes(home):
    program = (
        "import sys, os, signal\nfrom pathlib import Path\nfrom tasks.prefect_server import prefect_server\n"
        f"with prefect_server(Path({str(home)!r})) as url:\n"
        "    print(url, flush=True)\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, timeout=120, check=False)
    assert done.returncode == -9, done.stderr
    assert done.stdout.startswith(b"http://127.0.0.1:")
    assert gone(home)
