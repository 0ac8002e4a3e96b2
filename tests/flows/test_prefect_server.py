"""The Prefect server of the house: it answers while it is needed, and leaves no process."""

import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

import pytest

from tasks.servers import postgres
from tasks.servers.prefect_server import prefect_server
from tests.support.prepared import prepare
from tests.support.processes import gone, processes_that_name

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.prefect


@pytest.fixture
def home():
    made = Path(tempfile.mkdtemp(prefix="casebeat prefect "))
    prepare(made, prefect=True)
    yield made
    postgres.stop(made)
    shutil.rmtree(made)


def test_a_server_answers_while_the_block_runs_and_leaves_no_process(home):
    with prefect_server(home) as api_url:
        assert api_url.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(f"{api_url}/health", timeout=10) as answer:  # noqa: S310
            assert answer.read() == b"true"
        assert processes_that_name(home)
    assert gone(home)


def test_a_server_does_not_outlive_a_caller_that_is_killed_and_holds_none_of_its_pipes(home):
    program = (
        "import sys, os, signal\nfrom pathlib import Path\nfrom tasks.servers.prefect_server import prefect_server\n"
        f"with prefect_server(Path({str(home)!r})) as url:\n"
        "    print(url, flush=True)\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, timeout=120, check=False)
    assert done.returncode == -9, done.stderr
    assert done.stdout.startswith(b"http://127.0.0.1:")
    assert gone(home)
