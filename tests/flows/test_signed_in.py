"""Forms behind a real proxy with a sign-in: each acts in the name of who signed in, and in nobody else's."""

import json
import os
import shutil
from base64 import b64encode
from urllib.request import Request, urlopen

import pytest

from flows.clock import moment
from tests.faults.waiting import eventually
from tests.flows.forms import home_of_two_actions
from tests.support import preloaded
from tests.support.behind_nginx import behind_nginx
from tests.support.casebeat import casebeat
from tests.support.prefect import IDENTITY, worker
from tests.worlds.extracts import a_contact, write

pytestmark = [
    pytest.mark.prefect,
    pytest.mark.timeout(900),  # a server, a worker and its runs
    pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not here: needs apt-get install nginx-light"),
]
ALICE, BOB = "p1@surrey.police.uk", "p2@surrey.police.uk"
HEADER = IDENTITY["CASEBEAT_FORMS__IDENTITY_HEADER"]
EXECUTE = """import os, runpy, sys
os.environ["PREFECT__FLOW_RUN_ID"] = sys.argv[1]
runpy.run_module("prefect.engine", run_name="__main__")
"""  # what a worker's process does
NOT_THEIRS = (
    "By is not the reference of the contact with the e-mail address by which you signed in: a form acts in your own "
    "name alone. Nothing was done."
)
NOBODYS = (
    "Nobody knows who sent this form: it did not come through the sign-in that CASEBEAT_FORMS__IDENTITY_HEADER names. "
    "Open the Prefect UI by the address at which you sign in. Nothing was done."
)
BEGUN_AGAIN = "This form was begun again, and nobody knows by whom"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A book of Alice (P1), who is its officer, and Bob (P2), behind a sign-in that forms are held to."""
    with home_of_two_actions() as made:
        for name, value in {"CASEBEAT_HOME": str(made), "CASEBEAT_FORMS__TRUSTED": "true", **IDENTITY}.items():
            monkeypatch.setenv(name, value)
        people = [a_contact("P1", email=ALICE.title()), a_contact("P2", email=BOB)]
        write(tmp_path / "people", {"contacts.csv": people}, number=2, extracted_at=moment().isoformat())
        ran = casebeat(made, "intake", str(tmp_path / "people"))
        assert ran.returncode == 0, ran.stdout + ran.stderr
        yield made


def test_a_form_acts_in_the_name_of_who_signed_in_at_the_proxy_and_in_nobody_elses(deployed, prefect, home):
    form, api_url = deployed.deployment("complete-action"), prefect.api_url
    path = f"/api/deployments/{form}/create_flow_run"
    with behind_nginx(int(api_url.split(":")[2].split("/")[0]), ALICE, BOB) as proxy:

        def sent_by(person, by, action, headers=None):
            body = {"parameters": {"case": "45/C1", "by": by, "action": action}}
            status, run = proxy.ask(person, "POST", path, body, headers)
            assert status == 201
            return run["id"]

        forged = {"Prefect-Automation-Id": form, "Prefect-Automation-Name": b64encode(b"P1").decode()}
        own = sent_by(ALICE, "P1", "A1")
        others = {
            "another's": sent_by(BOB, "P1", "A2"),
            "with the header": sent_by(BOB, "P1", "A2", {HEADER: ALICE}),
            "past the proxy": sent_past_it(api_url, form),
            "past it, as an automation": sent_past_it(api_url, form, forged),
        }
        became = {how: executed(prefect, run) for how, run in others.items()}
        no_workers = proxy.ask(BOB, "GET", "/api/work_pools/casebeat/workers/connect")[0]
        no_events = proxy.ask(BOB, "GET", "/api/events/in")[0]
        with worker(home, api_url):
            eventually(lambda: told(prefect, own).startswith("A1 of 45/C1 is recorded as done"), within=300)
            again = {"state": {"type": "SCHEDULED", "name": "AwaitingRetry"}, "force": True}
            proxy.ask(BOB, "POST", f"/api/flow_runs/{own}/set_state", again)
            eventually(lambda: told(prefect, own).startswith(BEGUN_AGAIN), within=300)
    kept = json.dumps([prefect.asked("flow_runs/filter"), prefect.asked("artifacts/filter")]).lower()
    doctor = casebeat(home, "doctor", **prefect.told)
    other = casebeat(home, "doctor", **prefect.told, CASEBEAT_FORMS__IDENTITY_HEADER="X-Other")
    assert became.pop("past the proxy") == became.pop("past it, as an automation") == NOBODYS
    assert set(became.values()) == {NOT_THEIRS}
    assert "ok    form-sign-in: The Prefect server keeps who signed in and sent a form." in doctor.stdout
    assert "fail  form-sign-in: The Prefect server reads who signed in from another header" in other.stdout
    assert ALICE not in kept
    assert BOB not in kept
    assert (no_workers, no_events) == (403, 403)


def executed(prefect, run):
    """Execute a run that was sent, and return what its state says."""
    casebeats = {name: value for name, value in os.environ.items() if name.startswith("CASEBEAT_")}
    env = {**prefect.told, **casebeats, "PATH": "/usr/bin:/bin"}
    ran = preloaded.run(EXECUTE, run, env=env)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return told(prefect, run)


def told(prefect, run):
    return prefect.run(run)["state"]["message"] or ""


def sent_past_it(api_url, deployment, headers=None):
    body = json.dumps({"parameters": {"case": "45/C1", "by": "P1", "action": "A2"}}).encode()
    asked = Request(  # noqa: S310  our own loopback URL
        f"{api_url}/deployments/{deployment}/create_flow_run", data=body,
        headers={"Content-Type": "application/json", **(headers or {})},
    )  # fmt: skip
    with urlopen(asked, timeout=30) as answer:  # noqa: S310  as above
        return json.load(answer)["id"]
