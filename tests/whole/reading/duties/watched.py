"""Cases presumed to be stalking, and since when a case is watched (specification 3), from the text alone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tests.whole.reading.duties.protocol import answered, may_be_stalking, trigger

if TYPE_CHECKING:
    from tests.whole.reading.facts import Facts


def unanswered(facts: Facts) -> bool:
    """Return whether nobody says why a case is not stalking, though there is a trigger and a column for it."""
    sent = facts.store.sees(facts.case, "cases", "why_not_stalking_on")
    return sent and trigger(facts) is not None and not answered(facts)


def presumed(facts: Facts) -> bool:
    """Return whether a case is presumed to be stalking."""
    return may_be_stalking(facts) and unanswered(facts)


def guarded(facts: Facts) -> bool:
    """Return whether the safety duties are owed: of stalking, and of what is presumed to be."""
    return facts.in_scope or (facts.store.presumed != "off" and presumed(facts))


def reviewed(facts: Facts) -> bool:
    """Return whether reviews, progress and a charge are owed."""
    return facts.in_scope or (facts.store.presumed == "all" and presumed(facts))


def watched_since(facts: Facts) -> date:
    """Give the day from which a case is watched."""
    day = trigger(facts) if presumed(facts) else None
    return day or facts.case["opened_on"]
