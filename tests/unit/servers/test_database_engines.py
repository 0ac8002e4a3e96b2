"""What becomes of a database's errors and revisions before anything is read, and how its sessions are opened."""

from types import SimpleNamespace

import psycopg2
import pytest

from tasks.servers import database

URL = "postgresql+psycopg2://me@127.0.0.1:1/x"


@pytest.fixture
def put(monkeypatch, tmp_path):
    """Set these settings, and forget every engine before and after."""

    def given(**variables):
        for name, value in variables.items():
            if value is None:
                monkeypatch.delenv(f"CASEBEAT_{name}", raising=False)
            else:
                monkeypatch.setenv(f"CASEBEAT_{name}", str(value))

    given(HOME=tmp_path, DATABASE_URL=None, DATABASE_OWNER_URL=None)
    database.close()
    yield given
    database.close()


def test_the_owner_has_a_url_of_its_own_or_that_of_the_application(put):
    put(DATABASE_URL=URL)
    assert database.owner_url() == database.application_url() == URL
    put(DATABASE_OWNER_URL=f"{URL}2")
    assert (database.owner_url(), database.application_url()) == (f"{URL}2", URL)
    assert str(database.owner_engine().url) == f"{URL}2"


def test_a_running_statement_is_cancelled_and_one_that_has_just_ended_is_no_fault(monkeypatch):
    cancelled = []

    def ended():
        raise psycopg2.OperationalError

    monkeypatch.setattr(
        database, "opened", [SimpleNamespace(cancel=one) for one in (ended, lambda: cancelled.append(1))]
    )
    database.cancel()
    assert cancelled == [1]
