"""Reads of what a form may offer: the rules under which something is owed, sittings, and the people who may act.

A case that is kept apart is in no form, so that no choice comes of it.
"""

from datetime import date

from sqlalchemy import Connection

from config.doors import ActKind
from config.terms import Addressee
from models.queries.driver import scalars
from models.queries.people.contacts import ACTIVE
from models.queries.people.disclosure import APART
from models.rules.access import ENTITLED

MOST = 300  # sittings or people that a form offers: a browser shows more only slowly
_APART = "select case_id from cases_apart"
_KEYS_APART = f"""select marked.key from cases k cross join lateral (values (k.id), (k.urn_key_id)) marked(key)
                  where k.id in ({_APART}) and marked.key is not null"""
_OPEN = f"k.finalised_on is null and k.id not in ({_APART})"
_LEADS_TO = {  # the contacts `c` to whom an addressee leads in any case
    Addressee.OWNER: f"""exists (select from cases k where k.oic_ref = c.contact_ref and {_OPEN})
                or exists (select from cps_cases k where k.prosecutor_ref = c.contact_ref and k.withdrawn_on is null
                                                     and k.key_id not in ({_KEYS_APART}))
                or exists (select from actions a where a.owner_ref = c.contact_ref and a.withdrawn_on is null
                                                   and a.status in ('pending', 'waiting_third_party')
                                                   and a.key_id not in ({_KEYS_APART}))""",
    Addressee.SUPERVISOR: f"""'legal_manager' = any(c.roles)
                or exists (select from cases k where k.supervisor_ref = c.contact_ref and {_OPEN})""",
    Addressee.SPOC: "'spoc' = any(c.roles)",
    Addressee.LEAD: "'lead' = any(c.roles)",
}
_CHAIRS = "c.contact_ref in (select chair_ref from sittings where cancelled_on is null)"


def rules_owed(connection: Connection) -> list[str]:
    """Return the rules under which any case owes something now."""
    statement = f"""select distinct rule from live_obligations
                    where case_id is not null and case_id not in ({_APART}) order by rule"""
    return scalars(connection, statement)


def sittings_with_room(connection: Connection, today: date) -> list[str]:
    """Return the nearest sittings after a day that have a free place, in the order of their days.

    A case that bars somebody takes none.
    """
    statement = f"""
        select s.ref from sittings_ahead s where s.day > %(today)s and s.places > (
            select count(*) from convenings v
            where v.sitting_id = s.id and v.ended_on is null and v.case_id <> all({APART}))
        order by s.day, s.ref collate "C" limit %(most)s"""
    return scalars(connection, statement, {"today": today, "most": MOST})


def sittings_held(connection: Connection, today: date) -> list[str]:
    """Return the latest sittings up to a day to which a case was convened, the latest first."""
    statement = f"""
        select s.ref from sittings s
        where s.day <= %(today)s and s.cancelled_on is null
          and exists (select from convenings v where v.sitting_id = s.id and v.case_id not in ({_APART}))
        order by s.day desc, s.ref collate "C" limit %(most)s"""
    return scalars(connection, statement, {"today": today, "most": MOST})


def may_act(connection: Connection, today: date, *doing: ActKind) -> list[str]:
    """Return the active contacts who may do one of these acts on any case; none where they are more than a form offers.

    They are those to whom the acts' addressees lead, in an open case or an action in hand, whoever is a deputy or has
    acted before, and the chairs of sittings where they may.
    """
    addressees = dict.fromkeys(addressee for act in doing for addressee in ENTITLED[act].addressees)
    leading = [_LEADS_TO[addressee] for addressee in addressees if addressee in _LEADS_TO]
    chairs = [_CHAIRS] if any(ENTITLED[act].chair for act in doing) else []
    statement = f"""
        select c.contact_ref from contacts c
        where {ACTIVE} and (
            c.contact_ref in (select deputy_ref from contacts)
            or c.contact_ref in (select by_ref from acts where case_id is null or case_id not in ({_APART}))
            or {" or ".join(leading + chairs)})
        limit %(most)s + 1"""
    found = scalars(connection, statement, {"today": today, "most": MOST})
    return sorted(found) if len(found) <= MOST else []
