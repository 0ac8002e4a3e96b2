"""Projection: evaluate the rules for changed cases and write the difference to their obligations."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from functools import partial
from threading import Lock
from typing import NamedTuple

from sqlalchemy import Connection

from config.policy import Policy
from config.terms import Verb
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.obligations import case_facts, corrections, projection, worklist
from models.queries.rounds import rounds
from models.rules import arithmetic
from models.rules.facts import CaseFacts
from models.rules.obligations import rulebook
from models.rules.obligations.lifecycle import (
    Amend,
    Begin,
    ChangeSetting,
    End,
    Identity,
    StoredVersion,
    VersionChange,
    changes,
)
from tasks.obligations import changed_ladders
from tasks.platform import diagnosis
from tasks.platform.configuration import Configuration
from tasks.platform.gc_pause import gc_paused
from tasks.platform.halving import by_halves
from tasks.platform.text import number_of
from tasks.servers.database import transaction

CHUNK = 1_000  # cases per transaction: memory stays flat, and a kill loses little
ALL_FORCES = "all"  # in the audit log, of cases of several forces
AT_ONCE = 2  # concurrent chunks: one is evaluated while the other waits for the database; no two share a case
_deciding = Lock()  # they take turns: two that were evaluated at once would then wait for the database at once


class ProjectionAccount(NamedTuple):
    """Counts of one force's projection: cases to project = evaluated + unchanged + failed, each counted by itself.

    To project are the open cases, and the closed ones whose orders are watched or whose end has to be looked at.
    """

    force_code: str
    to_project: int
    open_cases: int
    evaluated: int
    unchanged: int
    failed: int
    changes: int

    @property
    def balances(self) -> bool:
        """Return whether every case to project is accounted for."""
        return self.to_project == self.looked_at + self.failed

    @property
    def looked_at(self) -> int:
        """The cases whose obligations are right as of this round."""
        return self.evaluated + self.unchanged

    @property
    def sentence(self) -> str:
        """The counts as a line of text."""
        return (
            f"force {self.force_code}: {self.looked_at} of {number_of(self.to_project, 'case')} evaluated "
            f"({self.evaluated} now, {self.unchanged} unchanged; {self.open_cases} open), {self.failed} failed"
        )


class ChunkResult(NamedTuple):
    """Counts of one chunk: cases to project evaluated, those failed, and changes written."""

    evaluated: int
    failed: int
    changes: int


def project(
    configuration: Configuration, force_code: str, today: date, at: datetime, *, everything: bool = False
) -> ProjectionAccount:
    """Project a force's changed cases, or all cases if policy or calendar changed, and write the difference.

    A bad case is recorded as failed with the type of its error and does not stop the rest. Each chunk is a transaction.
    """
    digest = configuration.digest
    with transaction() as connection:
        others = rounds.switch(connection, f"projected:{force_code}") != digest
        everything = everything or others
        if others:
            policy = configuration.policy.for_force(force_code)
            worklist.renumber(connection, force_code, {name: policy.of(name) for name in policy.names()}, today)
            changed_ladders.carry(configuration, connection, force_code, policy.names())
        before = worklist.book(connection, force_code, everything=everything)
    chunks = _chunks(before.work)
    isolated = partial(_project_isolated, configuration, force_code, today=today, at=at, renumbered=everything)
    with gc_paused(), ThreadPoolExecutor(AT_ONCE) as pool:
        each = pool.map if len(chunks) > 1 else map  # a thread would cost a chunk alone more than it saves
        done = list(each(isolated, chunks))
    if everything:
        with transaction() as connection:
            rounds.set_switch(connection, f"projected:{force_code}", digest, at)
    evaluated, failed, written = map(sum, zip(ChunkResult(0, 0, 0), *done, strict=True))
    return ProjectionAccount(
        force_code, before.to_project, before.open_cases, evaluated, before.unchanged, failed, written
    )


def project_waiting(configuration: Configuration, today: date, at: datetime, only: Collection[str]) -> None:
    """Project all forces' cases that wait, by these rules alone, which are those that read what has changed.

    Each force was projected by the numbers in force before.
    """
    with transaction() as connection:
        waiting = worklist.waiting(connection)
    for case_ids in _chunks(waiting):
        _project_isolated(configuration, None, case_ids, today, at, only)


def project_again(
    configuration: Configuration, force_code: str, today: date, at: datetime, first: ProjectionAccount
) -> ProjectionAccount:
    """Project the cases that this round has changed since its first projection, and account for both together."""
    with transaction() as connection:
        again = worklist.before_second(connection, force_code, at, everything=not first.unchanged)
    second = project(configuration, force_code, today, at)
    evaluated = first.evaluated + again.waiting + first.failed - second.failed
    return ProjectionAccount(
        force_code, second.to_project, second.open_cases, evaluated, again.unchanged, second.failed,
        first.changes + second.changes,
    )  # fmt: skip


def stale(configuration: Configuration, force_code: str) -> bool:
    """Return whether facts, policy or calendar changed since the force was last projected."""
    with transaction() as connection:
        if rounds.switch(connection, f"projected:{force_code}") != configuration.digest:
            return True
        return worklist.any_changed(connection, force_code)


def _chunks(case_ids: list[int]) -> list[list[int]]:
    return [case_ids[start : start + CHUNK] for start in range(0, len(case_ids), CHUNK)]


def _project_isolated(
    configuration: Configuration,
    force_code: str | None,
    case_ids: list[int],
    today: date,
    at: datetime,
    only: Collection[str] | None = None,
    *,
    renumbered: bool = False,
) -> ChunkResult:
    """Project a chunk. A case whose rows cannot be read or written is recorded as failed."""
    found = by_halves(
        case_ids,
        lambda half: _chunk(configuration, force_code, half, today, at, only, renumbered=renumbered),
        lambda case_id, error: _failed(case_id, error, at),
    )
    return ChunkResult(*map(sum, zip(*found, strict=True)))


def _failed(case_id: int, error: Exception, at: datetime) -> ChunkResult:
    with transaction() as connection:
        return ChunkResult(0, worklist.fail(connection, [(case_id, diagnosis.reason(error))], at), 0)


def _chunk(
    configuration: Configuration,
    force_code: str | None,
    case_ids: Sequence[int],
    today: date,
    at: datetime,
    only: Collection[str] | None = None,
    *,
    renumbered: bool = False,
) -> ChunkResult:
    """Read, decide and write one chunk of a force's cases, or (None) of several forces'; `only` under these rules."""
    policy, calendar = configuration.policy, configuration.calendar
    with transaction() as connection:
        waited = worklist.take(connection, force_code, case_ids, at)
        stored = projection.stored(connection, case_ids, only)
        decided: list[tuple[int, VersionChange]] = []
        forces: dict[int, str] = {}
        bad: list[tuple[int, str]] = []
        evaluated = 0
        facts = list(case_facts.case_facts(connection, case_ids, policy))
        with _deciding:
            for one in facts:
                case_id = one.case.case_id
                forces[case_id] = one.case.force_code
                try:
                    setting = ChangeSetting(today, policy, one.case.force_code, one.case.risk, calendar, renumbered)
                    found = list(_decide(one, stored[case_id], setting, only))
                except Exception as error:  # noqa: BLE001  any error fails only this case
                    bad.append((case_id, diagnosis.reason(error)))
                else:
                    evaluated += one.open or one.kept
                    decided.extend((case_id, change) for change in found)
        _write(connection, forces, decided, policy, today)
        climbed = [case_id for case_id in waited if any(one.last_step for one in stored[case_id].values())]
        projection.look_again(connection, climbed, today)
        done = ChunkResult(evaluated, worklist.fail(connection, bad, at) if bad else 0, len(decided))
        if decided:
            detail = {"evaluated": done.evaluated, "changes": done.changes}
            entry = AuditEntry(Verb.COMBINATION, "projection", force_code or ALL_FORCES, "projection", detail=detail)
            audit.record(connection, entry)
    return done


def _decide(
    one: CaseFacts, stored: dict[Identity, StoredVersion], setting: ChangeSetting, only: Collection[str] | None
) -> Iterator[VersionChange]:
    rules = setting.policy.for_force(setting.force_code)
    live = {version.rule for version in stored.values() if version.ended_on is None}
    found = rulebook.decide(one, rules, setting.calendar, live, only)
    outcomes = ((rule, outcome, arithmetic.stored(outcome)) for rule, outcome in found)
    return changes(stored, outcomes, setting, rulebook.enabled(rules))


def _write(
    connection: Connection,
    forces: Mapping[int, str],
    decided: list[tuple[int, VersionChange]],
    policy: Policy,
    today: date,
) -> None:
    ended = [change for _, change in decided if isinstance(change, End)]
    projection.end(connection, ended, today)
    begun: dict[str, list[tuple[int, Begin]]] = defaultdict(list)
    for case_id, change in decided:
        if isinstance(change, Begin):
            begun[forces[case_id]].append((case_id, change))
    for force_code, theirs in begun.items():
        projection.begin(connection, theirs, force_code, policy, today)
    projection.amend(connection, [change for _, change in decided if isinstance(change, Amend)], policy, today)
    projection.resolve(connection, ended, today)
    corrections.correct(connection, ended, today)
