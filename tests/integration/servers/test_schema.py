"""What the tables take: those of this database, and no index, shared catalogue or sequence."""

from sqlalchemy import text

from models.queries import schema


def test_the_bytes_are_those_of_the_databases_own_tables(connection):
    statement = """select sum(pg_table_size(format('%I.%I', schemaname, tablename)::regclass)) from pg_tables
                   where tablespace is distinct from 'pg_global'"""
    assert schema.table_bytes(connection) == connection.scalar(text(statement))


def test_the_tables_are_listed_in_order_without_those_of_the_catalogue_and_temporary_ones(connection):
    connection.execute(text("create temporary table staged_here (id int)"))
    found = schema.tables(connection)
    assert found == sorted(found)
    assert {"messages", "cases", "alembic_version"} <= set(found)
    assert not {name for name in found if name.startswith(("pg_", "information_schema")) or "staged_here" in name}
