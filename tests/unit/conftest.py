import psycopg2
import pytest
from hypothesis import settings

settings.register_profile("a busy machine proves nothing", deadline=None)
settings.load_profile("a busy machine proves nothing")


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a unit test that opens a database."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a unit test opened a database connection")

    monkeypatch.setattr(psycopg2, "connect", refuse)
