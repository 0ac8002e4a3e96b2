"""Forms that are filled in through Prefect, and their answers."""

import atexit
import json
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path

from flows.clock import moment
from tasks.servers import postgres
from tests.support import preloaded
from tests.support.casebeat import CANARY, casebeat, today
from tests.support.prepared import prepare
from tests.worlds.extracts import a_case, a_contact, an_action, write

WAYS_BACK = {  # each beside the form whose act it takes back
    "undo_completion": "complete_action",
    "undo_confirmation": "confirm_risk",
    "undo_move": "convene",
    "undo_review": "record_review",
    "withdraw_acknowledgement": "acknowledge",
}
RUN = """import json, sys
from importlib import import_module
for module, name, given in json.loads(sys.argv[1]):
    state = getattr(import_module(module), name)(**given, return_state=True)
    print("ENDED", json.dumps([state.type.value, state.name, state.message]), flush=True)
"""


def form(prefect, home, name, *, trusted="true", **given):
    """Fill in a form: the state of its run, by type, name and message."""
    (ended,) = forms(prefect, home, (name, given), trusted=trusted)
    return ended


def forms(prefect, home, *filled, trusted="true"):
    """Fill in forms one after the other, each by its name and fields, in one process; the state of each run."""
    panels = {"CASEBEAT_PANELS": str(home / "panels.yaml")} if (home / "panels.yaml").exists() else {}
    told = {"CASEBEAT_FORMS__TRUSTED": trusted, "CASEBEAT_HOME": str(home), "PATH": "/usr/bin:/bin"}
    return ended_flows(filled, {**prefect.told, **panels, **told})


def ended_flows(called, env):
    """Call flows one after the other, each by its name and parameters, in one process; the state of each run."""
    words = json.dumps([(f"flows.{WAYS_BACK.get(name, name)}", name, given) for name, given in called], default=str)
    ran = preloaded.run(RUN, words, env=env, within=600)  # on a busy machine
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr
    told = [line.removeprefix("ENDED ") for line in ran.stdout.splitlines() if line.startswith("ENDED ")]
    return [tuple(json.loads(line)) for line in told]


def answers(prefect):
    """The text of each answer, of all forms that were filled in."""
    return [each["data"] for each in prefect.asked("artifacts/filter") if each["key"] == "answer"]


DONE = ("COMPLETED", "Completed")
REFUSED = ("COMPLETED", "Refused")


@contextmanager
def home_of_two_actions():
    """A book of one case with two actions, on the day of the test."""
    with tempfile.TemporaryDirectory(prefix="casebeat-forms-") as made:
        subprocess.run(["cp", "-a", f"{_loaded()}/.", made], check=True)
        yield Path(made)
        postgres.stop(Path(made))


@cache
def _loaded():
    home = Path(tempfile.mkdtemp(prefix="casebeat-loaded-"))
    atexit.register(shutil.rmtree, home)
    prepare(home)
    early = (today() - timedelta(days=9)).isoformat()
    people = [a_contact("P1", name=f"{CANARY} Person")]
    cases = [a_case("C1", opened_on=early, risk="standard")]
    actions = [an_action(ref, "C1", raised_on=early) for ref in ("A1", "A2")]
    files = {"contacts.csv": people, "cases.csv": cases, "actions.csv": actions}
    ran = casebeat(home, "intake", str(write(home / "night", files, extracted_at=moment().isoformat())))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    postgres.stop(home)
    return home
