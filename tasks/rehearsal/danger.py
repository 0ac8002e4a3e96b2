"""How often a SPOC would have been told of danger in the weeks before a rehearsal, under the policy that it tries.

In the days that are rehearsed nothing new is reported, so that they cannot show it.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import Connection

from models.queries.obligations.case_facts import case_facts
from models.queries.people.leading import cases_led
from models.queries.rehearsal import danger
from models.rules.catalogue.danger_days import danger_signs
from models.rules.facts import CaseFacts
from tasks.platform.configuration import Configuration
from tasks.servers.database import transaction

WEEKS = 8
_CHUNK = 1_000  # cases whose facts are in memory at once


def a_day(configuration: Configuration, first: date) -> float:
    """Return the days of danger that a SPOC of police leads on, a day of the weeks before, as a mean of these SPOCs.

    Of a case on which nobody leads, each SPOC of its force is told.
    """
    with transaction() as connection:
        people = danger.spocs(connection, first)
        refs = [spoc.ref for spoc in people]
        leads = {led.case_id: led.contact_ref for led in cases_led(connection, refs, configuration.panels.spocs, first)}
        told = dict.fromkeys(leads.values(), 0)
        for facts, days in _days(configuration, connection, first):
            lead, force_code = leads.get(facts.case.case_id), facts.case.force_code
            for ref in [lead] if lead else [spoc.ref for spoc in people if force_code in spoc.force_codes]:
                told[ref] = told.get(ref, 0) + days
    return sum(told.values()) / len(told) / (7 * WEEKS) if told else 0.0


def _days(configuration: Configuration, connection: Connection, first: date) -> Iterator[tuple[CaseFacts, int]]:
    """Yield each case that says danger in the weeks before, and on how many days it does."""
    since = first - timedelta(weeks=WEEKS)
    case_ids = danger.may_say_so(connection, since)
    for start in range(0, len(case_ids), _CHUNK):
        for facts in case_facts(connection, case_ids[start : start + _CHUNK], configuration.policy):
            numbers = configuration.policy.for_force(facts.case.force_code).danger
            if numbers.enabled and facts.guarded:
                signs = danger_signs(facts, numbers, configuration.calendar)
                yield facts, len({sign.on for sign in signs if since <= sign.on < first})
