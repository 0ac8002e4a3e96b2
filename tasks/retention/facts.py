"""Erasing cases of which all is over, some groups of linked cases a transaction."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from config.retention import Back, Held
from config.terms import Verb
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.intake import extracts
from models.queries.intake.erased_cases import Digest
from models.queries.report import kept_figures
from models.queries.retention import ageing, erasing, over
from models.queries.retention.over import OverCase
from tasks.platform.configuration import Configuration
from tasks.platform.erased_digest import erased_digest
from tasks.report import figures
from tasks.retention.account import ErasedSoFar, HeldCount
from tasks.servers.database import transaction

GROUPS = 100  # of linked cases in one transaction
_ANSWERED = timedelta(days=1)  # after which Slack sends no click again


def found(until: date) -> HeldCount:
    """Count the cases that are over by force, and those that are held back by reason."""
    forces: Counter[str] = Counter()
    back: Counter[Back] = Counter()
    with transaction() as connection:
        for count in over.counts(connection, until):
            if count.back is None:
                forces[count.force_code] += count.cases
            else:
                back[count.back] += count.cases
    return HeldCount(Held.FACTS, until, forces.total(), forces, back)


def erase(
    configuration: Configuration, until: date, today: date, at: datetime, by: str, progress: ErasedSoFar
) -> HeldCount:
    """Erase the cases that are over, and return the account. It may die at any moment, and be run again.

    The figures of the months that count these cases are kept first, since they cannot be counted afterwards.
    """
    figures.keep_past_months(configuration, until, today, at, lambda done, months: progress("months", done, months))
    with transaction() as connection:
        groups = over.groups(connection, until)
        if groups:
            kept_figures.record_purge(connection, until, at, by)
        ageing.erase_answers(connection, at - _ANSWERED)
    forces: Counter[str] = Counter()
    digest = erased_digest(configuration)
    for first in range(0, len(groups), GROUPS):
        with transaction() as connection:
            forces.update(_erase_some(connection, groups[first : first + GROUPS], until, today, by, digest))
        progress("groups of linked cases", min(first + GROUPS, len(groups)), len(groups))
    with transaction() as connection:  # what a purge that died had left is taken too
        erasing.forget_related(connection)
    return HeldCount(Held.FACTS, until, forces.total(), forces, found(until).back)


def _erase_some(
    connection: Connection, groups: Sequence[int], until: date, today: date, by: str, digest: Digest
) -> list[str]:
    """Erase those of the groups that are still over, and return the force of each case.

    No extract is loaded meanwhile, and the cases are locked: a row that comes for one of them finds it or comes later.
    """
    extracts.take_turn(connection, 0)
    cases = over.locked(connection, until, groups)
    if cases:
        trails = erasing.trails(connection, cases)
        erasing.erase(connection, cases, today, digest)
        audit.record(connection, *(_entry(case, trails[case.id], by) for case in cases))
    return [case.force_code for case in cases]


def _entry(case: OverCase, trail: erasing.ErasedTrail, by: str) -> AuditEntry:
    detail = {"over_on": case.over_on.isoformat(), **trail._asdict()}
    return AuditEntry(Verb.ERASURE, "case", f"{case.force_code}/{case.case_ref}", "purge", by=by, detail=detail)
