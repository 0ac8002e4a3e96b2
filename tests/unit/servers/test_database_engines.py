"""What becomes of a database's errors and revisions before anything is read, and how its sessions are opened."""

import sys
from contextlib import nullcontext
from types import SimpleNamespace

import psycopg2
import pytest
from sqlalchemy.exc import OperationalError, ProgrammingError

from config.settings import settings
from models import migrations
from models.errors import Refuse
from tasks.servers import database, migrate, postgres

URL = "postgresql+psycopg2://me@127.0.0.1:1/x"
SECRET = "Jane Example"


@pytest.fixture
def put(monkeypatch, tmp_path):
    """Set these settings, and forget every engine before and after."""

    def given(**variables):
        for name, value in variables.items():
            if value is None:
                monkeypatch.delenv(f"CASEBEAT_{name}", raising=False)
            else:
                monkeypatch.setenv(f"CASEBEAT_{name}", str(value))
        settings.cache_clear()

    given(HOME=tmp_path, DATABASE_URL=None, DATABASE_OWNER_URL=None)
    database.close()
    yield given
    database.close()
    settings.cache_clear()


class Coded(psycopg2.Error):
    """An error of the server's with a code."""

    pgcode = "42501"


def failing(error):
    """An engine that cannot be connected."""

    def connect():
        raise error

    return SimpleNamespace(connect=connect)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OperationalError("s", {}, psycopg2.OperationalError(SECRET)), "The database cannot be reached"),
        (ProgrammingError("s", {}, psycopg2.ProgrammingError(SECRET)), "is not a database URL"),
        (ProgrammingError("s", {}, Coded(SECRET)), r"may not read Casebeat's tables \(pgcode 42501\)"),
    ],
)
def test_a_database_that_cannot_be_asked_is_refused_in_a_sentence_without_its_words(error, words):
    with pytest.raises(Refuse, match=words) as refused:
        database._revision(failing(error))
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("revision", "words"), [(None, "no Casebeat tables yet"), ("0001", "older than this"), ("9999", "newer than this")]
)
def test_tables_of_another_revision_are_refused(revision, words):
    with pytest.raises(Refuse, match=words):
        database._check(revision)
    database._check(migrations.HEAD)


@pytest.fixture
def checked(monkeypatch, put):
    """Open an engine of the settings where the tables are at revisions, one each time that they are asked for."""

    def of(*revisions, url=None, **variables):
        put(**variables)
        asked, done = list(revisions), []
        monkeypatch.setattr(database, "_revision", lambda _: asked.pop(0))
        monkeypatch.setattr(migrate, "migrate", done.append)
        monkeypatch.setattr(postgres, "start", done.append)
        monkeypatch.setattr(postgres, "url", lambda _, role="casebeat_app": f"postgresql+psycopg2://{role}@/x")
        return database.engine(url), done

    return of


def test_the_embedded_database_is_started_and_migrated_and_one_of_ones_own_is_not(checked, tmp_path):
    made, done = checked(None, migrations.HEAD)
    assert done == [tmp_path, tmp_path, "postgresql+psycopg2://casebeat_owner@/x"]
    assert database.engine() is made
    database.close()
    assert checked(migrations.HEAD, migrations.HEAD)[1] == [tmp_path]
    database.close()
    own, done = checked(migrations.HEAD, DATABASE_URL=URL)
    assert (done, str(own.url)) == ([], URL)
    database.close()
    with pytest.raises(Refuse, match="run casebeat migrate"):
        checked("0001", DATABASE_URL=URL)


def test_a_url_that_is_given_is_taken_before_that_of_the_settings(checked):
    made, done = checked(migrations.HEAD, url=f"{URL}2", DATABASE_URL=URL)
    assert (str(made.url), done) == (f"{URL}2", [])


def test_the_owner_has_a_url_of_its_own_or_that_of_the_application(put):
    put(DATABASE_URL=URL)
    assert database.owner_url() == database.application_url() == URL
    put(DATABASE_OWNER_URL=f"{URL}2")
    assert (database.owner_url(), database.application_url()) == (f"{URL}2", URL)
    assert str(database.owner_engine().url) == f"{URL}2"
    assert str(database.owner_engine(f"{URL}3").url) == f"{URL}3"


