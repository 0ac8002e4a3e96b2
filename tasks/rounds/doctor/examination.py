"""The doctor's examination: every check in its group, one after the other, each within a time of its own."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from queue import Empty, SimpleQueue
from threading import Thread
from typing import NamedTuple

from models.errors import FORESEEN, opaque
from models.queries.intake import sources
from tasks.platform.configuration import Configuration
from tasks.rounds.doctor import clock, disk, extracts, mail, people, prefect, replies, running, settings, slack, teams
from tasks.rounds.doctor import database as stored
from tasks.rounds.doctor.check import Inspection, Mark, Verdict, fail, ok
from tasks.servers import database

_NOTHING = " Nothing was done."  # which goes without saying here
SECONDS = 60.0  # for one check; the connections that it makes have shorter limits of their own
GROUPS: Mapping[str, tuple[Inspection, ...]] = {
    "Settings": settings.CHECKS,
    "Machine": disk.CHECKS,
    "Database": (*stored.CHECKS, *clock.CHECKS),
    "Extracts": extracts.CHECKS,
    "People and panels": people.CHECKS,
    "Mail": mail.CHECKS,
    "Replies": replies.CHECKS,
    "Slack": slack.CHECKS,
    "Teams": teams.CHECKS,
    "Prefect": prefect.CHECKS,
    "Rounds": running.CHECKS,
}


class CheckResult(NamedTuple):
    """One sentence of the examination, with its group and the name of its check."""

    group: str
    check: str
    mark: Mark
    sentence: str


def examine(configuration: Configuration, at: datetime, begin: Callable[[str, str], object]) -> Iterator[CheckResult]:
    """Yield what each check finds at a moment, in order, as soon as it is known.

    `begin` is called with the group and name of each check before it looks.
    """
    wrong: set[str] = set()
    for group, checks in GROUPS.items():
        for check in checks:
            begin(group, check.name)
            found = _skipped(check, wrong) or _looked(configuration, check, at)
            if {Mark.FAIL, Mark.SKIP} & {verdict.mark for verdict in found}:
                wrong.add(check.name)
            yield from (CheckResult(group, check.name, verdict.mark, verdict.sentence) for verdict in found)


def _skipped(check: Inspection, wrong: Collection[str]) -> list[Verdict]:
    first = [name for name in check.needs if name in wrong]
    return [Verdict(Mark.SKIP, f"Not looked at: put {' and '.join(first)} right first.")] if first else []


def _looked(configuration: Configuration, check: Inspection, at: datetime) -> list[Verdict]:
    """Look in a thread, which is left to itself where it takes too long."""
    answers: SimpleQueue[list[Verdict]] = SimpleQueue()
    Thread(target=lambda: answers.put(verdicts(configuration, check, at)), daemon=True).start()
    try:
        return answers.get(timeout=SECONDS)
    except Empty:
        database.cancel()
        return [fail(f"No answer within {SECONDS:.0f} seconds: see why what it asks is so slow, and look again.")]


def verdicts(configuration: Configuration, check: Inspection, at: datetime) -> list[Verdict]:
    """Look at one check in this thread; one that breaks fails with a sentence."""
    try:
        if check.of_book and not _loaded():
            return [Verdict(Mark.SKIP, "Not looked at: no extract was loaded yet.")]
        return list(check.look(configuration, at)) or [ok(check.fine)]
    except FORESEEN as refused:
        return [fail(str(refused).removesuffix(_NOTHING))]
    except Exception as error:  # noqa: BLE001  one check that breaks ends no other
        return [fail(f"It could not be looked at: {opaque(error).rstrip('.')}.")]


def _loaded() -> bool:
    with database.transaction() as connection:
        return bool(sources.force_codes(connection))
