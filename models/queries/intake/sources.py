"""Reads of the systems that send extracts, and of Casebeat itself as the source of what people record here."""

from datetime import date, datetime

from sqlalchemy import Connection

from config.london import LONDON
from models.intake import OWN
from models.queries.driver import execute, mapping, scalar, scalars


def last_extracted(connection: Connection) -> dict[str, date]:
    """Return the London day of the latest extract of each source that was ever loaded, by the source's name."""
    return mapping(
        connection,
        "name",
        "extracted_on",
        f"""select name, (last_extracted_at at time zone '{LONDON.key}')::date as extracted_on from sources
           where agency is not null order by name""",
    )


def force_codes(connection: Connection) -> list[str]:
    """Return the forces that any source covers, in order."""
    return scalars(connection, "select distinct unnest(covers) as force_code from sources order by 1")


def own(connection: Connection, at: datetime) -> int:
    """Return the id of Casebeat as a source of its own, which is made at the first use: of no agency, for no force."""
    execute(
        connection,
        """insert into sources (name, covers, first_loaded_at, last_extracted_at) values (%s, '{}', %s, %s)
           on conflict (name) do nothing""",
        (OWN, at, at),
    )
    found: int = scalar(connection, "select id from sources where name = %s", (OWN,))
    return found