@pytest.mark.parametrize(
    ("role", "user", "taken"),
    [(None, "me", []), ("casebeat_app", "casebeat_app", []), ("casebeat_app", "me", ["casebeat_app"])],
)
def test_a_session_takes_the_applications_role_unless_it_has_it(monkeypatch, role, user, taken):
    made = []
    monkeypatch.setattr(database, "_set_role_on_connect", lambda _, name: made.append(name))
    database._engine(f"postgresql+psycopg2://{user}@127.0.0.1:1/x", role)
    assert made == taken


def starts_again(made):
    """Whether each new connection of an engine starts the server first."""
    return len(list(made.dialect.dispatch.do_connect)) > 0


def test_only_connections_to_the_embedded_database_start_its_server_again(checked):
    assert starts_again(checked(migrations.HEAD, migrations.HEAD)[0])
    given = checked(migrations.HEAD, migrations.HEAD, url=URL)[0]
    assert (str(given.url), starts_again(given)) == (URL, False)
    database.close()
    assert not starts_again(checked(migrations.HEAD, DATABASE_URL=URL)[0])


def test_a_transaction_is_one_of_the_engine_of_its_url(monkeypatch):
    monkeypatch.setattr(database, "engine", lambda url: SimpleNamespace(begin=lambda: nullcontext(f"to {url}")))
    with database.transaction(URL) as connection:
        assert connection == f"to {URL}"


def test_the_options_of_a_url_are_kept_beside_the_limits_of_time(monkeypatch):
    given = []
    monkeypatch.setattr(database, "create_engine", lambda _, **more: given.append(more["connect_args"]["options"]))
    monkeypatch.setattr("sqlalchemy.event.listen", lambda *_: None)
    for url in (f"{URL}?options=-c%20a%3D1", URL):
        database._engine(url, None)
    assert [one.split(" -c ")[0] for one in given] == ["-c a=1", "-c statement_timeout=900000"]
    assert given[0].endswith(given[1])


def test_an_error_is_reduced_to_its_class_and_code():
    for original, code in (
        (Coded(SECRET), "42501"),
        (psycopg2.OperationalError(SECRET), "None"),
        (ValueError(SECRET), "None"),
    ):
        for outer in (None, OperationalError("s", {}, original)):
            database._redact_error(SimpleNamespace(original_exception=original, sqlalchemy_exception=outer))
            assert original.args == (f"{type(original).__name__}, pgcode {code}",)
            assert outer is None or outer.args == original.args


def test_a_running_statement_is_cancelled_and_one_that_has_just_ended_is_no_fault(monkeypatch):
    cancelled = []

    def ended():
        raise psycopg2.OperationalError

    monkeypatch.setattr(
        database, "_connections", [SimpleNamespace(cancel=one) for one in (ended, lambda: cancelled.append(1))]
    )
    database.cancel()
    assert cancelled == [1]


@pytest.mark.parametrize("inside", [False, True])
def test_every_transaction_is_one_of_an_enclosing_connection_and_a_savepoint_inside_another(inside):
    begun = []
    connection = SimpleNamespace(
        in_transaction=lambda: inside,
        begin=lambda: begun.append("transaction") or nullcontext(),
        begin_nested=lambda: begun.append("savepoint") or nullcontext(),
    )
    with database.enclose(connection):
        assert database.enclosing() is connection
        for _ in range(2):
            with database.transaction() as given:
                assert given is connection
    assert (begun, database._enclosing) == (["savepoint" if inside else "transaction"] * 2, [])


@pytest.mark.parametrize("how", ["itself", "cause", "context", "deep", "other"])
def test_an_error_that_psycopg2_could_not_raise_is_not_printed_with_the_row_it_quotes(monkeypatch, how):
    printed = []
    monkeypatch.setattr(sys, "excepthook", lambda *given: printed.append(given[1]))
    database._silence_driver_output.cache_clear()
    database._silence_driver_output()
    error: BaseException = psycopg2.Error(SECRET) if how == "itself" else ValueError("x")
    if how == "cause":
        error.__cause__ = psycopg2.Error(SECRET)
    elif how == "context":
        error.__context__ = psycopg2.Error(SECRET)
    elif how == "deep":
        error.__cause__ = KeyError()
        error.__cause__.__context__ = psycopg2.Error(SECRET)
    sys.excepthook(type(error), error, None)
    assert printed == ([error] if how == "other" else [])
    database._silence_driver_output.cache_clear()
