"""Made-up messages about repeatedly failed reviews."""

from dataclasses import replace
from datetime import date

from config.authority import Authority
from config.message_kinds import MessageKind
from tasks.messages.failed_review.contexts import FailedReviewContext, FailedSitting

_TWICE = FailedReviewContext(
    day=date(2026, 3, 18),
    reader="lead",
    asks="police",
    reference="45/SAMPLE-0008",
    urn="45ZZ0000008",
    restricted=0,
    failed=(
        FailedSitting(on=date(2026, 3, 17), how="not_reached"),
        FailedSitting(on=date(2026, 3, 10), how="police"),
    ),
    last_on=date(2026, 2, 10),
    opened_on=date(2026, 1, 12),
    due_on=date(2026, 3, 10),
    days=8,
    next_on=date(2026, 3, 24),
    duty=Authority.PUBLISHED,
    number=Authority.LOCAL,
)
_NEVER = replace(
    _TWICE,
    asks="cps",
    urn=None,
    failed=(
        *_TWICE.failed,
        FailedSitting(on=date(2026, 3, 3), how="cps"),
        FailedSitting(on=date(2026, 2, 24), how="not_held"),
    ),
    last_on=None,
    due_on=date(2026, 3, 18),
    days=0,
    next_on=None,
)
UNHELDS = {
    "failed-review-twice": (MessageKind.FAILED_REVIEW, _TWICE),
    "failed-review-never-held": (MessageKind.FAILED_REVIEW, _NEVER),
    "failed-review-restricted": (MessageKind.FAILED_REVIEW, replace(_TWICE, reference="", urn=None, restricted=1)),
}
