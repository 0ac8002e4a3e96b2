"""The last act of a case, from which the six months of a summary offence run."""

from datetime import date

from models.rules.facts import CaseFacts
from models.rules.row_facts import IncidentFact


def latest_incident(facts: CaseFacts) -> IncidentFact | None:
    """Return the case's own incident that occurred last; of several on one day, one that is no breach."""
    supplied = (incident for incident in facts.incidents if incident.supplied)
    return max(supplied, key=lambda one: (one.occurred_on, not one.breach), default=None)


def last_act_on(facts: CaseFacts) -> date | None:
    """Return the day of the last act: the one recorded as such, otherwise the latest own incident's."""
    latest = latest_incident(facts)
    return facts.case.last_act_on or (latest.occurred_on if latest else None)
