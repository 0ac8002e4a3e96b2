"""Access to the database: roles and rights, refusals, and recovery after a lost connection."""

import shutil
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, TextClause, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from models import migrations
from models.errors import Refuse
from models.queries.driver import execute_batch, mapping, scalar, scalars
from models.queries.kept_plans import Kept
from tasks.servers import database as way
from tasks.servers import migrate, postgres
from tests.support.copies import as_superuser

SECRET = "Jane Example"


def test_a_transaction_commits_at_its_end_and_rolls_back_on_an_error(database: Engine) -> None:
    statement = text("insert into switches (name, value, set_at, set_by) values (:name, '', '2026-11-25 08:00Z', 'me')")
    with way.transaction() as connection:
        connection.execute(statement, {"name": "kept"})
    with pytest.raises(ZeroDivisionError):
        _write_and_fail(statement)
    with way.transaction() as connection:
        assert connection.execute(text("select name from switches")).scalars().all() == ["kept"]


def _write_and_fail(statement: TextClause) -> None:
    with way.transaction() as connection:
        connection.execute(statement, {"name": "lost"})
        raise ZeroDivisionError


def test_there_is_one_engine(database: Engine) -> None:
    assert way.engine() is database


@pytest.mark.parametrize(
    ("statement", "pgcode"),
    [
        ("select nothing from nowhere where name = :name", "42P01"),
        ("select cast(:name as integer)", "22P02"),
        ("insert into switches (name, value, set_at, set_by) values (:name, '', clock_timestamp(), null)", "23502"),
    ],
)
def test_no_value_is_in_an_errors_words(connection: Connection, statement: str, pgcode: str) -> None:
    with pytest.raises(DBAPIError) as caught, connection.begin_nested():
        connection.execute(text(statement), {"name": SECRET})
    said = "".join(traceback.format_exception(caught.value))
    assert SECRET not in said
    assert f"pgcode {pgcode}" in said


def test_a_whole_book_has_time_and_a_lock_is_not_waited_for_long(connection: Connection) -> None:
    shown = {
        name: connection.execute(text(f"show {name}")).scalar_one() for name in ("statement_timeout", "lock_timeout")
    }
    assert shown == {"statement_timeout": "15min", "lock_timeout": "30s"}


def test_a_connection_whose_server_side_was_killed_is_replaced(
    database: Engine, superuser: Callable[[str], None]
) -> None:
    with database.connect() as connection:
        pid = connection.execute(text("select pg_backend_pid()")).scalar_one()
    superuser(f"select pg_terminate_backend({pid}, 5000)")
    with database.connect() as connection:
        assert connection.execute(text("select 1")).scalar_one() == 1


def test_what_is_sent_at_one_blow_is_prepared_once_a_connection_and_again_on_the_one_that_replaces_it(
    database: Engine,
) -> None:
    with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for _ in range(2):
            assert scalar(connection, "select count(*) from pg_prepared_statements") == 0
            pid = scalar(connection, "select pg_backend_pid()")
            for number in (2, 3):
                kept = {"idle": ("select %(one)s::text", {"one": "x"})}
                added = ("select %(one)s + %(other)s::bigint", {"other": number, "one": 1})
                assert execute_batch(connection, {**kept, "added": added}) == [(1 + number,)]
            used = "select name, generic_plans + custom_plans as times from pg_prepared_statements"
            assert mapping(connection, "name", "times", used) == {"added": 2, "idle": 2}
            with database.connect() as other:
                assert scalar(other, "select pg_terminate_backend(%s)", (pid,))
            with pytest.raises(OperationalError):
                connection.execute(text("select 1"))
            connection.rollback()


