"""`casebeat serve`: one command starts the installation, keeps it running, and ends it; switches of operations stay."""

import json
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
import urllib.request
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest
from sqlalchemy import create_engine

from tasks.servers import postgres
from tasks.servers.postgres_programs import postmaster
from tests.faults.waiting import eventually
from tests.support.prepared import prepare
from tests.support.processes import gone, processes_that_name
from tests.support.served import COMMAND, Served
from tests.support.slack_socket import SlackSocket
from tests.support.slack_stand_in import BOT, SlackStandIn
from tests.worlds.rows import World

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(900)]  # dozens of processes one after another


@pytest.fixture(scope="module")
def served():
    """One installation, from its first start to the last: each test goes on where the one before it ended."""
    with data_directory() as made:
        made.more = {"CASEBEAT_LOGS__FORM": "json"}
        yield made


@pytest.fixture
def another():
    """An installation of a test alone."""
    with data_directory() as made:
        yield made


@contextmanager
def data_directory():
    made = Served()
    yield made
    if made.process is not None and made.process.poll() is None:
        made.process.kill()
        made.process.wait()
        assert gone(made.home)
    made.ending.close()
    postgres.stop(made.home)
    shutil.rmtree(made.home)


def running(served: Served) -> None:
    """Begin the installation, unless the test before left it running."""
    if served.process is None or served.process.poll() is not None:
        served.begin()


def refused(request: urllib.request.Request) -> int:
    with pytest.raises(HTTPError) as error:
        urllib.request.urlopen(request, timeout=10)  # noqa: S310
    error.value.close()
    return error.value.code


def test_one_command_starts_everything_behind_a_sign_in(served):
    running(served)
    lines = [line for line in served.said.splitlines() if "Waiting for the Prefect server" not in line]
    assert [line.split(":")[0] for line in lines] == [
        "PostgreSQL", "Prefect", "Deployments", "Worker", "Auditor", "Health", "Logs"
    ]  # fmt: skip
    file = served.home / "prefect-sign-in"
    assert lines[1] == f"Prefect: http://127.0.0.1:{served.port}; its sign-in is {file}."
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    password = file.read_text().strip().partition(":")[2]
    assert len(password) >= 48

    asked = urllib.request.Request(f"{served.api.url}/deployments/filter", data=b"{}", method="POST")  # noqa: S310
    asked.add_header("Content-Type", "application/json")
    assert refused(asked) in {401, 403}
    asked.add_header("Authorization", "Basic Y2FzZWJlYXQ6Z3Vlc3NlZA==")
    assert refused(asked) in {401, 403}
    foreign = urllib.request.Request(f"{served.api.url}/health", headers={"Origin": "https://example.org"})  # noqa: S310
    with urllib.request.urlopen(foreign, timeout=10) as answer:  # noqa: S310
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "127.0.0.1" in answer.headers["Content-Security-Policy"]
    names = {one["name"] for one in served.api.ask("POST", "deployments/filter", {})}
    assert {"daily-round", "intake", "delivery"} <= names
    assert "listen" not in names

    eventually(lambda: served.looks("/ready") == 200)
    assert served.looks("/metrics") == 200

    second = served.ran("serve")
    assert (second.returncode, second.stdout) == (2, "")
    assert second.stderr == (
        f"casebeat: casebeat serve runs on {served.home} already, as process {served.process.pid}: one is enough. "
        "Nothing was done.\n"
    )
    listed = served.ran("prefect", "deployment", "ls")
    assert listed.returncode == 0, listed.stderr
    assert "daily-round/daily-round" in listed.stdout


