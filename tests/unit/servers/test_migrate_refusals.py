"""What a migration refuses, and what it leaves as it is."""

from collections.abc import Mapping
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import psycopg2
import pytest
from sqlalchemy.exc import OperationalError, ProgrammingError

from models.errors import Refuse
from tasks.servers import migrate


class Coded(psycopg2.Error):
    pgcode = "42501"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OperationalError("s", {}, psycopg2.OperationalError()), "cannot be reached"),
        (ProgrammingError("s", {}, psycopg2.ProgrammingError()), "is not a database URL"),
        (OperationalError("s", {}, Coded()), None),
        (ProgrammingError("s", {}, Coded()), None),
    ],
)
def test_a_database_out_of_reach_is_refused_and_what_it_answers_is_raised(monkeypatch, error, words):
    @contextmanager
    def opened(_):
        raise error
        yield

    monkeypatch.setattr(migrate, "opened", opened)
    with pytest.raises(Refuse if words else type(error), match=words), migrate.as_owner("u"):
        pass


@pytest.mark.parametrize("known", [set(), {"casebeat_app"}, set(migrate.GROUPS)])
def test_roles_are_made_and_taken_where_they_are_missing(known):
    done = []

    def execute(statement, given=None):
        if given is None:
            done.append(str(statement))
        return SimpleNamespace(scalar=lambda: 1 if given and given["role"] in known else None)

    migrate.make_groups(SimpleNamespace(execute=execute))
    missing = [role for role in migrate.GROUPS if role not in known]
    assert done == [
        each for role in missing for each in (f"create role {role} nologin", f"grant {role} to current_user")
    ]


def test_a_server_that_is_gone_is_noticed_within_a_minute():
    given: Mapping[str, Any] = migrate.CONNECT
    assert given["keepalives"]
    assert given["keepalives_idle"] + given["keepalives_interval"] * given["keepalives_count"] <= 60
    assert given["tcp_user_timeout"] <= 60_000
    assert given["connect_timeout"] <= 10
