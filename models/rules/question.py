"""The question why a case is not stalking: what raises it."""

from collections.abc import Iterable
from datetime import date

from config.terms import Relationship
from models.rules.case_row import CaseRow
from models.rules.row_facts import IncidentFact, ReferralFact

Fact = tuple[str, date]  # in words, with its day


def raised(row: CaseRow, incidents: Iterable[IncidentFact], referrals: Iterable[ReferralFact]) -> Fact | None:
    """Return the fact that raised the question, with its day.

    It is the declassification; otherwise the first of an ex-partner, a second incident and a referral.
    """
    if row.declassified_on is not None:
        return "no longer recorded as stalking since", row.declassified_on
    found = []
    if row.relationship is Relationship.EX_PARTNER:
        found.append((row.opened_on, "case against a former partner opened"))
    reported = sorted(incident.reported_on for incident in incidents if incident.supplied)
    if len(reported) > 1:
        found.append((reported[1], "second incident reported"))
    if referred := min((referral.submitted_on for referral in referrals if referral.supplied), default=None):
        found.append((referred, "case referred to CPS"))
    if not found:
        return None
    day, fact = min(found)
    return fact, day
