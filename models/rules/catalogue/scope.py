"""The scopes of rules: the answers shared by every rule with the same scope."""

from config.presumption import Presumption
from config.terms import Classification, EndReason, FinalisedReason
from models.rules.facts import CaseFacts
from models.rules.result import CASE, GONE, OwesNothing
from models.rules.sight import SentColumn

FINALISED = OwesNothing(CASE, EndReason.FINALISED, "the case is finalised", said="the case was finalised")
NOT_STALKING = OwesNothing(
    CASE,
    EndReason.OUT_OF_SCOPE,
    "the case is not recorded as stalking",
    said="the case is not recorded as stalking any more",
)
NOT_GUARDED = OwesNothing(CASE, EndReason.OUT_OF_SCOPE, "the case is not recorded as stalking")
WHY_NOT_ANSWERED = OwesNothing(
    CASE,
    EndReason.OUT_OF_SCOPE,
    "it is recorded why the case is not stalking",
    said="the reason why it is not stalking was recorded",
)
NO_QUESTION = OwesNothing(
    CASE,
    EndReason.OUT_OF_SCOPE,
    "the case is not recorded as stalking, and nothing raises the question whether it is",
    said="nothing is recorded any more that raises the question whether it is stalking",
)
NEITHER = OwesNothing(CASE, EndReason.OUT_OF_SCOPE, "the case is recorded as neither stalking nor harassment")
TAKEN_OVER = OwesNothing(CASE, EndReason.OUT_OF_SCOPE, "the case was transferred, and another force has it")
NO_REFERRAL = OwesNothing(
    CASE,
    EndReason.OUT_OF_SCOPE,
    "no referral to CPS is recorded",
    said=GONE,
    kept_in=SentColumn("referrals.csv", "submitted_on"),
)
NOT_ON_BAIL = OwesNothing(
    CASE, EndReason.OUT_OF_SCOPE, "the suspect is not on bail", said="the suspect is not on bail any more"
)
NO_CLOCK = OwesNothing(
    CASE,
    EndReason.OUT_OF_SCOPE,
    "no offence on it is stalking or harassment, and it is recorded as neither",
    said="neither its classification nor an offence makes it stalking, and nor harassment, any more",
)
NOT_SUMMARY = OwesNothing(CASE, EndReason.OUT_OF_SCOPE, "no offence on it has the six-month limit")
NOT_CHARGED = OwesNothing(
    CASE, EndReason.OUT_OF_SCOPE, "the suspect is not charged", said="no charge is recorded any more"
)
CHARGED_IN_TIME = OwesNothing(
    CASE, EndReason.MET, "the suspect is charged with stalking or harassment", said="the suspect was charged with it"
)
CHARGED = OwesNothing(CASE, EndReason.MET, "the suspect is charged", said="the suspect was charged")


def finalised(facts: CaseFacts) -> OwesNothing:
    """Return the answer for a case that is finalised, with its day."""
    return FINALISED._replace(on=facts.case.finalised_on)


def charged(facts: CaseFacts) -> OwesNothing:
    """Return the answer for a case in which the suspect is charged, with the day of the charge."""
    return CHARGED._replace(on=facts.case.charged_on)


def beyond_stalking(facts: CaseFacts) -> OwesNothing | None:
    """Return why a rule for cases in scope (open and stalking) does not apply to this case; None if it does.

    Finalisation comes first: it ends every obligation as finalised, whatever else changed.
    """
    if not facts.open:
        return finalised(facts)
    return None if facts.in_scope else NOT_STALKING


def beyond_guarded(facts: CaseFacts) -> OwesNothing | None:
    """Return why a rule for guarded cases, in scope or presumed stalking, does not apply to this case; None if it does.

    The reason why it is not stalking ends what a presumed case owes, and so does another classification.
    """
    if not facts.open:
        return finalised(facts)
    return None if facts.guarded else _not_guarded(facts, watched=facts.presumption is not Presumption.OFF)


def beyond_fully_guarded(facts: CaseFacts) -> OwesNothing | None:
    """Return why a rule for cases in scope, and for presumed ones where the policy says all, does not apply to it."""
    if not facts.open:
        return finalised(facts)
    return None if facts.fully_guarded else _not_guarded(facts, watched=facts.presumption is Presumption.ALL)


def _not_guarded(facts: CaseFacts, *, watched: bool) -> OwesNothing:
    """Return why a case is not guarded; `watched` where it would be, if it were presumed stalking."""
    row, harassment = facts.case, facts.case.classification is Classification.HARASSMENT
    if not watched:
        return NOT_STALKING if facts.once_stalking else NOT_GUARDED
    if not harassment and not facts.once_stalking:
        return NEITHER
    if row.why_not_answered:
        return WHY_NOT_ANSWERED._replace(on=row.why_not_stalking_on)
    if facts.question is None:
        return NO_QUESTION
    return OwesNothing(CASE, EndReason.UNSEEN, facts.why_not_unseen)


def beyond_uncharged(facts: CaseFacts) -> OwesNothing | None:
    """Return why a rule for uncharged cases that are fully guarded does not apply to this case; None if it does."""
    return beyond_fully_guarded(facts) or (charged(facts) if facts.charged else None)


def beyond_kept(facts: CaseFacts) -> OwesNothing | None:
    """Return why a rule for orders, which outlive their case, does not apply to this case; None if it does.

    That the case is finalised ends nothing: another force has taken it, or it is of no kind whose orders are watched.
    """
    if facts.kept:
        return None
    gone = facts.taken_over and facts.case.finalised_reason is FinalisedReason.TRANSFERRED
    return TAKEN_OVER if gone else NEITHER


def beyond_stalking_or_harassment(facts: CaseFacts) -> OwesNothing | None:
    """Return why a rule for open stalking or harassment cases does not apply to this one; None if it does."""
    if not facts.open:
        return finalised(facts)
    return None if facts.stalking_or_harassment else NEITHER


def beyond_clocks(facts: CaseFacts) -> OwesNothing | None:
    """Return why a clock does not run for this case; None if it does. Clocks go by offence code too."""
    if not facts.open:
        return finalised(facts)
    return None if facts.clock_case else NO_CLOCK


def beyond_uncharged_bail(alone: CaseFacts) -> OwesNothing | None:
    """Return why a rule for pre-charge bail does not apply to the only suspect of this view; None if it does.

    The charge comes before the status: bail that ended by charge ends as met.
    """
    if alone.charged:
        return charged(alone)
    return None if alone.case.on_bail else NOT_ON_BAIL._replace(on=alone.status_recorded_on)


def beyond_summary_offences(facts: CaseFacts) -> OwesNothing | None:
    """Return why the six-month limit of a summary offence is none of this case's; None if it may be."""
    beyond = beyond_clocks(facts)
    return beyond or (None if facts.summary_offence else NOT_SUMMARY)


def beyond_six_months(facts: CaseFacts) -> OwesNothing | None:
    """Return why the six-month limit does not run for this case, or no more; None if it runs.

    The charge that stops it has a stalking or harassment code. One of another offence, or of the breach of an order,
    does not; of one whose codes are not sent, nobody can say.
    """
    if beyond := beyond_summary_offences(facts):
        return beyond
    if facts.pha_charged:
        return CHARGED_IN_TIME._replace(on=facts.case.charged_on)
    unseen = facts.charged_codes_unseen
    return OwesNothing(CASE, EndReason.UNSEEN, unseen) if unseen else None
