"""The audit log: rows in one call, and no change or deletion by the application role."""

import psycopg2
import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from config.terms import Verb
from models.queries import audit
from models.queries.audit import AuditEntry

ROW = AuditEntry(Verb.COLLECTION, about="extract", ref="X1", reason="intake")


def test_rows_are_written_in_one_call_and_get_their_moment(connection: Connection) -> None:
    assert audit.record(connection, ROW, ROW._replace(ref="X2", detail={"rows": 3})) == 2
    rows = connection.execute(text("select ref, at is not null, detail from audit order by id")).all()
    assert [tuple(row) for row in rows] == [("X1", True, None), ("X2", True, {"rows": 3})]


def test_no_rows_cost_no_statement(connection: Connection) -> None:
    assert audit.record(connection) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "update audit set reason = 'other'",
        "delete from audit",
        "truncate audit",
        "drop table audit",
        "alter table audit disable trigger all",
        "alter table audit disable trigger audit_is_append_only",
        "drop trigger audit_is_append_only on audit",
        "drop function audit_is_append_only() cascade",
        "create or replace function audit_is_append_only() returns trigger language plpgsql as 'begin return new; end'",
        "set session_replication_role = replica",
        "set role casebeat_owner",
        "create rule r as on insert to audit do instead nothing",
        "update alembic_version set version_num = '0000'",
        "create table mine (id int)",
    ],
)
def test_the_application_role_cannot(database: Engine, statement: str) -> None:
    with database.begin() as connection:
        audit.record(connection, ROW)
    with pytest.raises(ProgrammingError) as caught, database.begin() as connection:
        connection.execute(text(statement))
    assert isinstance(caught.value.orig, psycopg2.Error)
    assert caught.value.orig.pgcode == "42501"
    with database.begin() as connection:
        assert connection.execute(text("select count(*) from audit")).scalar_one() == 1
