"""Cases of CPS that wait for their police case while a custody time limit of theirs draws near, or has passed."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.driver import fetch_as


class WaitingLimit(NamedTuple):
    """A URN that no police source has sent, the force that it names, and the first day on which such a limit ends."""

    force_code: str
    urn: str
    ends_on: date
    passed: bool


def limits(connection: Connection, first: date, today: date, last: date) -> list[WaitingLimit]:
    """Return those whose limit ends between two days, the first to end before the others.

    No ladder reaches such a limit: whoever answers for the case is not known before its police case is.
    """
    # Not by disclosed: the rows of no case that is known
    statement = """
        select left(k.urn_root, 2) as force_code, k.urn_root as urn, min(held.ends_on) as ends_on,
               min(held.ends_on) < %(today)s as passed
        from (select key_id, ctl_expires_on as ends_on from cps_cases c
              where withdrawn_on is null and in_custody is not false
                and not exists (select from defendants d where d.key_id = c.key_id and d.withdrawn_on is null)
              union all
              select key_id, ctl_expires_on from defendants where withdrawn_on is null and in_custody is not false) held
        join case_keys k on k.id = held.key_id
        where held.ends_on between %(first)s and %(last)s and k.urn_root is not null
          and not exists (select from cases c where c.id = k.id or c.urn_key_id = k.id)
        group by k.urn_root order by ends_on, urn"""
    return fetch_as(connection, WaitingLimit, statement, {"first": first, "today": today, "last": last})
