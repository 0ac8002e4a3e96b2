"""The plan of a pair's sittings when its panels are read again: kept, moved within their week, cancelled or new."""

import re
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import NamedTuple

from config.forces import spelling
from config.panels import Panel
from models.rules.reviews.sitting_days import Occurrence

_DAY = re.compile(r"-[0-9]{4}-[0-9]{2}-[0-9]{2}(-[0-9]+)?$")


class SittingTerms(NamedTuple):
    """A panel's terms for each of its sittings."""

    places: int
    minutes_per_case: int
    chair_ref: str
    place: str


class PlannedSitting(NamedTuple):
    """A future sitting of a pair."""

    id: int
    ref: str
    cps_area: str
    day: date
    starts_at: datetime
    terms: SittingTerms
    rule: str | None  # its panel's timetable; null: it was planned before sittings kept it
    ruled_on: date | None  # its day by the rule


class SittingChanges(NamedTuple):
    """The differences. `moved` and `amended` are sittings in their new form: at another moment, or on other terms.

    Those that are `ruled` differ in nothing but the rule that names their day.
    """

    new: list[Occurrence]
    moved: list[PlannedSitting]
    amended: list[PlannedSitting]
    ruled: list[PlannedSitting]
    cancelled: list[PlannedSitting]


def plan(current: Iterable[PlannedSitting], asked: Iterable[Occurrence]) -> SittingChanges:
    """Match a pair's sittings with its panels' plans: at the same moment, else in the same week, else not at all.

    A sitting that moves keeps its reference and its history. One without a match is cancelled.
    """
    unmatched = {sitting.starts_at: sitting for sitting in current}
    wanted = {occurrence.starts_at: occurrence for occurrence in asked}
    same = [(unmatched.pop(moment), wanted.pop(moment)) for moment in sorted(unmatched.keys() & wanted.keys())]
    moved = []
    for moment in sorted(unmatched):
        week = unmatched[moment].day.isocalendar()[:2]
        found = next((at for at in sorted(wanted) if wanted[at].day.isocalendar()[:2] == week), None)
        if found is not None:
            moved.append(_as(unmatched.pop(moment), wanted.pop(found)))
    amended = [_as(was, now) for was, now in same if was.terms != terms(now.panel)]
    ruled = [_as(was, now) for was, now in same if was.terms == terms(now.panel) and was != _as(was, now)]
    return SittingChanges([wanted[moment] for moment in sorted(wanted)], moved, amended, ruled, [*unmatched.values()])


def terms(panel: Panel) -> SittingTerms:
    """Return a panel's terms."""
    return SittingTerms(panel.cases, panel.minutes_per_case, panel.chair, panel.place)


def reference(force_code: str, cps_area: str, day: date, taken: Collection[str]) -> str:
    """Return a new sitting's permanent reference: its pair and its first planned day, with a number if taken."""
    ref = f"{force_code}-{spelling(cps_area).replace(' ', '-')}-{day.isoformat()}"
    return next(
        each for each in (ref, *(f"{ref}-{number}" for number in range(2, len(taken) + 3))) if each not in taken
    )


def pair_of(ref: str) -> str:
    """Return the pair's part of a sitting's reference, which all sittings of the pair share: 45-south-east."""
    return _DAY.sub("", ref)


def _as(was: PlannedSitting, now: Occurrence) -> PlannedSitting:
    rule = str(now.panel.timetable)
    return was._replace(day=now.day, starts_at=now.starts_at, terms=terms(now.panel), rule=rule, ruled_on=now.ruled_on)
