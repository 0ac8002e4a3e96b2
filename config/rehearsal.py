"""The assumption of a rehearsal about answers, and what of a policy it does not show."""

from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum

from config.policy import Policy

MEASURED = timedelta(weeks=8)  # before the first rehearsed day
FEW = 5  # obligations: the pace of fewer says nothing


class Answers(StrEnum):
    """Who answers in the rehearsed weeks."""

    NOBODY = "nobody"
    AS_BEFORE = "as-before"  # at the pace of the weeks before


# No letter of a rehearsal is composed or sent, no extract is judged, and nobody replies, promises or erases.
NOT_REHEARSED = ("acknowledge", "intake", "letter", "clock", "delivery", "replies", "retention", "pattern")


def untried(now: Policy, tried: Policy) -> tuple[str, ...]:
    """Return the numbers that a policy changes and a rehearsal does not show, as `letter.longest.yours`."""
    values = [policy.model_dump(mode="json", by_alias=True, include=set(NOT_REHEARSED)) for policy in (now, tried)]
    return tuple(_differing("", *values))


def _differing(path: str, now: object, tried: object) -> Iterator[str]:
    if isinstance(now, dict) and isinstance(tried, dict):
        for key in sorted(now.keys() | tried.keys()):
            yield from _differing(f"{path}.{key}" if path else key, now.get(key), tried.get(key))
    elif now != tried:
        yield path
