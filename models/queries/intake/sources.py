"""The systems that send extracts, and Casebeat itself, from which comes what people record here."""

from datetime import date, datetime

from sqlalchemy import Connection

from models.intake import OWN
from models.queries.driver import fetch


def last_extracted(connection: Connection) -> list[tuple[str, date]]:
    """Each source ever loaded, with the London day of its latest extract."""
    found = fetch(
        connection,
        """select name, (last_extracted_at at time zone 'Europe/London')::date from sources
           where agency is not null order by name""",
    )
    return [(row[0], row[1]) for row in found]


def force_codes(connection: Connection) -> list[str]:
    """The forces that any source covers, in order."""
    return [row[0] for row in fetch(connection, "select distinct unnest(covers) as force_code from sources order by 1")]


def own(connection: Connection, at: datetime) -> int:
    """The id of Casebeat itself as a source, which is there from its first word on: no agency's, covering nothing."""
    fetch(
        connection,
        """insert into sources (name, covers, first_loaded_at, last_extracted_at) values (%s, '{}', %s, %s)
           on conflict (name) do nothing returning id""",
        (OWN, at, at),
    )
    ((found,),) = fetch(connection, "select id from sources where name = %s", (OWN,))
    return int(found)
