"""A PostgreSQL of one's own, set up by the SQL of docs/it/postgresql.md: roles, TLS, migration, backup and restore."""

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from tasks.retention import prefect_pages
from tasks.rounds.doctor.examination import GROUPS
from tasks.servers import backup
from tasks.servers import database as way
from tests.support.own_server import HERE, WHY_NOT, OwnServer, own_server
from tests.support.ran import ROOT, Ran
from tests.worlds.extracts import a_case, a_contact, write
from tests.worlds.rows import AT_NINE, World

pytestmark = pytest.mark.skipif(not HERE, reason=WHY_NOT)

PAGE = (ROOT / "docs" / "it" / "postgresql.md").read_text("utf-8")
(SQL,) = re.findall(r"^```sql\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
STATEMENTS = [each.strip() for each in re.sub(r"--.*", "", SQL).replace("'…'", "'secret'").split(";") if each.strip()]
INSIDE = [each for each in STATEMENTS if each.startswith("create extension")]  # the database prefect
OUTSIDE = [each for each in STATEMENTS if each not in INSIDE]


@pytest.fixture(scope="module")
def own() -> Iterator[OwnServer]:
    with own_server() as running:
        running.run(*OUTSIDE)
        running.run(*INSIDE, database="prefect")
        running.run("create database copy owner casebeat_owner template template0")
        yield running


@pytest.fixture
def use(own: OwnServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[str], None]]:
    def name(database: str) -> None:
        way.close()
        monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("CASEBEAT_DATABASE_URL", own.url("casebeat", "secret", database))
        monkeypatch.setenv("CASEBEAT_DATABASE_OWNER_URL", own.url("casebeat_owner", "secret", database))

    yield name
    way.close()


def test_the_page_leads_to_a_book_that_is_backed_up_and_restored_over_tls(
    own: OwnServer, use: Callable[[str], None], run_cli: Callable[..., Ran], tmp_path: Path
) -> None:
    use("casebeat")
    assert (run_cli("migrate").code, run_cli("migrate").err) == (0, "")
    ran = run_cli(
        "intake", str(write(tmp_path / "extract", {"contacts.csv": [a_contact("P1")], "cases.csv": [a_case()]}))
    )
    assert (ran.code, ran.err) == (0, "")
    examined = [json.loads(line) for line in run_cli("doctor", "--json").out.splitlines()]
    found = {each["check"]: each["mark"] for each in examined if each["group"] == "Database"}
    assert found == dict.fromkeys((check.name for check in GROUPS["Database"]), "ok"), examined
    with way.transaction() as connection:
        World(connection).said()
    ran = run_cli("backup", str(tmp_path / "book.zip"))
    assert (ran.code, ran.err) == (0, "")
    assert _as(own, "casebeat", "select ssl::int from pg_stat_ssl where pid = pg_backend_pid()", "casebeat") == 1
    use("copy")
    ran = run_cli("restore", str(tmp_path / "book.zip"), "--hold")
    assert (ran.code, ran.err) == (0, "")
    assert run_cli("outbox").out.endswith("1 queued. The outbox is held: casebeat outbox --release starts it again.\n")
    with pytest.raises(DBAPIError, match="permission denied"):
        _as(own, "casebeat", "delete from audit")
    with pytest.raises(DBAPIError, match="permission denied"):
        _as(own, "casebeat_reader", "delete from messages")
    assert _as(own, "casebeat_reader", "select count(*) from messages") == 1


def _as(own: OwnServer, role: str, statement: str, database: str = "copy") -> int:
    with create_engine(own.url(role, "secret", database), poolclass=NullPool).connect() as connection:
        return connection.execute(text(statement)).scalar_one()


def test_the_password_is_on_no_command_line(
    own: OwnServer, use: Callable[[str], None], run_cli: Callable[..., Ran], tmp_path: Path
) -> None:
    use("casebeat")
    assert run_cli("migrate").code == 0
    with way.transaction() as connection:  # more than the pipe holds, so that pg_dump waits while it is looked at
        connection.execute(
            text("insert into switches select n, repeat('x', 90), now(), '' from generate_series(1, 40000) n")
        )
    seen = []

    def look(_done: int, _total: int) -> None:
        seen.extend(filter(None, map(_command, Path("/proc").glob("[0-9]*/cmdline"))))

    url = own.url("casebeat_owner", "secret")
    backup.back_up(url, tmp_path / "book.zip", AT_NINE, look)
    assert any(f"port={own.port}" in command for command in seen), "pg_dump was seen"
    assert not any("secret" in command for command in seen)


def _command(file: Path) -> str:
    with suppress(OSError):
        return file.read_text("utf-8", "replace")
    return ""


def test_prefects_url_of_the_page_reaches_its_database_by_both_drivers_over_tls(
    own: OwnServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (url,) = re.findall(r"^PREFECT_SERVER_DATABASE_CONNECTION_URL=(.*)$", PAGE, re.MULTILINE)
    url = url.replace("…", "secret").replace("db.example:5432", f"localhost:{own.port}")
    monkeypatch.setenv("PREFECT_SERVER_DATABASE_CONNECTION_URL", url)
    monkeypatch.setenv("PGSSLROOTCERT", str(own.certificate))
    asked = text("select ssl from pg_stat_ssl where pid = pg_backend_pid()")

    async def prefect() -> bool:
        async with create_async_engine(url, poolclass=NullPool).connect() as connection:
            return (await connection.execute(asked)).scalar_one()

    assert asyncio.run(prefect())
    for_us = prefect_pages.database_url(tmp_path)
    assert for_us is not None
    with create_engine(for_us, poolclass=NullPool).connect() as connection:
        assert connection.execute(asked).scalar_one()


def test_another_certificate_is_not_believed(
    own: OwnServer, use: Callable[[str], None], run_cli: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    use("casebeat")
    elsewhere = own.url("casebeat_owner", "secret").replace("localhost", "127.0.0.1")
    monkeypatch.setenv("CASEBEAT_DATABASE_OWNER_URL", elsewhere)
    ran = run_cli("migrate")
    assert ran.code == 2
    assert ran.err.startswith("casebeat: The database cannot be reached")
    assert "secret" not in ran.err
