import psycopg2
import pytest


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """A unit test that opens a database is not one."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a unit test opened a database connection")

    monkeypatch.setattr(psycopg2, "connect", refuse)
