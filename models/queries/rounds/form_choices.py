"""Reads of what a form may offer: the rules under which something is owed, sittings, and the people who may act."""

from datetime import date

from sqlalchemy import Connection

from models.queries.driver import scalars
from models.queries.people.contacts import ACTIVE, LEADING

MOST = 300  # sittings or people that a form offers: a browser shows more only slowly


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


def may_act(connection: Connection, today: date, *, chairs: bool) -> list[str]:
    """Return the active contacts who may act on any case; none where they are more than a form offers.

    They are the SPOCs, leads and legal managers, the people whom an open case or an action in hand names, whoever is a
    deputy or has acted before, and with `chairs` those of sittings too.
    """
    found = scalars(
        connection,
        f"""select c.contact_ref from contacts c
            where {ACTIVE} and (
                {LEADING}
                or exists (select from cases k where k.oic_ref = c.contact_ref and k.finalised_on is null)
                or exists (select from cases k where k.supervisor_ref = c.contact_ref and k.finalised_on is null)
                or exists (select from cps_cases k where k.prosecutor_ref = c.contact_ref and k.withdrawn_on is null)
                or exists (select from actions a where a.owner_ref = c.contact_ref and a.withdrawn_on is null
                                                   and a.status in ('pending', 'waiting_third_party'))
                or c.contact_ref in (select deputy_ref from contacts)
                or c.contact_ref in (select by_ref from acts)
                or %(chairs)s and c.contact_ref in (select chair_ref from sittings where cancelled_on is null))
            limit %(most)s + 1""",
        {"today": today, "chairs": chairs, "most": MOST},
    )
    return sorted(found) if len(found) <= MOST else []