def test_what_operations_switched_stays_when_it_is_deployed_again_or_one_signal_ended_it(served):
    running(served)
    assert "enum" not in offered_by(served, "acknowledge")
    _somebody(served.home)
    before = served.api.ask("POST", "deployments/filter", {})
    assert all(schedule["active"] for each in before for schedule in each["schedules"]), "new ones are active"
    daily = served.api.ask("GET", "deployments/name/daily-round/daily-round")
    path = f"deployments/{daily['id']}/schedules/{daily['schedules'][0]['id']}"
    served.api.ask("PATCH", path, {"active": False})
    served.api.ask("PATCH", "work_pools/casebeat", {"is_paused": True, "concurrency_limit": 3})
    listen = {"name": "listen", "flow_id": served.api.ask("POST", "flows/", {"name": "listen"})["id"]}
    served.api.ask("POST", "deployments/", listen)

    deployed = subprocess.run(
        [*COMMAND, "prefect", "--no-prompt", "deploy", "--all"], env=served.environment, cwd=Path(__file__).parents[2],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    assert switches(served) == (False, True, 3)
    after = served.api.ask("POST", "deployments/filter", {})
    assert sorted(each["id"] for each in after) == sorted(each["id"] for each in before), "each once, and no listen"

    served.api.ask("PATCH", "work_pools/casebeat", {"is_paused": False})
    intake = served.api.ask("GET", "deployments/name/intake/intake")
    asked = served.api.ask("POST", f"deployments/{intake['id']}/create_flow_run", {})
    run = f"flow_runs/{asked['id']}"
    eventually(lambda: served.api.ask("GET", run)["state_type"] in {"PENDING", "RUNNING"})
    assert served.end(signal.SIGTERM) == 0
    waited = re.search(r"Waiting for runs in progress \((\d+)\), at most 2 minutes\.", served.said)
    assert waited
    assert int(waited[1]) >= 1, "it, and whatever was due in that minute"
    everything_has_ended(served)

    served.begin()
    assert switches(served) == (False, False, 3), "its own pause ends with the next start"
    assert served.api.ask("GET", run)["state_type"] in {"COMPLETED", "FAILED"}, "it was not cut off"
    for form in ("acknowledge", "undo-move"):
        assert offered_by(served, form)["enum"] == ["SP1"], "although no run has ended"
    again = served.api.ask("GET", "deployments/name/daily-round/daily-round")
    assert again["schedules"][0]["id"] == daily["schedules"][0]["id"]


def everything_has_ended(served: Served) -> None:
    """See that no process is left, and that each program logged in one form, and no sign-in."""
    assert served.said.endswith("Everything has ended.\n")
    assert processes_that_name(served.home) == []
    assert postmaster(served.home / "postgres") is None
    logs = b"".join(path.read_bytes() for path in (served.home / "prefect").glob("*.log"))
    password = (served.home / "prefect-sign-in").read_text().strip().partition(":")[2]
    assert password.encode() not in logs + served.output.read_bytes()
    lines = [json.loads(line) for line in logs.splitlines()]
    assert {"server", "worker", "health"} <= {line["program"] for line in lines}
    assert all(datetime.fromisoformat(line["time"]).tzinfo for line in lines)


def _somebody(home: Path) -> None:
    """Give the book a SPOC."""
    engine = create_engine(postgres.url(home))
    with engine.begin() as connection:
        World(connection).contact("SP1", roles=("spoc",))
    engine.dispose()


def offered_by(served: Served, form: str) -> dict[str, Any]:
    """The field *By* of a form as its server describes it."""
    return served.api.ask("GET", f"deployments/name/{form}/{form}")["parameter_openapi_schema"]["properties"]["by"]


def switches(served: Served) -> tuple[bool, bool, int]:
    daily = served.api.ask("GET", "deployments/name/daily-round/daily-round")
    pool = served.api.ask("GET", "work_pools/casebeat")
    return daily["schedules"][0]["active"], pool["is_paused"], pool["concurrency_limit"]


def strike(served: Served, program: str) -> float:
    """Kill a program, wait until another does its work, and return how many seconds that took."""
    before, log = served.pid(program), (served.home / "prefect" / "worker.log").stat().st_size
    struck = time.monotonic()
    os.kill(before, signal.SIGKILL)
    served.says(f"The {program} ended (killed by SIGKILL); it is started again at once.", within=10)
    eventually(lambda: served.pid(program) not in {None, before})
    eventually(served.is_healthy if program == "server" else lambda: served.worker_started(log))
    return round(time.monotonic() - struck, 1)


def test_each_program_that_is_killed_is_started_again_and_so_is_serve_itself(served, record_property):
    running(served)
    for program in ("server", "worker"):
        record_property(f"{program} back after", strike(served, program))
    before, struck = postmaster(served.home / "postgres"), time.monotonic()
    os.kill(before, signal.SIGKILL)
    served.says("PostgreSQL had ended; it was started again.", within=60)
    eventually(served.answers)
    record_property("PostgreSQL back after", round(time.monotonic() - struck, 1))

    served.api.ask("PATCH", "work_pools/casebeat", {"is_paused": True})
    served.process.kill()
    served.process.wait()
    struck = time.monotonic()
    served.begin()  # while its programs are still ending
    record_property("serve back after", round(time.monotonic() - struck, 1))
    assert served.is_healthy()
    served.process.kill()  # the machine
    for line in processes_that_name(served.home):
        os.kill(int(line.split()[0]), signal.SIGKILL)
    os.kill(postmaster(served.home / "postgres"), signal.SIGKILL)
    served.process.wait()
    served.begin()
    assert served.is_healthy()
    assert served.api.ask("GET", "work_pools/casebeat")["is_paused"], "as operations had it"


def test_a_second_signal_ends_it_at_once(served):
    running(served)
    os.kill(served.pid("server"), signal.SIGSTOP)  # it does not answer, and the first signal waits for it
    served.process.send_signal(signal.SIGINT)
    time.sleep(1)
    assert served.process.poll() is None
    stopped = served.pid("server")
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(5) == 128 + signal.SIGINT
    assert re.search(r"^casebeat: ended at once", served.said, re.MULTILINE)
    os.kill(stopped, signal.SIGCONT)
    assert gone(served.home)


def test_a_signal_while_it_starts_ends_what_had_started(served):
    served.begin(wait=False)
    served.says("PostgreSQL: embedded")
    assert served.end(signal.SIGTERM) == 128 + signal.SIGTERM
    assert gone(served.home)
    assert postmaster(served.home / "postgres") is None


def test_with_databases_of_its_own_and_slacks_buttons_it_starts_a_listener_and_no_postgresql(another):
    other = Path(tempfile.mkdtemp(prefix="casebeat-tests-"))
    prepare(other, prefect=True)
    postgres.start(other)
    another.more = {
        "CASEBEAT_DATABASE_URL": postgres.url(other, role="casebeat_owner"),
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": postgres.prefect_url(other),
    }
    slack = another.ending.enter_context(SlackStandIn())
    socket = another.ending.enter_context(SlackSocket(slack))
    for name, value in {"TOKEN": slack.token, "APP_TOKEN": slack.app_token, "TEAM": BOT["team"], "APP": BOT["app_id"],
                        "BASE_URL": slack.base_url, "STAND_IN": "yes"}.items():  # fmt: skip
        another.more[f"CASEBEAT_SLACK__{name}"] = value
    try:
        another.begin()
        socket.connected(60)
        os.kill(another.pid("listener"), signal.SIGKILL)
        another.says("The listener ended (killed by SIGKILL); it is started again at once.", within=10)
        eventually(lambda: socket.greetings == 2)
        assert another.said.startswith("PostgreSQL: yours, of CASEBEAT_DATABASE_URL; the tables are at revision ")
        assert "First start: nothing leaves yet. casebeat doctor --first looks at everything" in another.said
        assert another.answers()
        assert not (another.home / "postgres").exists()
        assert another.end() == 0
        assert postmaster(other / "postgres"), "it is not served's to end"
    finally:
        postgres.stop(other)
        shutil.rmtree(other)


def test_a_taken_port_is_named_and_nothing_is_started(another):
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", another.port))
        other.listen()
        ran = another.ran("serve")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert f"Port {another.port} of this machine is taken by another program" in ran.stderr
    assert not (another.home / "postgres").exists()
