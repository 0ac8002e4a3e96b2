"""Seating: how far ahead a force's pairs are convened, and which places there are, for whoever gives them out."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import count, filterfalse

from models.queries.reviews.convenings import DueReview, OpenSitting, PairHorizon
from models.rules.reviews.convening import PanelSitting
from models.rules.reviews.sitting_days import back, last_day
from tasks.platform import configuration


def horizons(today: date) -> dict[tuple[str, str], date]:
    """How far ahead each pair of force and Area that has a panel is convened: as far as the one that plans furthest."""
    found: dict[tuple[str, str], date] = {}
    for panel in configuration.panels().panels:
        pair = panel.force_code, panel.cps_area
        found[pair] = max(found.get(pair, today), last_day(panel, today))
    return found


def pairs_of(force_code: str, next_days: Mapping[str, date], today: date) -> list[PairHorizon]:
    """The Areas that a force has a panel with: how far ahead, and the next day on which each sits."""
    ahead = sorted((area, until) for (code, area), until in horizons(today).items() if code == force_code)
    return [PairHorizon(area, until, next_days.get(area)) for area, until in ahead]


def sittings_with_places(theirs: Sequence[OpenSitting], found: Sequence[DueReview], today: date) -> list[PanelSitting]:
    """The sittings with the places that are left by all but these cases."""
    settled, calendar = configuration.policy().convening.settled, configuration.calendar()
    own = Counter(each.sitting_id for each in found)
    return [
        PanelSitting(
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
