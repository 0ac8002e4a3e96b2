"""Outcomes from extracts: record a force's sittings as its sources report them, so that nobody has to enter them."""

from datetime import date, datetime
from typing import NamedTuple

from config.terms import Verb
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.obligations import worklist
from models.queries.reviews import extract_outcomes
from models.queries.reviews.extract_outcomes import ExtractReview, UncountedOutcome
from tasks.platform.configuration import Configuration
from tasks.reviews.failed_reviews import notify_leads
from tasks.servers.database import transaction


class OutcomeCounts(NamedTuple):
    """Counts of outcomes that extracts supplied, and of outcomes that they withdrew."""

    recorded: int
    withdrawn: int

    @property
    def changed(self) -> bool:
        """Return whether any case must be projected again."""
        return self.recorded + self.withdrawn > 0


def record_from_extracts(configuration: Configuration, force_code: str, today: date, at: datetime) -> OutcomeCounts:
    """Record the outcomes that extracts supply for a force's sittings, and withdraw those that they no longer supply.

    One transaction also marks the cases as changed, and notifies both sides' leads of reviews that failed again.
    """
    with transaction() as connection:
        supplied = extract_outcomes.unrecorded(connection, force_code, today)
        if supplied:
            extract_outcomes.write(connection, supplied, today, at)
        withdrawn = extract_outcomes.withdraw(connection, force_code, today)
        found: list[ExtractReview | UncountedOutcome] = [*supplied, *withdrawn]
        changed = sorted({outcome.case_id for outcome in found})
        if changed:
            worklist.mark_changed(connection, changed)
            audit.record(connection, *map(_entry, found))
            notify_leads(configuration, connection, changed, today, at)
    return OutcomeCounts(len(supplied), len(withdrawn))


def _entry(outcome: ExtractReview | UncountedOutcome) -> AuditEntry:
    detail: dict[str, object] = {"held": False}
    if isinstance(outcome, ExtractReview):
        detail = {"held": True, "police": outcome.police_attended, "cps": outcome.cps_attended}
    return AuditEntry(
        Verb.COMBINATION, "outcome", f"{outcome.sitting_ref}/{outcome.case_ref}", reason="extract", detail=detail
    )
