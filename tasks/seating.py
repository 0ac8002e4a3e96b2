"""Seating: how far ahead a force's pairs are convened, and which places there are, for whoever gives them out."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import count, filterfalse

from models.queries.convenings import Found, Open, Pair
from models.rules.convening import Sitting
from models.rules.sitting_days import back, last_day
from tasks import numbers


def pairs_of(force_code: str, next_days: Mapping[str, date], today: date) -> list[Pair]:
    """The Areas that a force has a panel with: as far ahead as the one that plans the furthest."""
    until: dict[str, date] = {}
    for panel in numbers.panels().of(force_code):
        until[panel.cps_area] = max(until.get(panel.cps_area, today), last_day(panel, today))
    return [Pair(area, until[area], next_days.get(area)) for area in sorted(until)]


def sittings_with_places(theirs: Sequence[Open], found: Sequence[Found], today: date) -> list[Sitting]:
    """The sittings with the places that are left by all but these cases."""
    settled, calendar = numbers.policy().convening.settled, numbers.calendar()
    own = Counter(each.sitting_id for each in found)
    return [
        Sitting(
            each.ref,
            each.day,
            max(0, each.places - len(each.slots) + own[each.id]),
            movable=today < back(each.day, settled, calendar),
        )
        for each in theirs
    ]


def free_slots(taken: Collection[int]) -> Iterator[int]:
    """The slots of a sitting that are free, the lowest first."""
    return filterfalse(set(taken).__contains__, count())
