"""What the sources' columns let be seen: for the command, the round's page and messages, and one case."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import Connection

from models.queries.intake import source_columns
from models.queries.rounds import rounds
from models.rules.catalogue import danger
from models.rules.obligations import rulebook
from models.rules.obligations.coverage import Coverage, Seen, SourceSight, needed
from models.rules.obligations.coverage import coverage as rules_coverage
from models.rules.organisation_facts import ColumnsFact
from models.rules.sight import SentColumn
from tasks.platform.configuration import Configuration
from tasks.servers.database import transaction

SWITCH = "coverage"  # stores how much was not fully seen when operations were last told, by source and rule
SourceCoverage = tuple[str, list[Coverage]]


def coverage(configuration: Configuration) -> list[Coverage]:
    """Return what each source lets be seen of each rule, source by source in the order of their names."""
    with transaction() as connection:
        return read(configuration, connection)


def read(configuration: Configuration, connection: Connection) -> list[Coverage]:
    """Return the same in the caller's transaction."""
    return of_sources(configuration, source_columns.sources(connection))


def of_sources(configuration: Configuration, sources: Sequence[SourceSight]) -> list[Coverage]:
    """Return what these sources let be seen of each rule. A rule that the policy turns off for all is left out."""
    enabled = rulebook.enabled(configuration.policy.rules)
    rules = [rule for name, rule in rulebook.RULES.items() if name in enabled]
    return list(rules_coverage(sources, rules))


def by_source(coverages: Sequence[Coverage]) -> list[SourceCoverage]:
    """Return each source with its coverage, what cannot be seen first, then what can be partly."""
    order = list(Seen)[::-1]
    return [
        (source, sorted(rules, key=lambda rule: order.index(rule.seen)))
        for source, rules in groupby(coverages, lambda one: one.source)
    ]


def danger_seen(coverages: Sequence[Coverage]) -> dict[str, dict[str, bool]]:
    """Return, of each source whose records tell of danger, whether it sends each column that shows a sign of it."""
    return {
        sight.source: {column.name: column not in sight.lacking for column in danger.SIGNS}
        for sight in coverages
        if sight.rule == danger.RULE.name
    }


def unseen_by_force(configuration: Configuration, connection: Connection) -> dict[str, tuple[str, ...]]:
    """Return the rules for cases that cannot be seen of each force, in the rulebook's order; none is left out."""
    blind = [
        force_coverage
        for force_coverage in read(configuration, connection)
        if force_coverage.seen is Seen.BLIND and rulebook.RULES[force_coverage.rule].per_case
    ]
    return {
        force: tuple(
            rule
            for rule in rulebook.RULES
            if any(force_coverage.rule == rule and force in force_coverage.covers for force_coverage in blind)
        )
        for force in sorted({force for force_coverage in blind for force in force_coverage.covers})
    }


def unseen_of_some(configuration: Configuration, connection: Connection) -> frozenset[tuple[str, str]]:
    """Return the forces and rules of which only some cases cannot be seen: another source shows those of its own."""
    sources = source_columns.sources(connection)
    files = {sight.source: sight.files for sight in sources}
    blind: dict[tuple[str, str], list[Coverage]] = {}
    shown: dict[tuple[str, str], list[Coverage]] = {}
    for sight in of_sources(configuration, sources):
        for force in sight.covers:
            (blind if sight.seen is Seen.BLIND else shown).setdefault((force, sight.rule), []).append(sight)
    return frozenset(
        key
        for key, sights in blind.items()
        if all(any(_shows(other, sight, files[other.source]) for other in shown.get(key, ())) for sight in sights)
    )


def _shows(other: Coverage, blind: Coverage, files: Collection[str]) -> bool:
    """Return whether a source shows a duty in its own rows that a blind one does not show in its.

    It is one of the same side, or one of whoever owes the duty that sends the same files.
    """
    side = rulebook.RULES[blind.rule].side.partition(";")[0].lower()
    owes = side in ("both", other.agency) and {column.file for column in blind.lacking} <= set(files)
    return owes or other.agency is blind.agency


class CoverageNews(NamedTuple):
    """What can be seen less, or differently, than operations last heard, and what can be seen again."""

    changed: tuple[Coverage, ...]
    again: tuple[tuple[str, str], ...]  # source and rule
    now: str  # to be stored once this is told

    def __bool__(self) -> bool:
        """Return whether there is anything to tell."""
        return bool(self.changed or self.again)


NO_NEWS = CoverageNews((), (), "[]")


def news(configuration: Configuration) -> CoverageNews:
    """Return how coverage differs from what operations last heard."""
    with transaction() as connection:
        now = {
            (force_coverage.source, force_coverage.rule): force_coverage
            for force_coverage in read(configuration, connection)
            if force_coverage.seen is not Seen.SEEN
        }
        told = {(source, rule): seen for source, rule, seen in json.loads(rounds.switch(connection, SWITCH) or "[]")}
    changed = tuple(force_coverage for key, force_coverage in now.items() if told.get(key) != force_coverage.seen)
    again = tuple(key for key in told if key not in now)
    return CoverageNews(
        changed, again, json.dumps([[*key, force_coverage.seen] for key, force_coverage in now.items()])
    )


def keep_told(what: CoverageNews, at: datetime) -> None:
    """Store what operations have heard. A fault between telling and this tells it again."""
    with transaction() as connection:
        rounds.set_switch(connection, SWITCH, what.now, at)


def lacking(configuration: Configuration, connection: Connection) -> list[ColumnsFact]:
    """Return of each source the columns that a duty needs and it lacks, without the rules accepted as unseen.

    Nothing is known yet of a source that has sent no extract since the upgrade: it lacks none.
    """
    accepted, since = configuration.policy.unseen, source_columns.lacking_since(connection)
    wanted: dict[str, set[SentColumn]] = {source.source: set() for source in source_columns.sources(connection)}
    for force_coverage in read(configuration, connection):
        if force_coverage.rule not in accepted.get(force_coverage.source, ()):
            wanted[force_coverage.source] |= (
                set(needed(force_coverage, rulebook.RULES)) & since.get(force_coverage.source, {}).keys()
            )
    return [
        ColumnsFact(source, tuple(sorted(found)), min((since[source][column] for column in found), default=None))
        for source, found in wanted.items()
    ]
