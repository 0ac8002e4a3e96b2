"""What each source's columns let each rule see: what is declared beside the rules, held against what is sent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from config.terms import Agency
from models.rules.catalogue.rule import About, Rule, Seeing
from models.rules.in_place import instead_of
from models.rules.sight import SentColumn

# Whose records hold what a file tells; both agencies may send any other file.
KEEPERS = {
    "cases.csv": (Agency.POLICE,),
    "incidents.csv": (Agency.POLICE,),
    "cps_cases.csv": (Agency.CPS,),
    "pleas.csv": (Agency.CPS,),
}
_CASES = "cases.csv"
_PEOPLE = {About.PROSECUTOR: (Agency.CPS,)}  # whose people a rule without a case is about; of other rules, both


class Seen(StrEnum):
    """How much of a rule a source lets see."""

    SEEN = "seen"
    PARTLY = "partly"
    BLIND = "cannot be seen"


class SourceSight(NamedTuple):
    """A source, the forces that it covers, and the columns that it sends."""

    source: str
    agency: Agency
    covers: frozenset[str]
    sent: frozenset[SentColumn]

    @property
    def files(self) -> frozenset[str]:
        """Return the files that it sends."""
        return frozenset(column.file for column in self.sent)

    def tells(self, column: SentColumn) -> bool:
        """Return whether it sends a column, or the same of rows that stand in the place of a case's own."""
        return column in self.sent or any(one in self.sent for one in instead_of(column))


class FigureColumns(NamedTuple):
    """Columns that something about cases looks at as a rule does: without any one of them it cannot be seen."""

    name: str
    needs: tuple[SentColumn, ...]
    begins: tuple[SentColumn, ...] = ()
    also: tuple[SentColumn, ...] = ()
    seeing: Seeing = Seeing.EVERY
    about: About = About.CASE
    per_case: bool = True


Looking = Rule | FigureColumns


class Coverage(NamedTuple):
    """How much of a rule a source lets see, and the columns that it lacks for it."""

    source: str
    agency: Agency
    covers: frozenset[str]
    rule: str
    seen: Seen
    lacking: tuple[SentColumn, ...]


def coverage(sources: Sequence[SourceSight], rules: Iterable[Looking]) -> Iterator[Coverage]:
    """Yield how much each source lets see of each rule that looks at what the source keeps.

    A file that nobody sends is lacking at whoever keeps it. Where no source of theirs covers the force, it is lacking
    at the sources that do.
    """
    asked = list(rules)
    for source in sources:
        concern = _Concern(source, sources)
        for rule in asked:
            if sight := concern.coverage(rule):
                yield sight


def needed(sight: Coverage, rules: Mapping[str, Rule]) -> tuple[SentColumn, ...]:
    """Return the lacking columns that end the duty, and without which a part of it cannot be seen."""
    rule = rules[sight.rule]
    lacking = tuple(column for column in rule.needs if column in sight.lacking)
    return () if rule.seeing is Seeing.EITHER and sight.seen is not Seen.BLIND else lacking


class _Concern:
    """One source among all: which columns are its own to send."""

    def __init__(self, source: SourceSight, sources: Sequence[SourceSight]) -> None:
        self._source, self._others = source, [sight for sight in sources if sight is not source]
        policed = {force for sight in sources if sight.agency is Agency.POLICE for force in sight.covers}
        self._forces = source.covers & policed or source.covers  # a force without police's source has no cases
        self._concerns: dict[tuple[str, str], bool] = {}

    def coverage(self, rule: Looking) -> Coverage | None:
        """Return the rule's coverage; None where nothing that it looks at is the source's to send."""
        looked_at = dict.fromkeys((*rule.needs, *rule.begins, *rule.also))
        mine = [column for column in looked_at if self._is_concerned(column.file, rule)]
        if rule.seeing is Seeing.EITHER and self._told_by_others(rule.needs):
            mine = [column for column in mine if column not in rule.needs]
        if not mine and (looked_at or _CASES not in self._source.files or not rule.per_case):
            return None
        lacking = tuple(column for column in mine if not self._source.tells(column))
        return Coverage(*self._source[:3], rule.name, _seen(rule, mine, lacking), lacking)

    def _told_by_others(self, columns: Sequence[SentColumn]) -> bool:
        """Return whether, for each of its forces, another source sends one of these columns."""
        told = {force for one in self._others if any(map(one.tells, columns)) for force in one.covers}
        return self._forces <= told

    def _is_concerned(self, file: str, rule: Looking) -> bool:
        key = file, "" if rule.per_case else rule.name
        if key not in self._concerns:
            lacks = self._lacks if rule.per_case else self._lacks_people
            self._concerns[key] = file in self._source.files or any(lacks(file, rule, force) for force in self._forces)
        return self._concerns[key]

    def _lacks(self, file: str, rule: Looking, force_code: str) -> bool:
        """Return whether nobody sends a file of the force's cases, and the source is the one to be asked for it."""
        del rule
        covering = [sight for sight in self._others if force_code in sight.covers]
        keepers = KEEPERS.get(file, tuple(Agency))
        if any(file in sight.files for sight in covering):
            return False
        return self._source.agency in keepers or not any(sight.agency in keepers for sight in covering)

    def _lacks_people(self, file: str, rule: Looking, force_code: str) -> bool:
        """Return whether nobody sends a file about the people of the source's agency whom the rule is about."""
        mine = [sight for sight in self._others if force_code in sight.covers and sight.agency is self._source.agency]
        return self._source.agency in _PEOPLE.get(rule.about, tuple(Agency)) and not any(
            file in sight.files for sight in mine
        )


def _seen(rule: Looking, mine: Sequence[SentColumn], lacking: Sequence[SentColumn]) -> Seen:
    if not lacking:
        return Seen.SEEN
    enough = all if rule.seeing is Seeing.EVERY else any
    ends = [column not in lacking for column in rule.needs if column in mine]
    begins = [column not in lacking for column in rule.begins if column in mine]
    begun = any(begins) if rule.seeing is Seeing.EITHER else all(begins)
    if (ends and not enough(ends)) or (begins and not begun):
        return Seen.BLIND
    instead = rule.seeing is Seeing.EITHER and not any(column in lacking for column in rule.also)
    return Seen.SEEN if instead else Seen.PARTLY
