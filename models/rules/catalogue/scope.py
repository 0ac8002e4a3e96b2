"""Which cases a rule is for: the answers that are the same for every rule with the same scope."""

from config.terms import EndReason
from models.rules.facts import CaseFacts
from models.rules.result import CASE, OwesNothing

FINALISED = OwesNothing(CASE, EndReason.FINALISED, "the case is finalised")
NOT_STALKING = OwesNothing(CASE, EndReason.OUT_OF_SCOPE, "the case is not recorded as stalking")
NEITHER = OwesNothing(CASE, EndReason.OUT_OF_SCOPE, "the case is recorded as neither stalking nor harassment")
NO_REFERRAL = OwesNothing(CASE, EndReason.OUT_OF_SCOPE, "nothing has been referred to CPS")
CHARGED = OwesNothing(CASE, EndReason.OUT_OF_SCOPE, "the suspect is charged")


def beyond_stalking(facts: CaseFacts) -> OwesNothing | None:
    """Why a rule for cases in scope (open, and stalking) is not for this one; None where it is.

    Finalisation is looked at first: it ends everything as finalised, whatever else changed.
    """
    if not facts.open:
        return FINALISED
    return None if facts.in_scope else NOT_STALKING


def beyond_uncharged_stalking(facts: CaseFacts) -> OwesNothing | None:
    """Why a rule for cases in scope and not charged is not for this one; None where it is."""
    return beyond_stalking(facts) or (CHARGED if facts.charged else None)


def beyond_stalking_or_harassment(facts: CaseFacts) -> OwesNothing | None:
    """Why a rule for open cases of stalking or harassment is not for this one; None where it is."""
    if not facts.open:
        return FINALISED
    return None if facts.stalking_or_harassment else NEITHER
