"""Reads of open harassment cases with the facts that may list them."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import Risk
from models.queries.driver import fetch_as
from models.queries.people.jurisdictions import PLACES
from models.queries.people.parties import BOTH_PARTIES, CPS_CASES
from models.rules.pattern import HarassmentFacts
from models.rules.people.parties import Parties
from models.rules.reviews.convening import risk_of


class HarassmentCase(NamedTuple):
    """An open harassment case: its references, its facts, and what decides who leads on it and who may know of it."""

    case_id: int
    force_code: str
    reference: str
    urn: str | None
    risk: Risk
    source_id: int
    facts: HarassmentFacts
    matter: Parties


_FACTS = """c.opened_on as "facts.opened_on", coalesce(c.relationship = 'ex_partner', false) as "facts.former_partner",
    i.incidents as "facts.incidents", i.first_on as "facts.first_on", i.reported_on as "facts.reported_on",
    i.breaches as "facts.breaches", i.breached_on as "facts.breached_on",
    c.declassified_on as "facts.declassified_on", c.why_not_stalking_on as "facts.why_not_stalking_on\""""
_INCIDENTS = """lateral (
    select count(*) as incidents, min(i.occurred_on) as first_on, max(i.reported_on) as reported_on,
           count(*) filter (where i.breach) as breaches, max(i.reported_on) filter (where i.breach) as breached_on
    from incidents i where i.key_id in (c.id, c.urn_key_id) and i.withdrawn_on is null) i"""
# The forces with open harassment cases of these forces or Areas: the index of open cases is by force.
_WHERE = f"""c.force_code = any(array(
    with {PLACES} select force_code from place
    where classification = 'harassment' and (%(everywhere)s or cps_area = any(%(areas)s)
                                             or force_code = any(%(forces)s))))"""


def harassment_cases(
    connection: Connection, force_codes: Sequence[str] = (), cps_areas: Sequence[str] = (), *, everywhere: bool = False
) -> list[HarassmentCase]:
    """Return the open harassment cases of some forces or CPS Areas, or of all, by id."""
    return fetch_as(
        connection,
        HarassmentCase,
        f"""select c.id as case_id, c.force_code, c.force_code || '/' || c.case_ref as reference, k.urn_root as urn,
                   c.risk, c.source_id, {_FACTS}, {BOTH_PARTIES}
            from cases c left join case_keys k on k.id = c.urn_key_id {CPS_CASES} cross join {_INCIDENTS}
            where c.classification = 'harassment' and c.finalised_on is null and {_WHERE}
              and (%(everywhere)s or c.force_code = any(%(forces)s) or c.cps_area = any(%(areas)s))
            order by c.id""",
        {"forces": list(force_codes), "areas": list(cps_areas), "everywhere": everywhere},
        {"risk": risk_of},
    )
