"""The revision of the database's schema."""

from sqlalchemy import Connection, text


def revision(connection: Connection) -> str | None:
    """Return the migration that was applied last; None where none was, or where this role may not read it."""
    present = connection.execute(text("select to_regclass('public.alembic_version') is not null")).scalar_one()
    if not present:
        return None
    found: str | None = connection.execute(text("select version_num from public.alembic_version")).scalar_one_or_none()
    return found
