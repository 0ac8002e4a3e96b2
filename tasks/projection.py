"""Projection: the obligations of changed cases are worked out, and the difference is written."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import Verb
from models.errors import is_a_rows
from models.queries import audit, facts, projection, rounds
from models.rules import book, said
from models.rules.facts import CaseFacts
from models.rules.lifecycle import Amend, Begin, Change, End, Identity, Setting, Stored, changes
from models.rules.outcome import Outcome, Owes
from tasks import numbers
from tasks.database import transaction
from tasks.memory import uncollected

CHUNK = 4_000  # cases read, decided and committed together: memory stays flat, and a kill loses one chunk


class Account(NamedTuple):
    """A force's account of one projection. It balances when open = evaluated + unchanged + failed, each counted."""

    force_code: str
    open_cases: int
    evaluated: int
    unchanged: int
    failed: int
    changes: int

    @property
    def balances(self) -> bool:
        """Whether no case was lost sight of."""
        return self.open_cases == self.evaluated + self.unchanged + self.failed


def project(
    force_code: str,
    today: date,
    at: datetime,
    *,
    everything: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Account:
    """Work out the obligations of a force's changed cases and write the difference; all cases if the numbers changed.

    One bad case is recorded as failed with an opaque reason and does not stop the rest. Each chunk is one transaction.
    """
    digest = numbers.numbers_in_force()
    with transaction() as connection:
        everything = everything or projection.projected_with(connection, force_code) != digest
        before = projection.book(connection, force_code, everything=everything)
    evaluated = failed = written = 0
    with uncollected():
        for at_case in range(0, len(before.work), CHUNK):
            done = _apart(force_code, before.work[at_case : at_case + CHUNK], today, at)
            evaluated, failed, written = evaluated + done[0], failed + done[1], written + done[2]
            if progress:
                progress(min(at_case + CHUNK, len(before.work)), len(before.work))
    with transaction() as connection:
        if everything:
            rounds.set_switch(connection, f"projected:{force_code}", digest, at)
        if written:
            audit.record(connection, [audit.Entry(
                verb=Verb.COMBINATION, by="casebeat", about="projection", ref=force_code, to_ref=None,
                reason="projection", detail={"evaluated": evaluated, "changes": written},
            )])  # fmt: skip
    return Account(force_code, before.open_cases, evaluated, before.unchanged, failed, written)


def stale(force_code: str) -> bool:
    """Whether anything changed since the force was last projected: its facts, the policy or the calendar."""
    with transaction() as connection:
        if projection.projected_with(connection, force_code) != numbers.numbers_in_force():
            return True
        return projection.any_changed(connection, force_code)


def _apart(force_code: str, case_ids: list[int], today: date, at: datetime) -> tuple[int, int, int]:
    """A chunk; where a row of it cannot be read or written, its halves, down to the case that the row belongs to."""
    try:
        return _chunk(force_code, case_ids, today, at)
    except Exception as error:
        if not is_a_rows(error):
            raise
        if len(case_ids) == 1:
            return _failed(case_ids, error, at)
    middle = len(case_ids) // 2
    halves = (_apart(force_code, half, today, at) for half in (case_ids[:middle], case_ids[middle:]))
    evaluated, failed, written = (sum(counts) for counts in zip(*halves, strict=True))
    return evaluated, failed, written


def _failed(case_ids: list[int], error: Exception, at: datetime) -> tuple[int, int, int]:
    with transaction() as connection:
        open_ids, _ = projection.lock_cases(connection, case_ids)
        projection.mark(connection, [], [(case_id, type(error).__name__) for case_id in case_ids], at)
    return 0, len(open_ids), 0


def _chunk(force_code: str, case_ids: list[int], today: date, at: datetime) -> tuple[int, int, int]:
    """Read, decide and write one chunk: how many open cases were evaluated, how many failed, how much changed."""
    with transaction() as connection:
        open_ids, changed_ids = projection.lock_cases(connection, case_ids)
        stored = projection.stored(connection, case_ids)
        decided: list[tuple[int, Change]] = []
        good: list[int] = []
        bad: list[tuple[int, str]] = []
        for one in facts.case_facts(connection, case_ids):
            case_id = one.case.case_id
            try:
                found = list(_decide(one, stored[case_id], today))
            except Exception as error:  # noqa: BLE001  whatever it is, it is this case's alone
                bad.append((case_id, type(error).__name__))
            else:
                good.append(case_id)
                decided.extend((case_id, change) for change in found)
        _write(connection, force_code, decided, today)
        projection.look_again(connection, sorted(changed_ids), today)
        projection.mark(connection, good, bad, at)
    return len(open_ids.intersection(good)), sum(case_id in open_ids for case_id, _ in bad), len(decided)


def _decide(one: CaseFacts, stored: dict[Identity, Stored], today: date) -> Iterator[Change]:
    policy, calendar = numbers.policy(), numbers.calendar()
    rules = policy.for_force(one.case.force_code)
    setting = Setting(today, policy, one.case.force_code, one.case.risk, calendar)
    outcomes = ((rule, outcome, _because(outcome)) for rule, outcome in book.evaluate(one, rules, calendar))
    return changes(stored, outcomes, setting, book.enabled(rules))


def _because(outcome: Outcome) -> str:
    return said.to_json(outcome.because) if isinstance(outcome, Owes) else ""


def _write(connection: Connection, force_code: str | None, decided: list[tuple[int, Change]], today: date) -> None:
    policy = numbers.policy()
    ended = [change for _, change in decided if isinstance(change, End)]
    projection.end(connection, ended, today)
    projection.begin(
        connection, ((case, change) for case, change in decided if isinstance(change, Begin)), force_code, policy, today
    )
    projection.amend(connection, [change for _, change in decided if isinstance(change, Amend)], policy)
    projection.resolve(connection, ended, today)
