"""Fixtures that cause a real fault in the server whenever a table is written."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from tasks.servers import postgres
from tests.faults import loop
from tests.faults.ground import Field
from tests.faults.size import EVERYTHING

collect_ignore = [] if EVERYTHING else ["test_struck_day.py"]  # it takes a quarter of an hour


@pytest.fixture(scope="session")
def field(server, tmp_path_factory):
    """Fresh copies of a book on the eve of its Monday."""
    return Field(server, tmp_path_factory.mktemp("field"))


@pytest.fixture(scope="session")
def undisturbed(field):
    """The story of so many days without a fault: `undisturbed(days=1, mailed=True)`."""

    @cache
    def of(days=1, *, mailed=True):
        with field.ground(mailed=mailed, slack=mailed) as ground:
            return loop.undisturbed(ground, days)

    return of


@pytest.fixture
def open_folder():
    """A folder that other users may enter: pytest's own are closed to the user of root's server."""
    made = Path(tempfile.mkdtemp(prefix="casebeat-tests-"))
    yield made
    shutil.rmtree(made)


@pytest.fixture
def break_on(database, server):
    """`mend = break_on("audit", "perform pg_sleep(60)")`: each write of that table does this, until `mend()`."""
    superuser = create_engine(postgres.url(server, database=database.url.database, role="postgres"), poolclass=NullPool)

    def set_up(table, does):
        with superuser.begin() as connection:
            connection.exec_driver_sql(
                f"""create or replace function break_it() returns trigger language plpgsql security definer as
                    $$ begin {does}; return new; end $$"""
            )
            connection.exec_driver_sql(
                f"create trigger break_it before insert or update on {table} for each row execute function break_it()"
            )

        def mend():
            with superuser.begin() as mending:
                mending.exec_driver_sql(f"drop trigger break_it on {table}")

        return mend

    return set_up
