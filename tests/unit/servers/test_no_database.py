"""The guard of unit tests against opening a database."""

import pytest

from tasks.servers import database


def test_a_unit_test_that_opens_a_database_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEBEAT_DATABASE_OWNER_URL", "postgresql+psycopg2://me@127.0.0.1:1/x")
    engine = database.owner_engine()
    with pytest.raises(AssertionError, match="opened a database connection"):
        engine.connect()
    engine.dispose()
