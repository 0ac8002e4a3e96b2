"""Sittings and due reviews of one pair, for tests of what is decided about them."""

from datetime import UTC, date, datetime, time

from config.sittings import ConveningEnd
from config.terms import Risk, Severity
from models.rules.reviews.convening import DueCase, HeldPlace
from models.rules.reviews.convening_book import DueReview, SittingAhead
from models.rules.reviews.convening_reason import ConveningGrounds

TODAY = date(2026, 3, 12)
TUESDAYS = [date(2026, 3, 17), date(2026, 3, 24), date(2026, 3, 31)]


def sitting(number: int, *, places: int = 2, taken: int = 0, chair: str = "K1") -> SittingAhead:
    """The sitting of the first, second or third Tuesday to come."""
    day = TUESDAYS[number - 1]
    starts_at = datetime.combine(day, time(10), UTC)
    return SittingAhead(
        number, f"s{number}", "45", "South East", day, starts_at, places, chair, "Room 2", None, tuple(range(taken))
    )


def held(number: int, *, due_on: date = TUESDAYS[2], deadline_on: date = TUESDAYS[2]) -> HeldPlace:
    return HeldPlace(f"s{number}", due_on, deadline_on)


def review(
    ref: str, *, at: HeldPlace | None = None, due_on: date = TUESDAYS[2], risk: Risk = Risk.HIGH,
    barred: tuple[str, ...] = (), slot: int = 0, end: ConveningEnd | None = None,
) -> DueReview:  # fmt: skip
    """A review that is due soon, with the place that it has."""
    due = DueCase(ref, risk, Severity.DUE_SOON, due_on, date(2026, 3, 2), at)
    sitting_id = int(at.sitting[1:]) if at else None
    grounds = ConveningGrounds(due_on, (), frozenset(), end)
    return DueReview(int(ref), "45", "South East", due, sitting_id, slot if at else None, frozenset(barred), grounds)
