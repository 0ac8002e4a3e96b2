"""The doctor's sentences about a Prefect server, by what that answers; a real one is in `tests/flows`."""

import os
from datetime import UTC, datetime
from http.client import HTTPMessage
from importlib.metadata import version
from urllib.error import HTTPError

import pytest
import yaml

from flows.configured import configured
from tasks.rounds.assurance import automations, prefect_state
from tasks.rounds.doctor import prefect
from tasks.rounds.doctor.check import Mark
from tasks.servers import signed_in
from tasks.servers.prefect_api import Api

NOW = datetime(2026, 3, 17, 9, tzinfo=UTC)
HERE, THERE = "http://127.0.0.1:4200/api", "https://prefect.surrey.police.uk/api"
CLOSED = {"variables": {"additionalProperties": False}}
POOL = {
    "is_paused": False,
    "status": "READY",
    "type": "process",
    "base_job_template": CLOSED,
    "concurrency_limit": None,
}
QUIET = {"server": {"analytics_enabled": False}, "home": "/no/such/folder"}
WANTED = {each["name"]: each for each in yaml.safe_load(prefect.FILE.read_text("utf-8"))["deployments"]}

AUTOMATIONS = automations.names()
ALL_ON = [{"name": name, "enabled": True} for name in AUTOMATIONS]


def refusal(code):
    return HTTPError("u", code, "no", HTTPMessage(), None)


def deployment(name, **changed):
    kept = {"entrypoint": WANTED[name]["entrypoint"], "description": WANTED[name]["description"]}
    return {**kept, "paused": False, "schedules": [{"active": True}], **changed}


def looked(name):
    (check,) = [each for each in prefect.CHECKS if each.name == name]
    return [(one.mark, one.sentence) for one in check.look(configured(), NOW)]


class Server(Api):
    """A server that answers by the end of a path; an error as an answer is raised."""

    answers_by_path: dict[str, object]
    told: str | None = None

    def tells(self, header):
        assert header == signed_in.TOLD
        return self.told

    def ask(self, method, path, body=None):
        if method == "POST":
            assert (path, body) == ("automations/filter", {"automations": {"name": {"any_": AUTOMATIONS}}})
            return self.answers_by_path["automations"]
        assert (method, body) == ("GET", None)
        found = self.answers_by_path[path.rpartition("/")[2]]
        if isinstance(found, Exception):
            raise found
        return found


@pytest.fixture
def found(monkeypatch):
    """Set up the server's answers, and return the marks and sentences of one check."""

    def of(name, url=HERE, *, at=NOW, **answers):
        ours = {"version": version("prefect"), "settings": QUIET, "casebeat": POOL, "automations": ALL_ON}
        Server.answers_by_path = {**ours, **{each: deployment(each) for each in WANTED}, **answers}
        monkeypatch.setattr(prefect_state, "server", lambda _: Server(url))
        monkeypatch.setattr(prefect, "Api", Server)
        (check,) = [each for each in prefect.CHECKS if each.name == name]
        return [(one.mark, one.sentence) for one in check.look(configured(), at)]

    return of


@pytest.fixture
def with_setting(monkeypatch):
    def put(name, value):
        monkeypatch.setenv(f"CASEBEAT_{name}", value)

    return put


@pytest.mark.parametrize("check", [each.name for each in prefect.CHECKS])
def test_of_a_server_in_order_nothing_is_wrong(found, check):
    assert [mark for mark, _ in found(check, version=version("prefect")) if mark is not Mark.OK] == []


def test_a_server_that_refuses_the_sign_in_is_away_or_of_another_version(found):
    ((mark, sentence),) = found("prefect-server", version=refusal(401))
    assert (mark, "refuses the sign-in" in sentence) == (Mark.FAIL, True)
    ((mark, sentence),) = found("prefect-server", version=ConnectionRefusedError())
    assert (mark, sentence.partition(" (")[0]) == (Mark.FAIL, f"No Prefect server answers at {HERE}")
    ((mark, sentence),) = found("prefect-server", version="2.0.0")
    assert (mark, sentence.partition(",")[0]) == (Mark.WARN, "The Prefect server is of version 2.0.0")
    with pytest.raises(HTTPError):
        found("prefect-server", version=refusal(500))


def test_trusted_forms_need_a_sign_in_and_most_where_others_reach_the_server(found, with_setting):
    with_setting("FORMS__TRUSTED", "true")
    assert found("sign-in", version=refusal(401)) == []
    assert [mark for mark, _ in found("sign-in")] == [Mark.WARN]
    assert [mark for mark, _ in found("sign-in", THERE)] == [Mark.FAIL]
    with pytest.raises(HTTPError):
        found("sign-in", version=refusal(500))
    with_setting("FORMS__TRUSTED", "false")
    ((mark, sentence),) = found("sign-in", THERE)
    assert (mark, "asks for no sign-in, and no form acts" in sentence) == (Mark.OK, True)


@pytest.mark.parametrize(
    ("reads", "words"),
    [
        (None, "does not keep who signed in"),
        ("X-Other", "from another header, or with another signing secret"),
        ("X-SIGNED-IN", None),
    ],
)
def test_a_server_that_does_not_keep_who_signed_in_is_found_where_forms_are_held_to_it(
    found, with_setting, monkeypatch, reads, words
):
    monkeypatch.setattr(Server, "told", reads and signed_in.mark_of_header(reads))
    with_setting("FORMS__IDENTITY_HEADER", "X-Signed-In")
    assert [mark for mark, _ in found("form-sign-in")] == [Mark.OK], "no form acts"
    with_setting("FORMS__TRUSTED", "true")
    told = found("form-sign-in")
    assert [(mark, words in sentence) for mark, sentence in told] == ([(Mark.FAIL, True)] if words else [])


