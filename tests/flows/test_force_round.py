"""A round whose forces two machines share, one of which dies in the middle: network namespaces, the real server."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.house.source import ROOT
from tests.support.way_out import WAY_OUT, is_here

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not is_here(), reason="no network namespace is here: needs root, unshare and ip"),
]


@pytest.fixture(scope="module")
def made():
    """What became of the round."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "CASEBEAT_"))}
    with tempfile.TemporaryDirectory(
        prefix="casebeat-machines-"
    ) as folder:  # not pytest's: PostgreSQL's user enters it
        Path(folder).chmod(0o711)
        done = subprocess.run(
            [*WAY_OUT, "--uts", sys.executable, "-m", "tests.support.two_machines", folder],
            cwd=ROOT, env={**kept, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=580, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_the_machines_share_the_forces_and_the_one_that_lives_ends_what_the_other_had_begun(made):
    first, second = "machine-1", "machine-2"
    assert made["ran"] == {
        "44": [[first], ["Completed"]],
        "45": [[second], ["Completed"]],
        "46": [[second], ["Completed"]],
        "47": [[first, second], ["Crashed", "Completed"]],
    }
    assert made["whole"] == ["Completed"]


def test_rows_and_page_are_those_of_a_round_in_one_process(made):
    assert made["same"] == dict.fromkeys(("rounds", "obligations", "notifications", "messages"), True)
    assert made["page"]


def test_each_letter_left_once(made):
    assert made["letters"]["left"] == made["letters"]["different"] == made["letters"]["twin"] > 0
