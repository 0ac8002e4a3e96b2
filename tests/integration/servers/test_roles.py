"""A database of one's own: both URLs lead to it, and the application's login does not own its tables."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from config.settings import settings
from tasks.servers import database as way
from tasks.servers import migrate, postgres
from tests.support.copies import as_superuser
from tests.support.ran import Ran

Cli = Callable[..., Ran]


@pytest.fixture
def two(database: Engine, server: Path) -> Iterator[str]:
    """Another database of the same server, migrated too."""
    as_superuser(server, "create database another_book owner casebeat_owner template template0")
    migrate.migrate(postgres.url(server, database="another_book", role="casebeat_owner"))
    yield "another_book"
    way.close()
    as_superuser(server, "drop database another_book with (force)")


def test_urls_of_two_databases_are_refused_and_nothing_is_migrated(
    two: str, server: Path, monkeypatch: pytest.MonkeyPatch, run_cli: Cli
) -> None:
    monkeypatch.setenv("CASEBEAT_DATABASE_URL", postgres.url(server, database=two))
    ran = run_cli("migrate")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("casebeat: CASEBEAT_DATABASE_OWNER_URL and CASEBEAT_DATABASE_URL lead to two databases: ")


def test_a_login_that_owns_the_tables_is_warned_of(
    database: Engine, monkeypatch: pytest.MonkeyPatch, run_cli: Cli
) -> None:
    monkeypatch.setenv("CASEBEAT_DATABASE_URL", str(settings().database_owner_url.get_secret_value()))
    ran = run_cli("migrate")
    assert ran.code == 0
    assert ran.err.startswith(
        "The role of CASEBEAT_DATABASE_URL owns the tables, so that whoever uses it could open the"
    )


@pytest.mark.parametrize("role", ["postgres", "auditor"])
def test_so_is_a_superuser_and_whoever_may_become_the_owner(
    database: Engine, server: Path, monkeypatch: pytest.MonkeyPatch, run_cli: Cli, role: str
) -> None:
    as_superuser(server, "drop role if exists auditor")
    as_superuser(server, "create role auditor login in role casebeat_owner")
    monkeypatch.setenv("CASEBEAT_DATABASE_URL", str(database.url).replace("casebeat_app", role))
    ran = run_cli("migrate", "--json")
    assert (ran.code, len(json.loads(ran.out)["warnings"])) == (0, 1)
    way.close()
    as_superuser(server, "drop role auditor")


def test_a_login_that_is_not_there_yet_is_warned_of(
    database: Engine, monkeypatch: pytest.MonkeyPatch, run_cli: Cli
) -> None:
    monkeypatch.setenv("CASEBEAT_DATABASE_URL", str(database.url).replace("casebeat_app", "somebody"))
    ran = run_cli("migrate")
    assert ran.code == 0
    assert ran.err.startswith("CASEBEAT_DATABASE_URL cannot be used yet: is its role there")


def test_the_applications_own_role_is_no_warning(database: Engine, run_cli: Cli) -> None:
    assert json.loads(run_cli("migrate", "--json").out)["warnings"] == []
