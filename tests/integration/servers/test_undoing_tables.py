"""Keys of what an undoing makes void: taken once by what counts, and by any number of void rows."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.support.older_database import A_SITTING, A_SOURCE

FILLED = (
    A_SOURCE,
    """insert into obligations (rule, subject, version, chain_from, edition, owed_by, due_on, remind_on, escalate_on,
                                hard, stalls, because, began_on, last_step)
       values ('feed-stale', 'source:niche-45', 1, 1, 'x', 'operations', '2026-03-03', '2026-03-03', '2026-03-04',
               false, false, '[]', '2026-03-01', 1)""",
    """insert into steps (obligation_id, step, name, on_day, outcome)
       select id, 1, 'late', '2026-03-03', 'taken' from obligations""",
    """insert into messages (key, kind, contact_ref, channel, day, state, due_at, sending_at)
       values ('at_once:1:1::operations:email', 'at_once', null, 'email', '2026-03-03', 'sending',
               '2026-03-03 08:00Z', '2026-03-03 08:00Z')""",
    """insert into notifications (obligation_id, happening, step, step_name, day, duty, manner, addressee, channel,
                                  state, message_id)
       select o.id, 'step', 1, 'late', '2026-03-03', 'escalate', 'at_once', 'operations', 'email', 'queued', m.id
       from obligations o, messages m where m.kind = 'at_once'""",
    A_SITTING,
    """insert into agendas (sitting_id, occasion, day, made_on, digest, seen)
       select id, 'before', day, '2026-03-12', 'x', '{}' from sittings""",
    """insert into rounds (force_code, day, began_at, account)
       values ('45', '2026-03-03', '2026-03-03 08:00Z', '{}')""",
)
COPIED = {  # a table with a key that only a void row may share, and how a row of it becomes void
    "obligations": "end_reason = 'void', ended_on = '2026-03-03'",
    "steps": "outcome = 'void'",
    "notifications": "state = 'void'",
    "agendas": "undoing_id = (select max(id) from undoings)",
}


@pytest.mark.parametrize("table", COPIED)
def test_a_key_is_taken_once_and_any_number_of_void_rows_may_have_it(connection, table):
    for statement in FILLED:
        connection.execute(text(statement))
    connection.execute(
        text("insert into undoings (after_on, by_ref, undone_on, undone_at, account) "
             "values ('2026-03-02', 'L1', '2026-03-02', '2026-03-02 08:00Z', '{}')")
    )  # fmt: skip
    columns = connection.execute(
        text("select string_agg(quote_ident(column_name), ', ') from information_schema.columns "
             "where table_name = :table and column_name <> 'id'"), {"table": table},
    ).scalar_one()  # fmt: skip
    again = text(f"insert into {table} ({columns}) select {columns} from {table} order by id limit 1")
    with pytest.raises(DBAPIError, match="UniqueViolation"), connection.begin_nested():
        connection.execute(again)
    for _ in range(2):
        connection.execute(text(f"update {table} set {COPIED[table]}"))
        unmarked = again.text.replace(f"select {columns}", f"select {_live(table, columns)}")
        connection.execute(text(unmarked))
    assert connection.execute(text(f"select count(*) from {table}")).scalar_one() == 3


def _live(table: str, columns: str) -> str:
    """The columns of a void row as they were before it was void."""
    was = {
        "obligations": {"end_reason": "null", "ended_on": "null"},
        "steps": {"outcome": "'taken'"},
        "notifications": {"state": "'queued'"},
        "agendas": {"undoing_id": "null"},
    }[table]
    return ", ".join(was.get(name, name) for name in columns.split(", "))
