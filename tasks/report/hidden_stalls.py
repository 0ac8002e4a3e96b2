"""Which counts of stalls no page prints: two months' pages hang together by the cases that were stalled between them.

Those stalled when a month began and its new stalls are those that ended and those stalled on its last day. So of two
pages, three of these numbers give the fourth.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from models.queries.report.places import Figures, ReportPlace
from models.rules.report.small_numbers import Sum, hidden

OPENED, CLEARED, AT_END = "stalls_opened", "stalls_cleared", "stalled_at_end"
Across = Callable[[str], list[Sum]]  # the sums of a figure over the places, of `ReportPlace`s


class HiddenStalls(NamedTuple):
    """The places of which each of these figures is hidden."""

    opened: frozenset[ReportPlace]
    cleared: frozenset[ReportPlace]
    at_end: frozenset[ReportPlace]


def hidden_stalls(figures: Mapping[ReportPlace, Figures], across: Across) -> HiddenStalls:
    """Return what to hide of the stalls of all places.

    What is hidden on a month's last day depends on those numbers alone, so that the next month's page knows it. New
    stalls are hidden wherever one of the four is, and those that ended wherever either of both is. So whatever one of
    the four may be in the eyes of a reader, new stalls can make up for it.
    """
    opened, cleared, at_end = (_numbers(figures, key) for key in (OPENED, CLEARED, AT_END))
    before = {place: number + cleared[place] - opened[place] for place, number in at_end.items()}
    small_opened, small_cleared, small_at_end, small_before = (
        hidden(numbers, across(key), printed=numbers)
        for key, numbers in ((OPENED, opened), (CLEARED, cleared), (AT_END, at_end), (AT_END, before))
    )
    return HiddenStalls(
        small_opened | small_cleared | small_at_end | small_before, small_opened | small_cleared, small_at_end
    )


def _numbers(figures: Mapping[ReportPlace, Figures], key: str) -> dict[ReportPlace, int]:
    return {place: int(found.get(key) or 0) for place, found in figures.items()}
