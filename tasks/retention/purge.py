"""A purge: all that is past its time is counted or, if asked for, erased, class by class in a fixed order.

The text of messages goes before cases, so that no message names a case that has gone.
"""

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta

from config.retention import Held
from config.terms import Verb
from models.errors import Refuse, Retry
from models.queries import audit
from models.queries.audit import AuditEntry
from models.rules.arithmetic import format_day
from tasks.platform.configuration import Configuration
from tasks.replies import done_folder
from tasks.retention import ageing, audit_rows, facts, files
from tasks.retention.account import ErasedSoFar, HeldCount, Horizon, PurgeAccount, horizon
from tasks.servers import round_lock
from tasks.servers.database import transaction

ORDER = (Held.BODIES, Held.FACTS, Held.AUDIT, Held.MAILBOX, Held.REJECTED, Held.STAFF)


def find(configuration: Configuration, wanted: Collection[Held], today: date) -> PurgeAccount:
    """Count what is past its time, and change nothing."""
    until = horizon(configuration, today)
    looks: dict[Held, Callable[[], HeldCount]] = {
        Held.BODIES: lambda: ageing.old_bodies(until.bodies),
        Held.FACTS: lambda: facts.found(until.facts),
        Held.AUDIT: lambda: audit_rows.found(until.audit),
        Held.MAILBOX: lambda: _mailbox(configuration, until, erase=False),
        Held.REJECTED: lambda: files.refused_rows(configuration.settings.home, until.rejected, erase=False),
        Held.STAFF: lambda: ageing.leavers(until.staff),
    }
    return _account(configuration, wanted, today, looks, erased=False)


def erase(
    configuration: Configuration, wanted: Collection[Held], today: date, at: datetime, by: str, progress: ErasedSoFar
) -> PurgeAccount:
    """Erase what is past its time, in small transactions: it may die at any moment, and be run again.

    Raises Refuse where the last round is so long ago that the clock may be wrong.
    """
    _check_round(configuration, today)
    until = horizon(configuration, today)
    works: dict[Held, Callable[[], HeldCount]] = {
        Held.BODIES: lambda: ageing.erase_bodies(until.bodies, by, progress),
        Held.FACTS: lambda: facts.erase(configuration, until.facts, today, at, by, progress),
        Held.AUDIT: lambda: audit_rows.erase(until.audit, by, progress),
        Held.MAILBOX: lambda: _recorded(_mailbox(configuration, until, erase=True), by),
        Held.REJECTED: lambda: _recorded(
            files.refused_rows(configuration.settings.home, until.rejected, erase=True), by
        ),
        Held.STAFF: lambda: ageing.erase_leavers(until.staff, by, progress),
    }
    return _account(configuration, wanted, today, works, erased=True)


def _recorded(count: HeldCount, by: str) -> HeldCount:
    """Audit what was erased outside the database."""
    if count.found:
        detail = {"until": count.until.isoformat(), "count": count.found}
        with transaction() as connection:
            audit.record(connection, AuditEntry(Verb.ERASURE, "files", count.held, "purge", by=by, detail=detail))
    return count


def _account(
    configuration: Configuration,
    wanted: Collection[Held],
    today: date,
    of: dict[Held, Callable[[], HeldCount]],
    *,
    erased: bool,
) -> PurgeAccount:
    chosen = {*wanted, *({Held.BODIES} if Held.FACTS in wanted else ())}
    counts = tuple(of[held]() for held in ORDER if held in chosen)
    return PurgeAccount(erased, today, counts, files.backups(configuration.settings.home))


def _mailbox(configuration: Configuration, until: Horizon, *, erase: bool) -> HeldCount:
    chosen = configuration.settings.replies
    if not chosen.on:
        return HeldCount(Held.MAILBOX, until.mailbox, None)
    try:
        count = done_folder.old_mails(chosen, until.mailbox + timedelta(days=1), erase=erase)
    except Retry as fault:
        return HeldCount(Held.MAILBOX, until.mailbox, None, trouble=str(fault))
    return HeldCount(Held.MAILBOX, until.mailbox, count)


def _check_round(configuration: Configuration, today: date) -> None:
    last, longest = round_lock.last_round(None), configuration.policy.clock.longest_gap
    if last is None:
        raise Refuse("No round was run yet: there is nothing to erase. Nothing was done.")
    if configuration.calendar.plus(last.day, longest) < today:
        raise Refuse(
            f"The last round was on {format_day(last.day)}, more than {longest.text} ago: either the clock is wrong, "
            "or much has to be worked out first. Run casebeat run, then purge. Nothing was done."
        )
