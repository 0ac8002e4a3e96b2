"""The systems that send extracts."""

from datetime import date

from sqlalchemy import Connection

from models.queries.rows import fetch


def last_extracted(connection: Connection) -> list[tuple[str, date]]:
    """Each source ever loaded, with the London day of its latest extract."""
    found = fetch(
        connection, "select name, (last_extracted_at at time zone 'Europe/London')::date from sources order by name"
    )
    return [(row[0], row[1]) for row in found]


def force_codes(connection: Connection) -> list[str]:
    """The forces that any source covers, in order."""
    return [row[0] for row in fetch(connection, "select distinct unnest(covers) as force_code from sources order by 1")]
