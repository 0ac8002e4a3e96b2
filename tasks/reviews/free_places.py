"""Horizons and free places of a force's sittings, for convening and moving cases."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from itertools import count, filterfalse

from models.queries.reviews.convenings import DueReview, PairHorizon
from models.queries.reviews.sittings import OpenSitting
from models.rules.reviews.convening import PanelSitting
from models.rules.reviews.sitting_days import back, last_day
from tasks.platform import configuration


def listed_horizons(today: date) -> dict[tuple[str, str], date]:
    """Return the last day to which the cases of each pair with a panel are listed: the furthest of its horizons."""
    found: dict[tuple[str, str], date] = {}
    for panel in configuration.panels().panels:
        pair = panel.force_code, panel.cps_area
        found[pair] = max(found.get(pair, today), last_day(panel, today))
    return found


def horizons(today: date) -> dict[tuple[str, str], date]:
    """Return the last day to which each pair is convened. Nothing is convened before a force's first day."""
    waiting = configuration.waiting(today)
    return {pair: until for pair, until in listed_horizons(today).items() if pair[0] not in waiting}


def planned_until(today: date) -> dict[tuple[str, str], date]:
    """Return the last day on which each pair may sit by what is planned today: none to come of a force that waits."""
    return dict.fromkeys(listed_horizons(today), today) | horizons(today)


def pairs_of(force_codes: Collection[str], next_days: Mapping[tuple[str, str], date], today: date) -> list[PairHorizon]:
    """List the pairs of forces that have a panel, with their horizons and the next day on which each sits."""
    ahead = sorted((code, area, until) for (code, area), until in horizons(today).items() if code in force_codes)
    return [PairHorizon(code, area, until, next_days.get((code, area))) for code, area, until in ahead]


def sittings_with_places(theirs: Sequence[OpenSitting], found: Sequence[DueReview], today: date) -> list[PanelSitting]:
    """Return the sittings with the places that are free when the found cases give up theirs."""
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
    """Yield a sitting's free slots, the lowest first, without end."""
    return filterfalse(set(taken).__contains__, count())