def test_a_server_that_reports_to_its_makers_is_found(found):
    ((mark, sentence),) = found("prefect-settings", settings={**QUIET, "server": {"analytics_enabled": True}})
    assert (mark, "reports to its makers" in sentence) == (Mark.FAIL, True)


@pytest.mark.parametrize("name", ["prefect.db", "prefect.db-wal"])
@pytest.mark.parametrize(("ago", "url", "sqlite"), [(3599, HERE, True), (3600, HERE, False), (10, THERE, False)])
def test_a_server_of_this_machine_that_wrote_its_sqlite_file_within_the_hour_is_found(
    found, tmp_path, name, ago, url, sqlite
):
    (tmp_path / name).touch()
    os.utime(tmp_path / name, (NOW.timestamp() - ago,) * 2)
    told = found("prefect-settings", url, settings={**QUIET, "home": str(tmp_path)})
    assert ["keeps its runs in SQLite" in sentence for _, sentence in told] == [True] * sqlite


@pytest.mark.parametrize(
    ("pool", "words"),
    [
        (None, "has no work pool casebeat"),
        ({**POOL, "is_paused": True}, "The work pool casebeat is paused"),
        ({**POOL, "status": "NOT_READY"}, "No worker serves the work pool casebeat"),
    ],
)
def test_a_pool_that_is_missing_paused_or_without_a_worker_lets_nothing_run(found, pool, words):
    ((mark, sentence),) = found("worker", casebeat=pool)
    assert (mark, words in sentence) == (Mark.FAIL, True)


@pytest.mark.parametrize("template", [{}, {"variables": {}}, {"variables": {"additionalProperties": True}}])
def test_a_template_that_takes_more_than_it_names_is_found(found, template):
    ((mark, sentence),) = found("work-pool", casebeat={**POOL, "base_job_template": template, "type": "docker"})
    assert (mark, "packaging/pools/docker.json" in sentence) == (Mark.WARN, True)


@pytest.mark.parametrize(("shares", "limit", "waits"), [(2, 1, True), (1, 1, False), (2, 2, False), (2, None, False)])
def test_a_pool_with_one_place_is_too_small_for_a_round_that_shares_its_forces(
    found, with_setting, shares, limit, waits
):
    with_setting("SERVER__SHARES", str(shares))
    told = found("work-pool", casebeat={**POOL, "concurrency_limit": limit})
    assert ["waits two minutes" in sentence for _, sentence in told] == [True] * waits
    assert found("work-pool", casebeat=None) == [], "another check names it"


def test_deployments_that_are_missing_or_of_another_version_are_named(found):
    ((mark, sentence),) = found("deployments", delivery=None, intake=None)
    assert (mark, sentence.partition(":")[0]) == (
        Mark.FAIL, "The Prefect server has no deployment delivery, intake",
    )  # fmt: skip
    other = deployment("delivery", entrypoint="elsewhere.py"), deployment("intake", description="Old.")
    ((mark, sentence),) = found("deployments", delivery=other[0], intake=other[1])
    assert (mark, sentence.partition(" are")[0]) == (Mark.WARN, "The deployments delivery, intake")


@pytest.mark.parametrize("off", [{"paused": True}, {"schedules": []}, {"schedules": [{"active": False}]}])
def test_a_schedule_that_is_off_is_wrong_for_the_round_and_wants_a_look_for_others(found, off):
    ((mark, sentence),) = found("deployments", **{"daily-round": deployment("daily-round", **off)})
    assert (mark, sentence.partition(":")[0]) == (Mark.FAIL, "The schedule of daily-round is off")
    ((mark, _),) = found("deployments", delivery=deployment("delivery", **off))
    assert mark is Mark.WARN


@pytest.mark.parametrize("schedules", [None, [], [{"active": False}]])
def test_a_deployment_that_the_file_does_not_schedule_needs_no_schedule(schedules):
    assert not prefect.has_lost_schedule({"schedules": schedules}, deployment("delivery", schedules=[]))
    assert prefect.has_lost_schedule({"schedules": [{}, {"active": False}]}, deployment("delivery", schedules=[]))
    assert not prefect.has_lost_schedule({"schedules": [{}]}, deployment("delivery"))


def test_the_deployments_of_a_flow_are_asked_for_by_both_names(monkeypatch):
    asked = []
    monkeypatch.setattr(Api, "ask", lambda _, __, path: asked.append(path))
    monkeypatch.setattr(prefect_state, "server", lambda _: Api(HERE))
    looked("deployments")
    assert "deployments/name/daily-round/daily-round" in asked
    assert len(asked) == len(WANTED)


def test_without_a_named_server_the_installations_own_is_asked(monkeypatch, with_setting):
    asked = []
    monkeypatch.setattr(Api, "ask", lambda api, *_: asked.append(api.url))
    monkeypatch.setattr(prefect_state, "server", lambda _: None)
    with_setting("SERVER__PORT", "4321")
    looked("automations")
    assert asked == ["http://127.0.0.1:4321/api"]


def test_automations_that_are_missing_or_off_are_named(found):
    first, second, *others = ALL_ON
    ((mark, sentence),) = found("automations", automations=[second, *others])
    assert (mark, f"no automation {first['name']}:" in sentence) == (Mark.WARN, True)
    ((mark, sentence),) = found("automations", automations=[{**first, "enabled": False}, second, *others])
    assert (mark, f"automations {first['name']} are off" in sentence) == (Mark.WARN, True)
