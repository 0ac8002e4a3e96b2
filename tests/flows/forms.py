"""Forms that are filled in through Prefect, and their answers."""

import json
import tempfile
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from flows.clock import moment
from tasks.servers import postgres
from tests.support import preloaded
from tests.support.casebeat import CANARY, casebeat, today
from tests.support.prepared import prepare
from tests.worlds.extracts import a_case, a_contact, an_action, write

WAYS_BACK = {  # each beside the form whose act it takes back
    "undo_completion": "complete_action",
    "undo_move": "convene",
    "undo_review": "record_review",
    "withdraw_acknowledgement": "acknowledge",
}
RUN = """import json, sys
from importlib import import_module
module, name, given = sys.argv[1:]
state = getattr(import_module(module), name)(**json.loads(given), return_state=True)
print("ENDED", json.dumps([state.type.value, state.name, state.message]))
"""


def form(prefect, home, name, *, trusted="true", **given):
    """Fill in a form: the state of its run, by type, name and message."""
    panels = {"CASEBEAT_PANELS": str(home / "panels.yaml")} if (home / "panels.yaml").exists() else {}
    told = {"CASEBEAT_FORMS__TRUSTED": trusted, "CASEBEAT_HOME": str(home), "PATH": "/usr/bin:/bin"}
    words = [f"flows.{WAYS_BACK.get(name, name)}", name, json.dumps(given, default=str)]
    ran = preloaded.run(RUN, *words, env={**prefect.told, **panels, **told}, within=120)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr
    return tuple(json.loads(ran.stdout.rpartition("ENDED ")[2]))


def answers(prefect):
    """The text of each answer, of all forms that were filled in."""
    return [each["data"] for each in prefect.asked("artifacts/filter") if each["key"] == "answer"]


DONE = ("COMPLETED", "Completed")
REFUSED = ("COMPLETED", "Refused")


@contextmanager
def home_of_two_actions(folder):
    """A book of one case with two actions, on the day of the test."""
    with tempfile.TemporaryDirectory(prefix="casebeat-forms-") as made:
        prepare(Path(made))
        early = (today() - timedelta(days=9)).isoformat()
        people = [a_contact("P1", name=f"{CANARY} Person")]
        cases = [a_case("C1", opened_on=early, risk="standard")]
        actions = [an_action(ref, "C1", raised_on=early) for ref in ("A1", "A2")]
        write(folder / "night", {"contacts.csv": people, "cases.csv": cases, "actions.csv": actions},
              extracted_at=moment().isoformat())  # fmt: skip
        ran = casebeat(made, "intake", str(folder / "night"))
        assert ran.returncode == 0, ran.stdout + ran.stderr
        yield Path(made)
        postgres.stop(Path(made))
