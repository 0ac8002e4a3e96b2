"""Horizons: how far ahead each pair of force and CPS Area is convened, planned and listed."""

from collections.abc import Collection
from datetime import date

from models.rules.reviews.convening_book import PairHorizon
from models.rules.reviews.sitting_days import back, last_day
from tasks.platform.configuration import Configuration


def listed_horizons(configuration: Configuration, today: date) -> dict[tuple[str, str], date]:
    """Return the last day to which the cases of each pair with a panel are listed: the furthest of its horizons."""
    found: dict[tuple[str, str], date] = {}
    for panel in configuration.panels.panels:
        pair = panel.force_code, panel.cps_area
        found[pair] = max(found.get(pair, today), last_day(panel, today))
    return found


def horizons(configuration: Configuration, today: date) -> dict[tuple[str, str], date]:
    """Return the last day to which each pair is convened. Nothing is convened before a force's first day."""
    waiting = configuration.waiting(today)
    return {pair: until for pair, until in listed_horizons(configuration, today).items() if pair[0] not in waiting}


def planned_until(configuration: Configuration, today: date) -> dict[tuple[str, str], date]:
    """Return the last day on which each pair may sit by what is planned today: none to come of a force that waits."""
    return dict.fromkeys(listed_horizons(configuration, today), today) | horizons(configuration, today)


def pairs_of(configuration: Configuration, force_codes: Collection[str], today: date) -> list[PairHorizon]:
    """List the pairs of forces that have a panel, with their horizons."""
    ahead = sorted(
        (code, area, until) for (code, area), until in horizons(configuration, today).items() if code in force_codes
    )
    return [PairHorizon(code, area, until) for code, area, until in ahead]


def outcomes_due(configuration: Configuration, force_codes: Collection[str], today: date) -> dict[str, date]:
    """Return the first day of each force whose sittings may still wait for their outcome."""
    calendar = configuration.calendar
    return {code: back(today, configuration.outcome_within(code), calendar) for code in force_codes}
