"""The database's schema: its revision, whose its tables are, and how many rows they hold."""

from sqlalchemy import Connection, text

from models.queries.driver import scalar, scalars


def revision(connection: Connection) -> str | None:
    """Return the migration that was applied last; None where none was, or where this role may not read it."""
    if not scalar(connection, text("select to_regclass('public.alembic_version') is not null")):
        return None
    found: str | None = scalar(connection, text("select version_num from public.alembic_version"))
    return found


def could_change_audit(connection: Connection) -> bool:
    """Return whether this login is or may become the owner of the audit log, who could open it to changes."""
    owner = "select pg_has_role(session_user, relowner, 'member') from pg_class where oid = to_regclass('public.audit')"
    return bool(scalar(connection, text(owner)))


def try_lock(connection: Connection, lock: int) -> bool:
    """Take an advisory lock for this connection unless another one of the same database holds it."""
    return bool(scalar(connection, text(f"select pg_try_advisory_lock({lock})")))


def tables(connection: Connection) -> list[str]:
    """Return the name of every table of the database, whoever made it, quoted as a statement needs it."""
    statement = """select oid::regclass::text from pg_class
                   where relkind = 'r' and relpersistence <> 't'
                     and relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
                   order by 1"""
    return scalars(connection, statement)


def row_counts(connection: Connection) -> dict[str, int]:
    """Return how many rows each table holds in the connection's snapshot."""
    return {table: scalar(connection, count_of(table)) for table in tables(connection)}


def count_of(table: str) -> str:
    """Return the statement that counts a table's rows; `table` is a name that `tables` gave."""
    return f"select count(*) from {table}"


def table_bytes(connection: Connection) -> int:
    """Return how many bytes the tables take without their indexes."""
    statement = "select sum(pg_table_size(oid))::bigint from pg_class where relkind = 'r' and not relisshared"
    return int(scalar(connection, statement))


def release(connection: Connection) -> int:
    """Return the server's major release."""
    return int(scalar(connection, "select current_setting('server_version_num')::int / 10000"))


def snapshot(connection: Connection) -> str:
    """Export the snapshot of this transaction, so that another session can read exactly the same rows."""
    return str(scalar(connection, "select pg_export_snapshot()"))
