"""The pattern of behaviour: the incidents of a case and its linked cases by month, never one in isolation."""

from collections import Counter
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from models.rules.facts import CaseFacts

MONTHS = 12
LEAST = 7  # incidents give six gaps: the last three are compared with the three before


class IncidentPattern(NamedTuple):
    """A summary of the incidents of all linked cases. `shortening` is None if there are too few to judge."""

    months: tuple[tuple[date, int], ...]  # the first day of each of twelve months, the last being the current one
    incidents: int
    breaches: int
    shortening: bool | None
    last_act_on: date | None


def pattern(facts: CaseFacts, day: date) -> IncidentPattern:
    """Summarise the pattern up to and including `day`, by the days on which its incidents occurred.

    Source: the protocol of 23 May 2018: look at patterns of behaviour, not at incidents in isolation.
    """
    supplied = (incident for incident in (*facts.incidents, *facts.linked_incidents) if incident.supplied)
    acts = sorted((incident.occurred_on, incident.breach) for incident in supplied if incident.occurred_on <= day)
    days = [on for on, _ in acts]
    recorded = [on for on in (facts.case.last_act_on, *days[-1:]) if on is not None and on <= day]
    firsts = [_months_before(day, number) for number in reversed(range(MONTHS))]
    in_month = Counter(on.replace(day=1) for on in days)
    return IncidentPattern(
        months=tuple((first, in_month[first]) for first in firsts),
        incidents=len(days),
        breaches=sum(breach for _, breach in acts),
        shortening=shortening(days),
        last_act_on=max(recorded, default=None),
    )


def shortening(days: list[date]) -> bool | None:
    """Return whether the last three gaps between incidents average less than the three before; None below seven.

    `days` are in order. Two incidents on one day have a gap of 0 days between them.
    """
    if len(days) < LEAST:
        return None
    gaps = [(later - earlier).days for earlier, later in pairwise(days[-LEAST:])]
    return sum(gaps[3:]) < sum(gaps[:3])


def _months_before(day: date, number: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - number, 12)
    return date(year, month + 1, 1)
