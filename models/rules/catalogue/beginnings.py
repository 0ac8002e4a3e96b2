"""Which of several beginnings a duty counts from."""

from collections.abc import Iterable
from datetime import date

from models.rules.row_facts import IncidentFact


def first_since(days: Iterable[date], since: date | None) -> date:
    """Return the first of one or more days that the policy's `since` counts; the first of all if it counts none.

    A day before `since` stands in no later one's way. Where all are before it, the rulebook says that none counts.
    """
    return min(days, key=lambda day: (since is not None and day < since, day))


def first_reported_after(day: date, incidents: Iterable[IncidentFact]) -> date | None:
    """Return the first day after `day` on which one of these incidents was reported."""
    return min(
        (incident.reported_on for incident in incidents if incident.supplied and incident.reported_on > day),
        default=None,
    )
