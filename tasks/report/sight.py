"""Sources that a month's figures are without: they lack a column, or sent no extract in the month."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple, Self

from config.terms import Agency
from models.queries.report.places import ReportPlace
from models.queries.report.reaches import SourceReach
from models.rules.catalogue.custody import IN_CUSTODY
from models.rules.obligations.coverage import KEEPERS, Coverage, FigureColumns, Looking, Seen, SourceSight
from models.rules.obligations.coverage import coverage as seen_of
from models.rules.obligations.rulebook import RULES
from models.rules.report.duties import BY_OWN_DAYS, LIMITS
from models.rules.sight import SentColumn
from tasks.report.sections import layout


class UnseenPart(StrEnum):
    """How much of a figure cannot be seen."""

    PARTLY = "partly"
    BLIND = "cannot be seen"
    SILENT = "no extracts"


class FigureSight(NamedTuple):
    """How much of a figure cannot be seen, and the sources that it is without."""

    unseen: UnseenPart
    without: tuple[str, ...]


class PlaceSight(NamedTuple):
    """The sight of a place: the day that all of its extracts reach, sources that reach less, and figures."""

    reach_on: date | None = None
    behind: Mapping[str, date] = {}
    figures: Mapping[str, FigureSight] = {}

    def as_stored(self) -> dict[str, Any]:
        """Return it as JSON."""
        return {
            "reach_on": self.reach_on and self.reach_on.isoformat(),
            "behind": {source: day.isoformat() for source, day in self.behind.items()},
            "figures": {key: [sight.unseen, *sight.without] for key, sight in self.figures.items()},
        }

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Self:
        """Read it from JSON; an empty one of a month that was kept by an earlier version."""
        reach_on = stored.get("reach_on")
        return cls(
            date.fromisoformat(reach_on) if reach_on else None,
            {source: date.fromisoformat(day) for source, day in stored.get("behind", {}).items()},
            {
                key: FigureSight(UnseenPart(how), tuple(names))
                for key, (how, *names) in stored.get("figures", {}).items()
            },
        )


Sights = Sequence[Mapping[ReportPlace, PlaceSight]]  # of the month, the one before and that of the year before
NOT_UNSEEN: Sights = ({}, {}, {})


class _Lack(NamedTuple):
    """A source that looks at a figure for some forces, and whether it is not in it."""

    source: str
    agency: Agency | None  # None where either agency's rows tell of it
    covers: frozenset[str]
    lacks: bool
    silent: bool


class MonthSight:
    """The sources that each place's figures of a month are without."""

    def __init__(self, sources: Sequence[SourceSight], reaches: Sequence[SourceReach], to_on: date) -> None:
        self._reaches, self._to_on = reaches, to_on
        self._silent = {one.source for one in reaches if not one.in_month}
        looked_at: list[Looking] = [*RULES.values(), *(FigureColumns(key, columns) for key, columns in _columns())]
        either = {one.name for one in looked_at if one.needs and not {each.file for each in one.needs} & KEEPERS.keys()}
        by_name: dict[str, list[_Lack]] = defaultdict(list)
        for one in seen_of(sources, looked_at):
            by_name[one.rule].append(self._lack(one, None if one.rule in either else one.agency))
        names = {key: key for key, _ in _columns()} | dict(_of_rules())
        self._lacks = {key: by_name[name] for key, name in names.items()}

    def _lack(self, one: Coverage, agency: Agency | None) -> _Lack:
        return _Lack(one.source, agency, one.covers, _lacks(one), one.source in self._silent)

    def of(self, forces: set[str]) -> PlaceSight:
        """Return what is not seen of a place that has cases of these forces."""
        mine = [one for one in self._reaches if forces & set(one.covers) and one.in_month and one.reach_on]
        behind = {one.source: one.reach_on for one in mine if one.reach_on and one.reach_on < self._to_on}
        figures = ((key, _sight(lacks, forces)) for key, lacks in self._lacks.items())
        found = {key: sight for key, sight in figures if sight}
        return PlaceSight(self._to_on if mine else None, behind, found)


def _columns() -> Iterator[tuple[str, tuple[SentColumn, ...]]]:
    """Yield each figure that looks at columns of its own, with these."""
    for key, figure in layout().figures.items():
        if not figure.rule and key.rpartition(".")[0] not in RULES:
            yield key, tuple(SentColumn(*column.split(": ")) for column in figure.columns)


def _of_rules() -> Iterator[tuple[str, str]]:
    """Yield each figure of a rule's duties, with the rule."""
    for rule in RULES:
        yield from ((f"{rule}.{column}", rule) for column in ("due", "in_time"))
    yield from ((key, figure.rule) for key, figure in layout().figures.items() if figure.rule)
    for table in filter(None, (section.table for section in layout().sections)):
        yield from ((f"{table.of}:*.{column}", rule) for column, rule in table.rules.items())


def _lacks(one: Coverage) -> bool:
    """Return whether a source's cases are not in the duties of a rule, or its rows in a figure.

    Custody is told by the status of a suspect: where CPS says nothing of it too, that is not missed.
    """
    rule = RULES.get(one.rule)
    if rule is None or rule.name in LIMITS:
        return one.seen is not Seen.SEEN and one.lacking != (IN_CUSTODY,)
    if rule.name in BY_OWN_DAYS:
        return not {*rule.needs, *rule.begins}.isdisjoint(one.lacking)
    return one.seen is Seen.BLIND


def _sight(lacks: Sequence[_Lack], forces: set[str]) -> FigureSight | None:
    """Return what a figure is without; None where all of it is seen. A force is blind where all of one agency are.

    Of what either agency may send it is blind where all of both are.
    """
    missing = {one.source: one.silent for one in lacks if (one.lacks or one.silent) and forces & one.covers}
    if not missing:
        return None
    if not all(_is_blind(lacks, force) for force in forces):
        return FigureSight(UnseenPart.PARTLY, tuple(sorted(missing)))
    return FigureSight(UnseenPart.SILENT if all(missing.values()) else UnseenPart.BLIND, tuple(sorted(missing)))


def _is_blind(lacks: Sequence[_Lack], force: str) -> bool:
    here = [one for one in lacks if force in one.covers]
    return any(
        all(one.lacks or one.silent for one in here if one.agency is agency) for agency in {one.agency for one in here}
    )


def forces_of(place: ReportPlace, places: Iterable[ReportPlace]) -> set[str]:
    """Return the forces that have cases in a place."""
    if place.force_code:
        return {place.force_code}
    pairs = (one for one in places if one.force_code and one.cps_area)
    return {one.force_code for one in pairs if one.force_code and place.cps_area in {None, one.cps_area}}
