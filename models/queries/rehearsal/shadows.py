"""Temporary copies of the tables, which a session reads and writes in place of the tables themselves.

PostgreSQL looks for a table among the session's temporary ones first, so that every statement of Casebeat works on the
copies unchanged. They have the tables' keys and indexes, and sequences of their own. The views are made again, of the
copies.
"""

from typing import NamedTuple

from sqlalchemy import Connection

from models import views
from models.queries.driver import execute, fetch_as, scalars

_EMPTY = ("audit", "audit_seals")  # their history is read by no duty of a round
_LEFT_OUT = {"messages": ("body",)}  # large, and read only where a message is sent
_BUFFERS = "256MB"


class _Table(NamedTuple):
    """A table, the columns that are written into it, whether its ids are numbered by itself, and its indexes."""

    name: str
    columns: list[str]
    numbered: bool
    indexes: list[str]  # the statements that make them on a copy


def cover(connection: Connection) -> None:
    """Copy every table of the connection's snapshot, for its session, and make the views of the copies.

    Indexes are made when all is there.
    """
    for table in _tables(connection):
        like = f"like public.{table.name} including all excluding indexes"
        execute(connection, f"create temporary table {table.name} ({like})")
        if table.name not in _EMPTY:
            _fill(connection, table)
        for index in table.indexes:
            execute(connection, index)
        execute(connection, f"analyze pg_temp.{table.name}")
    for statement in views.making(temporary=True):
        execute(connection, statement)


def clean(connection: Connection) -> None:
    """Clear old rows away and count the others for the planner, as PostgreSQL does by itself for other tables.

    That is done where a tenth of a copy has changed.
    """
    statement = """
        select relname from pg_stat_user_tables
        where schemaname = (select nspname from pg_namespace where oid = pg_my_temp_schema())
          and n_mod_since_analyze > 50 + n_live_tup / 10"""
    changed = scalars(connection, statement)
    for name in changed:
        execute(connection, f"vacuum analyze pg_temp.{name}")


def give_room(connection: Connection) -> None:
    """Give the session memory for the copies. It comes before anything temporary."""
    execute(connection, f"set temp_buffers = '{_BUFFERS}'")


def adopt(connection: Connection, snapshot_id: str) -> None:
    """See what that transaction sees. It comes before anything else in a transaction."""
    execute(connection, "set transaction snapshot %s", (snapshot_id,))


def only_read(connection: Connection) -> None:
    """Let PostgreSQL refuse any write to a table that is not temporary, once this transaction is committed."""
    execute(connection, "set session characteristics as transaction read only")


def write_again(connection: Connection) -> None:
    """Let the session's transactions write again, once this one is committed."""
    execute(connection, "set session characteristics as transaction read write")


def _tables(connection: Connection) -> list[_Table]:
    """Return every table of Casebeat, with its columns that are not generated."""
    statement = """
        select c.relname as name, array_agg(a.attname::text) as columns, bool_or(a.attidentity <> '') as numbered,
               array(select case when i.indisprimary
                                 then format('alter table pg_temp.%I add %s', c.relname, pg_get_constraintdef(k.oid))
                                 else replace(pg_get_indexdef(i.indexrelid), ' ON public.', ' ON pg_temp.') end
                     from pg_index i left join pg_constraint k on k.conindid = i.indexrelid and k.contype = 'p'
                     where i.indrelid = c.oid order by i.indexrelid) as indexes
        from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'alembic_version'
          and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
        group by c.oid, c.relname"""
    return fetch_as(connection, _Table, statement)


def _fill(connection: Connection, table: _Table) -> None:
    columns = ", ".join(f'"{name}"' for name in table.columns if name not in _LEFT_OUT.get(table.name, ()))
    execute(
        connection,
        f"""insert into pg_temp.{table.name} ({columns}) overriding system value
            select {columns} from public.{table.name}""",
    )
    if table.numbered:
        execute(
            connection,
            f"""select setval(pg_get_serial_sequence('pg_temp.{table.name}', 'id'), coalesce(max(id), 0) + 1, false)
                from pg_temp.{table.name}""",
        )
