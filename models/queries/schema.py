"""The revision of the database's schema."""

from sqlalchemy import Connection, text

from models.queries.driver import scalar


def revision(connection: Connection) -> str | None:
    """Return the migration that was applied last; None where none was, or where this role may not read it."""
    if not scalar(connection, text("select to_regclass('public.alembic_version') is not null")):
        return None
    found: str | None = scalar(connection, text("select version_num from public.alembic_version"))
    return found
