"""The temporary copies of the tables: they hold the rows, number on, and are written in place of the tables."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import InternalError

from models.audit import AuditRow
from models.base import Base
from models.cases import Case
from models.outbox import Message
from models.queries.audit import AuditEntry, record
from models.queries.rehearsal import shadows
from models.sittings import OutcomeRow
from tests.integration.outbox_world import AT_NINE, TUESDAY
from tests.integration.review_rows import ReviewRows


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def count(rows, table) -> int:
    return rows.connection.scalar(select(func.count()).select_from(table))


def test_the_copies_hold_every_tables_rows_but_the_audit_logs_and_no_written_mail(rows):
    rows.contact("of1")
    case_id = rows.case_of("a")
    rows.outcome(rows.convening(case_id, rows.sitting("sits", TUESDAY)), cps=False)
    first, last = (rows.message("of1", body=b"written") for _ in range(2))
    record(rows.connection, AuditEntry("collection", about="extract", ref="X1", reason="intake"))
    whole = {table.name: count(rows, table) for table in Base.metadata.sorted_tables}
    shadows.cover(rows.connection)
    copied = {table.name: count(rows, table) for table in Base.metadata.sorted_tables}
    assert copied == whole | {"audit": 0, "audit_seals": 0}
    assert rows.found(select(Message.id, Message.body)) == [(first, None), (last, None)]
    assert rows.found(select(OutcomeRow.quorate)) == [(False,)]
    assert rows.message("of1") == last + 1
    rows.say_of(case_id, case_ref="b")
    shadows.estimate_again(rows.connection)
    estimated = "select reltuples from pg_class where oid = 'messages'::regclass"
    assert rows.connection.scalar(text(estimated)) == 3
    shadows.uncover(rows.connection)
    assert rows.found(select(Case.case_ref)) == [("a",)]
    assert (count(rows, Message), count(rows, AuditRow)) == (2, 1)


def test_while_only_copies_are_written_the_tables_refuse(rows):
    shadows.give_room(rows.connection)
    shadows.cover(rows.connection)
    with rows.connection.begin_nested():
        shadows.only_read(rows.connection)
        rows.message("of1", day=TUESDAY, due_at=AT_NINE + timedelta(hours=1))
        statement = text("insert into public.switches (name, value, set_at, set_by) values ('a', '', now(), 'x')")
        with pytest.raises(InternalError), rows.connection.begin_nested():
            rows.connection.execute(statement)
    assert count(rows, Message) == 1
