"""The health door over HTTP: what answers, when it is ready, and that no figure names a case or a person."""

import json
import urllib.request
from urllib.error import HTTPError

import pytest

from flows.clock import moment
from flows.configured import configured
from tasks.rounds.health import door, readiness
from tasks.servers import database as way
from tests.worlds.one_case import PEOPLE, OneCase


@pytest.fixture
def ask(database):
    with door.opened(0, lambda: readiness.look(configured, moment())) as port:

        def asked(path):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
                    return answer.status, answer.read().decode()
            except HTTPError as error:
                with error:
                    return error.code, error.read().decode()

        yield asked


def test_it_lives_is_ready_and_shows_its_figures_by_force_without_any_reference(ask, database, run_cli):
    book = OneCase(database, run_cli)
    assert ask("/health")[0] == 200
    assert ask("/ready") == (200, '{"ready": true, "lacking": {}}\n')
    status, shown = ask("/metrics")
    assert status == 200
    assert 'casebeat_cases_open{force="45"} 1.0\n' in shown
    assert 'casebeat_cases_unseen{force="45"} 1.0\n' in shown
    assert "casebeat_backup_age_seconds" not in shown, "there is nothing to lose yet"
    book.round("Mon 16 Mar 2026")
    assert "casebeat_backup_age_seconds " in ask("/metrics")[1]
    references = [*PEOPLE, *book.ask("select case_ref from cases"), *book.ask("select email from contacts")]
    assert [reference for reference in references if f'"{reference}"' in shown or "@" in shown] == []
    assert ask("/outbox")[0] == 404


def test_without_its_database_it_lives_says_what_is_lacking_and_shows_that_alone(ask, monkeypatch):
    way.close()
    monkeypatch.setenv("CASEBEAT_DATABASE_URL", "postgresql+psycopg2://casebeat@127.0.0.1:9/casebeat")
    assert ask("/health")[0] == 200
    status, answer = ask("/ready")
    assert (status, list(json.loads(answer)["lacking"])) == (503, ["database"])
    status, shown = ask("/metrics")
    assert status == 200
    assert 'casebeat_ready{part="database"} 0.0\n' in shown
    assert "casebeat_cases_open" not in shown


def test_with_a_setting_that_is_refused_it_lives_and_is_not_ready(ask, monkeypatch):
    monkeypatch.setenv("CASEBEAT_POLICY", "/nowhere.yaml")
    assert ask("/health")[0] == 200
    status, answer = ask("/ready")
    assert (status, list(json.loads(answer)["lacking"])) == (503, ["settings"])
