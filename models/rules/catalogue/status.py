"""The present status of the suspect: what the rules about it share."""

from datetime import date

from config.terms import EndReason, OwedBy
from models.rules.facts import CaseFacts
from models.rules.result import CASE, OwesNothing
from models.rules.sight import SentColumn

SUSPECT_STATUS = SentColumn("cases.csv", "suspect_status")


def status_unseen(facts: CaseFacts) -> OwesNothing | None:
    """Return what is said of a status that nobody can see; None if it is known, or known to be empty."""
    if facts.case.suspect_status is not None:
        return None
    why = facts.sight.blind(SUSPECT_STATUS, facts.case.source_id, OwedBy.POLICE)
    return OwesNothing(CASE, EndReason.UNSEEN, why) if why else None


def of_present_status(facts: CaseFacts, recorded: date | None) -> bool:
    """Return whether a recorded day is not before the present status.

    Where the status is known since its source's first extract, nobody knows when it began: no recorded day counts as
    before it.
    """
    if recorded is None:
        return False
    return since_first_extract(facts) or recorded >= facts.status_day


def since_first_extract(facts: CaseFacts) -> bool:
    """Return whether the status is known since its source's first extract, without its day."""
    row = facts.case
    return row.status_seen_on is None and row.status_on != row.status_changed_on
