"""An act by a form keeps the run of Prefect in which it was done."""

import json
import subprocess
import sys

import pytest

pytestmark = pytest.mark.prefect
RUN = """from prefect import flow
from flows.form_run import by_form

@flow(name="a-form", flow_run_name="a-form")
def a_form():
    return list(by_form("P45-SPOC1"))

import json
print(json.dumps(a_form()))
"""


def test_the_run_is_kept_since_prefect_passes_no_sign_in_on(prefect):
    ran = subprocess.run(
        [sys.executable, "-c", RUN], env={**prefect.told, "PATH": "/usr/bin:/bin"}, capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    by, door, through = json.loads(ran.stdout.splitlines()[-1])
    assert (by, door) == ("P45-SPOC1", "form")
    assert [run["name"] for run in prefect.asked("flow_runs/filter") if run["id"] == through] == ["a-form"]
