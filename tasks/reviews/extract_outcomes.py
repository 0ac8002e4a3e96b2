"""Outcomes: what the extracts tell of a force's sittings is recorded, so that nobody has to say it twice."""

from datetime import date, datetime
from typing import NamedTuple

from config.terms import Verb
from models.queries import audit
from models.queries.reviews import extract_outcomes
from models.queries.reviews.extract_outcomes import ExtractReview, UncountedOutcome
from tasks.platform.database import transaction
from tasks.reviews.failed_reviews import tell_leads


class OutcomeCounts(NamedTuple):
    """How many outcomes extracts told, and how many they took back."""

    recorded: int = 0
    unsaid: int = 0

    @property
    def changed(self) -> bool:
        """Whether anything has to be projected again."""
        return self.recorded + self.unsaid > 0


def record_from_extracts(force_code: str, today: date, at: datetime) -> OutcomeCounts:
    """Record what extracts say came of a force's sittings, and take back what they say no more, as one commit.

    The cases are marked as changed. Where a review failed again, both sides' leads are told.
    """
    with transaction() as connection:
        told = extract_outcomes.sent(connection, force_code, today)
        if told:
            extract_outcomes.write(connection, told, today, at)
        unsaid = extract_outcomes.unsay(connection, force_code, today)
        found: list[ExtractReview | UncountedOutcome] = [*told, *unsaid]
        changed = sorted({one.case_id for one in found})
        if changed:
            extract_outcomes.mark_changed(connection, changed)
            audit.record(connection, [_entry(one) for one in found])
            tell_leads(connection, changed, today, at)
    return OutcomeCounts(len(told), len(unsaid))


def _entry(one: ExtractReview | UncountedOutcome) -> audit.AuditEntry:
    detail: dict[str, object] = {"held": False}
    if isinstance(one, ExtractReview):
        detail = {"held": True, "police": one.police_attended, "cps": one.cps_attended}
    return audit.AuditEntry(
        verb=Verb.COMBINATION, by="casebeat", about="outcome", ref=f"{one.sitting_ref}/{one.case_ref}", to_ref=None,
        reason="extract", detail=detail,
    )  # fmt: skip
