"""A purge: all that is past its time is counted or, if asked for, erased, class by class in a fixed order.

The text of messages goes before cases, so that no message names a case that has gone. What is outside the tables goes
after them, by the names that the audit log keeps: a place that is out of reach is cleared by a later purge.
"""

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

from config.days.london import london_day
from config.retention import Held
from config.terms import Verb
from models.errors import Refuse, Retry
from models.queries import audit
from models.queries.audit import AuditEntry
from models.rules.arithmetic import format_day
from tasks.platform.configuration import Configuration
from tasks.replies import done_folder, maildir
from tasks.retention import ageing, audit_rows, dropped, facts, mail_files, prefect_pages, refused_rows
from tasks.retention.account import BackupsLeft, ErasedSoFar, HeldCount, Horizon, PurgeAccount, horizon
from tasks.servers import round_lock
from tasks.servers.database import transaction

ORDER = (
    Held.BODIES, Held.FACTS, Held.MAIL, Held.PREFECT, Held.AUDIT, Held.MAILBOX, Held.REJECTED, Held.EXTRACTS,
    Held.STAFF,
)  # fmt: skip

_WITH_FACTS = (Held.BODIES, Held.MAIL, Held.PREFECT, Held.MAILBOX, Held.REJECTED)  # these name cases


def find(configuration: Configuration, wanted: Collection[Held], today: date, at: datetime) -> PurgeAccount:
    """Count what is past its time, and change nothing."""
    until = horizon(configuration, today)
    looks: dict[Held, Callable[[], HeldCount]] = {
        Held.BODIES: lambda: ageing.old_bodies(until.bodies),
        Held.FACTS: lambda: facts.found(until.facts),
        Held.AUDIT: lambda: audit_rows.found(until.audit),
        Held.STAFF: lambda: ageing.leavers(until.staff),
        **_elsewhere(configuration, until, today, at, erase=False),
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
    elsewhere = _elsewhere(configuration, until, today, at, erase=True)
    works: dict[Held, Callable[[], HeldCount]] = {
        Held.BODIES: lambda: ageing.erase_bodies(until.bodies, by, progress),
        Held.FACTS: lambda: facts.erase(configuration, until.facts, today, at, by, progress),
        Held.AUDIT: lambda: audit_rows.erase(until.audit, by, progress),
        Held.STAFF: lambda: ageing.erase_leavers(until.staff, by, progress),
        **{held: partial(_recorded, work, by) for held, work in elsewhere.items()},
    }
    return _account(configuration, wanted, today, works, erased=True)


def _elsewhere(
    configuration: Configuration, until: Horizon, today: date, at: datetime, *, erase: bool
) -> dict[Held, Callable[[], HeldCount]]:
    """Return what looks at, or erases, what is outside the tables."""
    home = configuration.settings.home
    return {
        Held.MAIL: lambda: mail_files.old_mails(home, until.bodies, at, erase=erase),
        Held.PREFECT: lambda: prefect_pages.naming_erased(configuration, today, at, erase=erase),
        Held.MAILBOX: lambda: _mailbox(configuration, until, at, erase=erase),
        Held.REJECTED: lambda: refused_rows.old_rows(configuration, until.rejected, at, erase=erase),
        Held.EXTRACTS: lambda: dropped.loaded_extracts(configuration, until.extracts, erase=erase),
    }


def _recorded(work: Callable[[], HeldCount], by: str) -> HeldCount:
    """Erase, and audit what was erased outside the database."""
    count = work()
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
    chosen = {*wanted, *(_WITH_FACTS if Held.FACTS in wanted else ())}
    counts = tuple(of[held]() for held in ORDER if held in chosen)
    return PurgeAccount(
        erased, today, counts, _backups(configuration.settings.backup.folder_in(configuration.settings.home))
    )


def _mailbox(configuration: Configuration, until: Horizon, at: datetime, *, erase: bool) -> HeldCount:
    chosen = configuration.settings.replies
    if not chosen.on:
        return HeldCount(Held.MAILBOX, until.mailbox, None)
    try:
        if chosen.maildir is not None:
            count = mail_files.handled_mails(maildir.done_folder(chosen), until.mailbox, at, erase=erase)
        else:
            count = done_folder.old_mails(chosen, until.mailbox + timedelta(days=1), erase=erase)
    except (Refuse, Retry) as fault:
        return HeldCount(Held.MAILBOX, until.mailbox, None, trouble=str(fault))
    return HeldCount(Held.MAILBOX, until.mailbox, count)


def _backups(folder: Path) -> BackupsLeft:
    """Return the backups in their folder, and the day of the oldest."""
    files = [path for path in _within(folder) if path.is_file()]
    days = [london_day(datetime.fromtimestamp(path.lstat().st_mtime, UTC)) for path in files]
    return BackupsLeft(str(folder), len(files), min(days, default=None))


def _within(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if not path.is_symlink()] if folder.is_dir() else []


def _check_round(configuration: Configuration, today: date) -> None:
    last, longest = round_lock.last_round(None), configuration.policy.clock.longest_gap
    if last is None:
        raise Refuse("No round was run yet: there is nothing to erase. Nothing was done.")
    if configuration.calendar.plus(last.day, longest) < today:
        raise Refuse(
            f"The last round was on {format_day(last.day)}, more than {longest.text} ago: either the clock is wrong, "
            "or much has to be worked out first. Run casebeat run, then purge. Nothing was done."
        )
