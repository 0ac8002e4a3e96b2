"""Members of staff whom their source has withdrawn: their name and addresses go, and their reference stays.

Rows of their acts and messages name the reference. Whoever is barred from a case that is still here keeps the address:
by it another contact of the same person is barred too.
"""

from datetime import date

from sqlalchemy import Connection

from models.queries.driver import execute, scalar, scalars
from models.queries.people.barring import BARRED_SOMEWHERE

_LEFT = f"""c.withdrawn_on <= %(until)s and not {BARRED_SOMEWHERE} and (
    c.name <> '' or c.email <> '' or c.slack_user_id is not null or c.deputy_ref is not null
    or exists (select from absences a where a.contact_ref = c.contact_ref)
    or exists (select from training t where t.contact_ref = c.contact_ref))"""


def leavers(connection: Connection, until: date) -> int:
    """Count the contacts who were withdrawn up to a day and of whom more than the reference is kept."""
    return int(scalar(connection, f"select count(*) from contacts c where {_LEFT}", {"until": until}))


def erase(connection: Connection, until: date, most: int) -> list[str]:
    """Erase what is kept of at most so many of them, and return their references."""
    found: list[str] = scalars(
        connection,
        f"""update contacts set name = '', email = '', slack_user_id = null, deputy_ref = null where contact_ref in (
                select c.contact_ref from contacts c where {_LEFT} order by c.contact_ref limit %(most)s for update)
            returning contact_ref""",
        {"until": until, "most": most},
    )
    for table in ("absences", "training"):
        execute(connection, f"delete from {table} where contact_ref = any(%s)", (found,))
    return sorted(found)
