"""Each automation of the file is made once by its name; one that operations switched off stays off."""

import runpy

import pytest
import yaml

from models.errors import Refuse
from tasks.rounds.assurance import automations
from tasks.servers.prefect_api import Api

DECLARED = [one["name"] for one in yaml.safe_load(automations.FILE.read_text("utf-8"))["automations"]]


class Server:
    """A server that knows its deployments, and the automations that were made before."""

    def __init__(self, *, deployed=True, before=()):
        self.deployed, self.before, self.made = deployed, dict(before), []

    def ask(self, method, path, body=None):
        if method == "GET":
            assert path == "deployments/name/tell-operations/tell-operations"
            return {"id": "D1"} if self.deployed else None
        if path == "automations/filter":
            (name,) = body["automations"]["name"]["any_"]
            return [{"id": f"id of {name}", "enabled": self.before[name]}] if name in self.before else []
        return self.made.append((method, path, body))


def test_on_a_new_server_each_is_created_enabled_and_runs_the_deployment():
    server = Server()
    assert automations.apply(server) == len(DECLARED) == len(server.made)
    assert [(method, path, body["name"]) for method, path, body in server.made] == [
        ("POST", "automations/", name) for name in DECLARED
    ]
    assert all(body["enabled"] is True for _, _, body in server.made)
    late = next(body for _, _, body in server.made if body["name"] == "casebeat-late")
    assert late["actions"][0]["deployment_id"] == "D1"
    assert [sorted(part) for part in late["trigger"]["match_related"]] == [
        ["prefect.resource.id", "prefect.resource.role"], ["prefect.resource.name", "prefect.resource.role"],
    ]  # fmt: skip


def test_a_list_in_a_list_is_a_part_of_it():
    badly = next(one for one in automations.resolved(Server(), [{"expect": ["a", ["b", "c"], "d"]}]))
    assert badly == {"expect": ["a", "b", "c", "d"]}


def test_what_is_there_is_updated_and_stays_off_where_it_was_switched_off():
    server = Server(before={DECLARED[0]: False, DECLARED[1]: True})
    automations.apply(server)
    assert [(method, path, body["enabled"]) for method, path, body in server.made[:3]] == [
        ("PUT", f"automations/id of {DECLARED[0]}", False),
        ("PUT", f"automations/id of {DECLARED[1]}", True),
        ("POST", "automations/", True),
    ]


def test_a_deployment_that_is_missing_is_named():
    with pytest.raises(Refuse, match=r"^tell-operations/tell-operations is not deployed: run casebeat prefect"):
        automations.apply(Server(deployed=False))


def test_without_a_server_to_make_them_on_the_module_names_the_setting(monkeypatch):
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    with pytest.raises(SystemExit, match=r"^Set PREFECT_API_URL to the server's API\.$"):
        automations.main()
    with pytest.raises(SystemExit, match=r"^Set PREFECT_API_URL"):
        runpy.run_path(automations.__file__, run_name="__main__")


def test_run_as_a_program_it_counts_what_it_made(monkeypatch, capsys):
    server = Server()
    monkeypatch.setattr(Api, "of_environment", lambda: server)
    automations.main()
    assert capsys.readouterr().out == f"{len(DECLARED)} automations are made.\n"
    assert len(server.made) == len(DECLARED)
