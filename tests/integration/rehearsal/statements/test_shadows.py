"""The temporary copies of the tables: they hold the rows, number on, and are written in place of the tables."""

from sqlalchemy import func, select, text

from models.base import Base
from models.outbox import Message
from models.queries.audit import AuditEntry, record
from models.queries.rehearsal import shadows
from models.sittings import OutcomeRow
from tests.worlds.rows import TUESDAY


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
    estimated = "select reltuples from pg_class where oid = 'messages'::regclass"
    assert rows.connection.scalar(text(estimated)) == 2
