"""The scopes of rules: the answers shared by every rule with the same scope."""

from config.terms import EndReason
from models.rules.facts import CaseFacts
from models.rules.result import CASE, OwesNothing

FINALISED = OwesNothing(CASE, EndReason.FINALISED, "the case is finalised")
NOT_STALKING = OwesNothing(CASE, EndReason.OUT_OF_SCOPE, "the case is not recorded as stalking")
NEITHER = OwesNothing(CASE, EndReason.OUT_OF_SCOPE, "the case is recorded as neither stalking nor harassment")
NO_REFERRAL = OwesNothing(CASE, EndReason.OUT_OF_SCOPE, "nothing has been referred to CPS")
CHARGED = OwesNothing(CASE, EndReason.OUT_OF_SCOPE, "the suspect is charged")


def beyond_stalking(facts: CaseFacts) -> OwesNothing | None:
    """Return why a rule for cases in scope (open and stalking) does not apply to this case; None if it does.

    Finalisation comes first: it ends every obligation as finalised, whatever else changed.
    """
    if not facts.open:
        return FINALISED
    return None if facts.in_scope else NOT_STALKING


def beyond_uncharged_stalking(facts: CaseFacts) -> OwesNothing | None:
    """Return why a rule for uncharged cases in scope does not apply to this case; None if it does."""
    return beyond_stalking(facts) or (CHARGED if facts.charged else None)


def beyond_stalking_or_harassment(facts: CaseFacts) -> OwesNothing | None:
    """Return why a rule for open stalking or harassment cases does not apply to this one; None if it does."""
    if not facts.open:
        return FINALISED
    return None if facts.stalking_or_harassment else NEITHER
