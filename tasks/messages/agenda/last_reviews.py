"""What the last review of a case decided, and what became of it; pure functions of values."""

from collections.abc import Iterator
from datetime import date

from config.terms import ActionSource
from models.queries.reviews.agenda import LastReviewRow
from models.rules.facts import CaseFacts, ReviewFact
from tasks.messages.agenda.contexts import LastReview, ReviewAction


def last_review(facts: CaseFacts, recorded: LastReviewRow | None) -> LastReview | None:
    """Return the outcome of the last sitting, or a later quorate review that only an extract supplied."""
    held = max(
        (one for one in (*facts.reviews, *facts.linked_reviews) if one.counts),
        key=lambda one: (one.held_on, one.ref),
        default=None,
    )
    if recorded is None or (held and held.held_on > recorded.on and held.ref != recorded.review_ref):
        return _from_extract(held, facts) if held else None
    return LastReview(
        on=recorded.on,
        held=recorded.held,
        quorate=recorded.quorate,
        decisions=recorded.decisions,
        assessed=recorded.assessed,
        enquiries=recorded.enquiries,
        referred_on=min(
            (one.submitted_on for one in facts.referrals if one.supplied and one.submitted_on >= recorded.on),
            default=None,
        ),
        actions=tuple(_undertaken(facts, recorded.on)),
        key=f"last|{recorded.on}|{recorded.held}|{','.join(recorded.decisions)}{recorded.enquiries or ''}",
    )


def _from_extract(held: ReviewFact, facts: CaseFacts) -> LastReview:
    return LastReview(
        on=held.held_on,
        held=True,
        quorate=True,
        decisions=(),
        assessed=None,
        enquiries=None,
        referred_on=None,
        actions=tuple(_undertaken(facts, held.held_on)),
        key=f"last|{held.held_on}",
    )


def _undertaken(facts: CaseFacts, since: date) -> Iterator[ReviewAction]:
    """Yield the actions that reviews raised on or after a day, with their status."""
    for one in facts.actions:
        if one.source is ActionSource.JOINT_REVIEW and one.supplied and one.raised_on >= since:
            yield ReviewAction(
                ref=one.ref,
                owner=one.owner_agency,
                status=one.status,
                on=one.due_on if one.live else one.closed_on,
                key=f"action|{one.ref}|{one.status}",
            )
