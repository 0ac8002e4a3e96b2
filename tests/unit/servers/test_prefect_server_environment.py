"""What the processes of Prefect are started with: server, worker, and the command that `casebeat prefect` becomes."""

import os
import sys
from types import SimpleNamespace

import pytest

from models.errors import Refuse
from tasks.servers import prefect_server
from tasks.servers.prefect_api import Api
from tasks.servers.prefect_server import ALONE, SILENT, become, environment, server_environment

DATABASE = "postgresql+asyncpg://prefect@/prefect"
VACUUM = "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD"


class Became(Exception):
    """The process would be another program by now."""


@pytest.fixture
def became(monkeypatch):
    """The arguments and the environment of the program that this process would become."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    monkeypatch.setattr(os, "environ", kept)
    made = SimpleNamespace(arguments=[], variables={}, own=kept)

    def execve(program, arguments, variables):
        assert program == arguments[0] == sys.executable
        made.arguments, made.variables = arguments[1:], dict(variables)
        raise Became

    monkeypatch.setattr(os, "execve", execve)
    return made


def test_every_process_of_an_installation_asks_its_own_server_and_signs_in_where_that_is_asked(tmp_path):
    made = environment(tmp_path / ".." / tmp_path.name, 4200)
    assert made["PREFECT_API_URL"] == "http://127.0.0.1:4200/api"
    assert made["PREFECT_HOME"] == str(tmp_path / "prefect")
    assert "PREFECT_API_AUTH_STRING" not in made
    assert environment(tmp_path, 4200, "u:p")["PREFECT_API_AUTH_STRING"] == "u:p"


def test_a_server_that_asks_for_a_sign_in_lets_no_page_of_another_origin_act(tmp_path):
    guarded = server_environment(tmp_path, 4200, "u:p", DATABASE)
    assert guarded["PREFECT_SERVER_API_AUTH_STRING"] == "u:p"
    assert guarded["PREFECT_SERVER_CORS_ALLOWED_ORIGINS"] == "http://127.0.0.1:4200"
    assert guarded["PREFECT_SERVER_CSRF_PROTECTION_ENABLED"] == "true"
    opened = server_environment(tmp_path, 4200, None, DATABASE)
    assert not {name for name in guarded if name not in opened} - {
        "PREFECT_API_AUTH_STRING", "PREFECT_SERVER_API_AUTH_STRING", "PREFECT_SERVER_CORS_ALLOWED_ORIGINS",
        "PREFECT_SERVER_CSRF_PROTECTION_ENABLED",
    }  # fmt: skip
    assert "PREFECT_SERVER_API_AUTH_STRING" not in opened


def test_a_server_is_on_loopback_alone_and_keeps_runs_for_the_days_of_the_settings(tmp_path, monkeypatch):
    monkeypatch.setenv("CASEBEAT_SERVER__KEEP_DAYS", "3")
    made = server_environment(tmp_path, 4200, None, DATABASE)
    assert (made["PREFECT_SERVER_API_HOST"], made["PREFECT_SERVER_API_PORT"]) == ("127.0.0.1", "4200")
    assert made["PREFECT_SERVER_DATABASE_CONNECTION_URL"] == DATABASE
    assert made[VACUUM] == "259200"
    assert made.items() >= ALONE.items()


def test_a_command_becomes_prefect_and_asks_the_installations_server(tmp_path, became):
    with pytest.raises(Became):
        become(["flow-run", "ls"], tmp_path, 4200, "u:p")
    assert became.arguments == ["-m", "tasks.servers.prefect_program", "flow-run", "ls"]
    assert became.variables["PREFECT_API_URL"] == "http://127.0.0.1:4200/api"
    assert became.variables["PREFECT_API_AUTH_STRING"] == "u:p"
    assert became.variables.items() >= SILENT.items()
    assert VACUUM not in became.variables
    assert "https_proxy" not in became.variables or became.variables["https_proxy"] != ALONE["https_proxy"]


def test_a_command_asks_the_server_that_the_caller_names_or_none_without_a_sign_in(tmp_path, became):
    with pytest.raises(Became):
        become(["version"], tmp_path, 4200, None)
    assert "PREFECT_API_URL" not in became.variables
    became.own["PREFECT_API_URL"] = "http://prefect.invalid/api"
    with pytest.raises(Became):
        become(["version"], tmp_path, 4200, "u:p")
    assert became.variables["PREFECT_API_URL"] == "http://prefect.invalid/api"
    assert "PREFECT_API_AUTH_STRING" not in became.variables


def test_a_server_that_is_started_by_hand_calls_nobody_and_deletes_old_runs(tmp_path, became):
    with pytest.raises(Became):
        become(["server", "start"], tmp_path, 4200, "u:p")
    assert became.arguments == ["-m", "tasks.servers.prefect_pages", "server", "start"]
    assert "PREFECT_API_URL" not in became.variables
    assert became.variables.items() >= {**ALONE, "no_proxy": ALONE["no_proxy"]}.items()
    assert int(became.variables[VACUUM]) % 86_400 == 0


@pytest.mark.parametrize("how", ["-b", "--background"])
def test_a_server_in_the_background_is_refused_and_nothing_else_of_that_option(tmp_path, became, how):
    with pytest.raises(Refuse, match="starts no server in the background"):
        become(["server", "start", how], tmp_path, 4200, None)
    with pytest.raises(Became):
        become(["deployment", "run", how], tmp_path, 4200, None)


class Server:
    """A server of Prefect's with some deployments; `away` is what a question to it ends in."""

    def __init__(self, deployed=(), away=None):
        self.deployed, self.away, self.deleted = deployed, away, []

    def ask(self, method, path):
        if self.away:
            raise self.away
        name = path.removeprefix("deployments/name/")
        if method == "DELETE":
            return self.deleted.append(path)
        return {"id": f"id of {name}"} if name in self.deployed else None


@pytest.mark.parametrize(
    ("command", "server", "deleted"),
    [
        ("deploy", {"deployed": ("listen/listen", "daily-round/daily-round")}, ["deployments/id of listen/listen"]),
        ("deploy", {}, []),
        ("deploy", {"away": ConnectionError()}, []),
        ("deploy", None, []),
        ("version", {"deployed": ("listen/listen",)}, []),
    ],
)
def test_a_deployment_of_an_earlier_release_goes_with_a_new_deployment(
    tmp_path, became, monkeypatch, command, server, deleted
):
    server = None if server is None else Server(**server)
    monkeypatch.setattr(Api, "of_environment", lambda: server)
    with pytest.raises(Became):
        become(["--no-prompt", command, "--all"], tmp_path, 4200, None)
    assert (server.deleted if server else []) == deleted


@pytest.mark.parametrize(
    ("out", "err", "last"),
    [("a\nb\n", "", "b"), ("a\n", "x\ny\n\n", "y"), ("", "", "no output"), ("only\n", " \n", "only")],
)
def test_a_command_that_fails_is_refused_with_the_last_line_that_it_wrote(tmp_path, monkeypatch, out, err, last):
    monkeypatch.setattr("subprocess.run", lambda *_, **__: SimpleNamespace(returncode=1, stdout=out, stderr=err))
    with pytest.raises(Refuse, match=f"^prefect work-pool create failed: {last}$"):
        prefect_server.prefect(tmp_path, "http://127.0.0.1:4321/api", "work-pool", "create", "casebeat")