def test_whoever_connects_has_the_applications_rights_only(
    database: Engine, server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mighty = make_url(way.application_url()).set(username="postgres").render_as_string(hide_password=False)
    monkeypatch.setenv("CASEBEAT_DATABASE_URL", mighty)
    with way.engine().begin() as connection:
        assert connection.execute(text("select current_user")).scalar_one() == "casebeat_app"
    with pytest.raises(ProgrammingError), way.engine().begin() as connection:
        connection.execute(text("delete from audit"))


def test_the_reporting_role_reads_and_writes_nothing(database: Engine) -> None:
    url = make_url(way.application_url()).set(username="casebeat_report")
    reporting = create_engine(url, hide_parameters=True)
    with reporting.begin() as connection:
        assert connection.execute(text("select count(*) from cases")).scalar_one() == 0
    with pytest.raises(ProgrammingError), reporting.begin() as connection:
        connection.execute(text("delete from switches"))
    reporting.dispose()


def test_the_application_may_keep_statistics_and_has_rights_on_later_tables(database: Engine) -> None:
    owner = way.owner_engine()
    with owner.begin() as connection:
        connection.execute(text("create table later (id int)"))
    owner.dispose()
    with way.transaction() as connection:
        connection.execute(text("insert into later values (1)"))
        assert connection.execute(text("select count(*) from later")).scalar_one() == 1
        connection.execute(text("analyze later"))
        connection.execute(text("analyze cases"))
        connection.execute(text("create temporary table mine (id int)"))


@pytest.mark.parametrize("where", ["127.0.0.1:1/x", "/x?host=/nowhere"])
def test_a_server_out_of_reach_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, where: str, run_cli: Callable[..., object]
) -> None:
    monkeypatch.setenv("CASEBEAT_DATABASE_URL", f"postgresql+psycopg2://me:hunter2@{where}")
    for attempt in (way.engine, lambda: migrate.migrate(way.owner_url())):
        with pytest.raises(Refuse, match="cannot be reached") as caught:
            attempt()
        assert "hunter2" not in str(caught.value)
    way.close()


@pytest.fixture
def embedded(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty data directory, with no database named."""
    home = Path(tempfile.mkdtemp(prefix="casebeat-tests-"))
    monkeypatch.setenv("CASEBEAT_HOME", str(home))
    monkeypatch.delenv("CASEBEAT_DATABASE_URL", raising=False)
    monkeypatch.delenv("CASEBEAT_DATABASE_OWNER_URL", raising=False)
    yield home
    way.close()
    postgres.stop(home)
    shutil.rmtree(home)


def test_the_first_to_ask_starts_and_migrates_the_embedded_database(embedded: Path) -> None:
    with way.transaction() as connection:
        assert connection.execute(text("select version_num from alembic_version")).scalar_one() == migrations.HEAD
        assert connection.execute(text("select current_user")).scalar_one() == "casebeat_app"


def test_an_empty_database_of_ones_own_is_migrated_by_one_who_may_and_refused_to_one_who_may_not(
    embedded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.start(embedded)
    with pytest.raises(Refuse, match="refused the migration"):
        migrate.migrate(postgres.url(embedded, database="postgres", role="casebeat_report"))
    point_to(monkeypatch, postgres.url(embedded, database="postgres", role="postgres"))
    with pytest.raises(Refuse, match="run casebeat migrate"):
        way.engine()
    assert migrate.migrate(way.owner_url()) == "none"
    with way.transaction() as connection:
        assert connection.execute(text("select current_user")).scalar_one() == "casebeat_app"


def test_on_a_server_of_ones_own_an_owner_who_may_create_roles_is_enough(
    embedded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgres.start(embedded)
    for statement in (
        "drop role casebeat_app",
        "drop role casebeat_report",
        "create role theirs login createrole",
        "create role stranger login",
        "create database ours owner theirs",
    ):
        as_superuser(embedded, statement)
    theirs = postgres.url(embedded, database="ours", role="theirs")
    point_to(monkeypatch, theirs)
    assert migrate.migrate(theirs) == "none"
    with way.transaction() as connection:
        assert connection.execute(text("select current_user")).scalar_one() == "casebeat_app"
    point_to(monkeypatch, postgres.url(embedded, database="ours", role="stranger"))
    with pytest.raises(Refuse, match="grant casebeat_app to it"):
        way.engine()
    as_superuser(embedded, "grant casebeat_app to stranger")
    way.close()
    with way.transaction() as connection:
        assert connection.execute(text("select current_user")).scalar_one() == "casebeat_app"


def point_to(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("CASEBEAT_DATABASE_URL", url)


def test_processes_that_open_a_new_database_at_once_all_find_it_migrated(embedded: Path) -> None:
    script = "from tasks.servers import database; print(database.engine().url.database); database.close()"
    command = [sys.executable, "-c", script]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for _ in range(3)]
    said = [(each.communicate(timeout=60)[0], each.returncode) for each in started]
    assert said == [(b"casebeat\n", 0)] * 3


def test_a_plan_that_is_kept_reads_by_index_though_its_table_was_empty(database):
    statement = Kept("select id from cases where id = any(%(ids)s)")
    with database.begin() as connection:
        assert scalars(connection, statement, {"ids": [1, 2]}) == []
        (name,) = scalars(connection, "select name from pg_prepared_statements where name like 'kept_%'")
        plan = scalars(connection, f"explain execute {name} ('{{1, 2}}')")
    assert "Seq Scan" not in "".join(plan)
