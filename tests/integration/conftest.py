"""Fixtures that several subjects share."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine

from tasks.servers import database as way
from tasks.servers import postgres
from tests.support.copies import as_superuser
from tests.worlds.review_rows import ReviewRows


@pytest.fixture
def rows(connection: Connection) -> ReviewRows:
    """An empty book, to whose tables a test adds rows."""
    return ReviewRows(connection)


@pytest.fixture
def elsewhere(database: Engine, server: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], str]]:
    """An empty database of the same server; the call makes the settings name it and nothing of the first."""
    name = f"restored_{uuid4().hex[:8]}"
    as_superuser(server, f"create database {name} owner casebeat_owner template template0")

    def move() -> str:
        way.close()
        monkeypatch.setenv("CASEBEAT_DATABASE_URL", postgres.url(server, database=name))
        url = postgres.url(server, database=name, role="casebeat_owner")
        monkeypatch.setenv("CASEBEAT_DATABASE_OWNER_URL", url)
        return url

    yield move
    way.close()
    as_superuser(server, f"drop database {name} with (force)")
