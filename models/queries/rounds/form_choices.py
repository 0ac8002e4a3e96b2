"""Reads of what a form may offer: the rules under which something is owed, and sittings to choose from."""

from datetime import date

from sqlalchemy import Connection

from models.queries.driver import scalars

MOST = 300  # sittings that a form offers: a browser shows more only slowly


def rules_owed(connection: Connection) -> list[str]:
    """Return the rules under which any case owes something now."""
    return scalars(
        connection,
        "select distinct rule from obligations where ended_on is null and case_id is not null order by rule",
    )


def sittings_with_room(connection: Connection, today: date) -> list[str]:
    """Return the nearest sittings after a day that have a free place, in the order of their days."""
    return scalars(
        connection,
        """select s.ref from sittings s
           where s.day > %(today)s and s.cancelled_on is null
             and s.places > (select count(*) from convenings v where v.sitting_id = s.id and v.ended_on is null)
           order by s.day, s.ref collate "C" limit %(most)s""",
        {"today": today, "most": MOST},
    )


def sittings_held(connection: Connection, today: date) -> list[str]:
    """Return the latest sittings up to a day to which a case was convened, the latest first."""
    return scalars(
        connection,
        """select s.ref from sittings s
           where s.day <= %(today)s and s.cancelled_on is null
             and exists (select from convenings v where v.sitting_id = s.id)
           order by s.day desc, s.ref collate "C" limit %(most)s""",
        {"today": today, "most": MOST},
    )
