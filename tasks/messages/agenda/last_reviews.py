"""What the last review of a case decided, and what became of it; pure functions of values."""

from collections.abc import Iterator
from datetime import date

from config.terms import ActionSource
from models.queries.reviews.agenda import LastReviewRow
from models.rules.facts import CaseFacts
from models.rules.row_facts import ReviewFact
from tasks.messages.agenda.contexts import LastReview, ReviewAction


def last_review(facts: CaseFacts, recorded: LastReviewRow | None) -> LastReview | None:
    """Return the outcome of the last sitting, or a later quorate review that only an extract supplied."""
    review = max(
        (review for review in (*facts.reviews, *facts.linked_reviews) if review.counts),
        key=lambda one: (one.held_on, one.ref),
        default=None,
    )
    if recorded is None or (review and review.held_on > recorded.on and review.ref != recorded.review_ref):
        return _from_extract(review, facts) if review else None
    return LastReview(
        on=recorded.on,
        held=recorded.held,
        quorate=recorded.quorate,
        decisions=recorded.decisions,
        assessed=recorded.assessed,
        enquiries=recorded.enquiries,
        referred_on=min(
            (
                referral.submitted_on
                for referral in facts.referrals
                if referral.supplied and referral.submitted_on >= recorded.on
            ),
            default=None,
        ),
        actions=tuple(_undertaken(facts, recorded.on)),
        key=f"last|{recorded.on}|{recorded.held}|{','.join(recorded.decisions)}{recorded.enquiries or ''}",
    )


def _from_extract(review: ReviewFact, facts: CaseFacts) -> LastReview:
    return LastReview(
        on=review.held_on,
        held=True,
        quorate=True,
        decisions=(),
        assessed=None,
        enquiries=None,
        referred_on=None,
        actions=tuple(_undertaken(facts, review.held_on)),
        key=f"last|{review.held_on}",
    )


def _undertaken(facts: CaseFacts, since: date) -> Iterator[ReviewAction]:
    """Yield the actions that reviews raised on or after a day, with their status."""
    for action in facts.actions:
        if action.source is ActionSource.JOINT_REVIEW and action.supplied and action.raised_on >= since:
            yield ReviewAction(
                ref=action.ref,
                owner=action.owner_agency,
                status=action.status,
                on=action.due_on if action.live else action.closed_on,
                key=f"action|{action.ref}|{action.status}",
            )
