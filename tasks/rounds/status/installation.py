"""The installation's status at a moment: for `casebeat status`, and for the page of that name in the Prefect UI."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection

from config.days.london import at_london, london_day
from models.queries.intake import rejected_rows
from models.queries.intake.rejected_rows import RejectedOfStalking
from models.queries.outbox import circuit_breakers
from models.queries.outbox.circuit_breakers import Pause
from models.queries.people import cover_gaps
from models.queries.rounds import rounds, unseen
from models.queries.rounds import status as queries
from models.queries.rounds.rounds import RoundOfDay
from models.queries.rounds.status import AccountOfDay, OperationsDuty, OutboxNow, RejectedRows
from models.rules.catalogue.contents import about
from models.rules.catalogue.rule import About
from tasks.outbox import standstill
from tasks.outbox.standstill import Standstill
from tasks.platform.configuration import Configuration
from tasks.reviews.shortfall import without_panel
from tasks.rounds import backup_age
from tasks.rounds.assurance import kept_audit
from tasks.rounds.backup_age import NO_BACKUP, BackupState
from tasks.rounds.expected import ROUND_BY, FeedState, expected_forces, feed_states
from tasks.servers.database import transaction

DAYS = 14  # shown of each force's rounds
_ELSEWHERE = tuple(about(About.FEED))  # what operations owe and the feeds show


class Going(StrEnum):
    """How a force's round of the day goes."""

    TO_COME = "to come"
    RUNNING = "running"
    ENDED = "ended"
    FAILED = "failed"
    IN_PART = "failed in part"  # the round as a whole: a feed or a force is lacking
    STOPPED = "stopped without an end"
    NOT_BEGUN = "not begun"


class ForceToday(NamedTuple):
    """A force's round of the day, its last account of the day, and a mark for each of the last days."""

    force_code: str
    going: Going
    round: RoundOfDay | None
    account: AccountOfDay | None
    marks: str


class Audited(NamedTuple):
    """The last audit of the book: when, what it found, and when the last heartbeat left."""

    at: datetime
    findings: tuple[str, ...]
    heartbeat_at: datetime | None


class Gaps(NamedTuple):
    """Counts of what nobody but a person can mend."""

    failed_cases: int
    unaddressed: int
    without_chair: int
    without_spoc: int  # forces and Areas
    without_panel: int  # pairs of force and Area
    rejected: tuple[RejectedRows, ...]
    duties: tuple[OperationsDuty, ...]
    of_stalking: tuple[RejectedOfStalking, ...] = ()


class Status(NamedTuple):
    """Everything that operations look at first."""

    at: datetime
    whole: ForceToday  # the round as a whole, with what belongs to no force: letters and delivery
    forces: tuple[ForceToday, ...]
    feeds: tuple[FeedState, ...]
    outbox: OutboxNow
    pauses: tuple[Pause, ...]
    audited: Audited | None
    gaps: Gaps
    mailed: bool  # a mail server is set
    standstill: Standstill | None = None  # of delivery
    backup: BackupState = NO_BACKUP
    unseen: int = 0  # cases that no round has looked at since they changed


def look(configuration: Configuration, at: datetime) -> Status:
    """Return the status at a moment."""
    with transaction() as connection:
        return seen(configuration, connection, at)


def seen(configuration: Configuration, connection: Connection, at: datetime) -> Status:
    """Return the status at a moment, as a transaction sees it."""
    today = london_day(at)
    return Status(
        at,
        *_rounds(configuration, connection, today, at),
        tuple(feed_states(configuration, connection, at)),
        queries.outbox(connection, at),
        tuple(circuit_breakers.pauses(connection)),
        _audited(connection),
        _gaps(configuration, connection, today),
        configuration.settings.mail.host is not None,
        standstill.look(configuration, connection, at),
        backup_age.look(configuration, connection, at),
        unseen.number(connection),
    )


def _rounds(
    configuration: Configuration, connection: Connection, today: date, at: datetime
) -> tuple[ForceToday, tuple[ForceToday, ...]]:
    """Return the round as a whole; and each expected force, with each other of which a round began today."""
    ran = {past_round.force_code: past_round for past_round in rounds.of_day(connection, today)}
    accounts = queries.accounts(connection, today)
    first = today - timedelta(days=DAYS - 1)
    running = {code for code, past_round in ran.items() if _going(past_round, today, at) is Going.RUNNING}
    wells = {
        (mark.force_code, mark.day): mark.well
        for mark in queries.history(connection, first, today)
        if mark.well or mark.day != today or mark.force_code not in running
    }
    days = [first + timedelta(days=n) for n in range(DAYS)]
    whole, *forces = (
        ForceToday(code, _going(ran.get(code), today, at), ran.get(code), accounts.get(code), _marks(wells, code, days))
        for code in (rounds.BOOK, *sorted({*expected_forces(configuration, connection), *ran} - {rounds.BOOK}))
    )
    return whole, tuple(forces)


def _going(past_round: RoundOfDay | None, today: date, at: datetime) -> Going:
    if past_round is None:
        return Going.TO_COME if at < at_london(today, ROUND_BY) else Going.NOT_BEGUN
    if past_round.ended_at is None:  # a form, or the round of another day, may hold the lock of one that has ended
        return Going.RUNNING if past_round.running else Going.STOPPED
    if past_round.failure:
        return Going.FAILED
    return Going.IN_PART if past_round.state == "Failed" else Going.ENDED


def _marks(wells: dict[tuple[str, date], bool], force_code: str, days: Sequence[date]) -> str:
    signs = {True: "●", False: "✕", None: "·"}
    return "".join(signs[wells.get((force_code, day))] for day in days)


def _audited(connection: Connection) -> Audited | None:
    kept = kept_audit.read(connection)
    return Audited(kept.at, kept.findings, kept.heartbeat_at) if kept else None


def _gaps(configuration: Configuration, connection: Connection, today: date) -> Gaps:
    harassment_in = configuration.policy.harassment_in
    return Gaps(
        queries.failed_cases(connection),
        queries.unaddressed(connection),
        queries.without_chair(connection, today),
        len(cover_gaps.vacant(connection, today, harassment_in)),
        len(without_panel(configuration, connection)),
        tuple(queries.rejected(connection)),
        tuple(queries.operations_duties(connection, today, _ELSEWHERE)),
        tuple(rejected_rows.of_newest(connection)),
    )
