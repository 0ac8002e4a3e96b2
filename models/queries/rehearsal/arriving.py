"""Extracts that arrive in a rehearsal, with nothing new in them."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Connection

from config.days.london import LONDON
from models.queries.driver import execute, scalars


def sending(connection: Connection, since: date) -> list[str]:
    """Return the sources whose latest extract is of a day or later."""
    statement = f"""
        select name from sources
        where agency is not null and (last_extracted_at at time zone '{LONDON.key}')::date >= %s order by name"""
    return scalars(connection, statement, (since,))


def arrive(connection: Connection, names: Collection[str], at: datetime) -> None:
    """Let the latest extract of these sources be of a moment."""
    statement = "update sources set last_extracted_at = greatest(last_extracted_at, %s) where name = any(%s)"
    execute(connection, statement, (at, list(names)))
