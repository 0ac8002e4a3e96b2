"""Statuses of an installation: in order, with everything wrong, and before anything was loaded."""

from datetime import UTC, date, datetime, timedelta

from models.queries.intake.rejected_rows import RejectedOfStalking
from models.queries.outbox.circuit_breakers import Pause
from models.queries.rounds.backups import BackupMade, BackupTested
from models.queries.rounds.rounds import RoundOfDay
from models.queries.rounds.status import AccountOfDay, OperationsDuty, OutboxNow, RejectedRows
from tasks.outbox.standstill import Standstill
from tasks.rounds.backup_age import NO_BACKUP, BackupState
from tasks.rounds.expected import FeedState, FeedTrouble
from tasks.rounds.status.installation import Audited, ForceToday, Gaps, Going, Status
from tasks.rounds.status.matters import page, printed

DAY = date(2026, 3, 16)
AT = datetime(2026, 3, 16, 8, 5, tzinfo=UTC)
EARLIER = AT - timedelta(hours=2)
WELL = AccountOfDay("45", 9, 8, 2, 7, 0, 3)
ONE_CASE = AccountOfDay("45", 1, 1, 0, 1, 0, 0)
LATE = FeedTrouble("niche_46", ("46",), "late", None, "source niche_46 is late: its last extract is of Wed 11 Mar 2026")
REFUSED = FeedTrouble("cms", (), "refused", "cms-20260316", "extract cms-20260316 of source cms was refused: Row count")
NEVER = FeedTrouble("cms_se", ("45",), "never", None, "source cms_se is expected for CPS South East, and never came")
WITHOUT = tuple(
    FeedTrouble("niche_46", ("46",), "left-out", None, f"source niche_46 leaves out {file}: it never had it", file)
    for file in ("cases.csv", "actions.csv")
)
WITHOUT_ONE = FeedTrouble("niche_45", ("45",), "left-out", None, "source niche_45 leaves out pleas.csv", "pleas.csv")
OF_STALKING = RejectedOfStalking("niche_45", ("45",), "n-1", "cases.csv", ["4", "17", "18", "20", "21", "30"])


def _force(code: str, going: Going, *, tries: int = 1, failure: str | None = None, marks: str = "●" * 14) -> ForceToday:
    ended = None if going in {Going.RUNNING, Going.STOPPED} else EARLIER
    ran = None if going is Going.NOT_BEGUN else RoundOfDay(code, EARLIER, ended, failure, tries, going is Going.RUNNING)
    account = (WELL if tries == 1 else ONE_CASE)._replace(force_code=code) if going is Going.ENDED else None
    return ForceToday(code, going, ran, account, marks)


IN_ORDER = Status(
    at=AT,
    whole=_force("--", Going.RUNNING),
    forces=(_force("45", Going.ENDED), _force("46", Going.RUNNING)),
    feeds=(FeedState("niche_45", ("45",), DAY, DAY + timedelta(days=1), None),),
    outbox=OutboxNow(12, 0, None, 0, 0, 0, None, in_doubt=False),
    pauses=(),
    audited=Audited(AT - timedelta(minutes=3), (), AT - timedelta(minutes=3)),
    gaps=Gaps(0, 0, 0, 0, 0, (), ()),
    mailed=True,
    backup=BackupState(
        AT - timedelta(hours=5),
        BackupMade("/srv/casebeat/backups/casebeat-1.zip", 210_000, 13_740, "force-1"),
        AT - timedelta(days=3),
        BackupTested("/srv/casebeat/backups/casebeat-0.zip", ""),
    ),
)
WRONG = Status(
    at=AT,
    whole=_force("--", Going.FAILED, failure="letters failed (OSError)", marks="●" * 13 + "✕"),
    forces=(
        _force("45", Going.ENDED, tries=2, marks="●" * 12 + "✕●"),
        _force("46", Going.FAILED, failure="OSError", marks="·" * 13 + "✕"),
        _force("47", Going.STOPPED, marks="·" * 13 + "✕"),
        _force("48", Going.NOT_BEGUN, marks="·" * 14),
    ),
    feeds=(
        FeedState("cms", (), None, None, REFUSED),
        FeedState("niche_46", ("46",), date(2026, 3, 11), date(2026, 3, 12), LATE, WITHOUT),
        FeedState("niche_45", ("45",), DAY, DAY + timedelta(days=1), None, (WITHOUT_ONE,)),
        FeedState("cms_se", (), None, None, NEVER),
        FeedState("new", (), None, None, None),
    ),
    outbox=OutboxNow(12, 3, EARLIER, 2, 1, 4, EARLIER, in_doubt=True),
    pauses=(Pause("email", "the mail server refused the sign-in", EARLIER, AT, AT + timedelta(minutes=5), 4),),
    audited=Audited(EARLIER, ("one message is claimed and was never sent",), None),
    gaps=Gaps(
        1,
        2,
        1,
        1,
        1,
        (RejectedRows("niche_45", "n-2", 3),),
        (OperationsDuty("column-missing", 2, DAY),),
        (OF_STALKING,),
    ),
    mailed=False,
    backup=NO_BACKUP._replace(trouble="the book has no backup"),
    standstill=Standstill(3, EARLIER, EARLIER - timedelta(minutes=5)),
)
EMPTY = IN_ORDER._replace(
    forces=(), feeds=(), audited=None, backup=IN_ORDER.backup._replace(tested_at=None, tested=None)
)
STATUSES = {"in-order": IN_ORDER, "wrong": WRONG, "empty": EMPTY}


def texts() -> dict[str, str]:
    """Each as a page and as a command prints it, by the name of the file that holds it."""
    return {
        **{f"page-status-{name}.md": page(found) for name, found in STATUSES.items()},
        **{f"printed-status-{name}.txt": printed(found) for name, found in STATUSES.items()},
    }
