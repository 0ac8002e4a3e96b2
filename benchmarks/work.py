"""The daily work, called as the round calls it."""

from datetime import date, timedelta
from pathlib import Path

from config.days.london import at_london
from flows.configured import configured
from flows.round_steps import force_round
from models.queries.driver import execute, scalar
from models.rules.report.months import month_of
from tasks.intake.load import load_folders
from tasks.obligations import chasing, escalation, projection
from tasks.report import report as monthly
from tasks.rounds.assurance import auditor
from tasks.servers import database, round_lock
from tasks.servers.database import owner_engine

FIRST, SECOND, THIRD = date(2026, 3, 17), date(2026, 3, 18), date(2026, 3, 19)
NOTHING = "every force's round, nothing changed and nothing due"


def intake(folder: Path) -> None:
    """Load one extract. Raises SystemExit for a refused one, which would make the benchmark worthless."""
    (loaded,) = load_folders(configured(), [folder], at_london(THIRD))
    if loaded.sentence:
        raise SystemExit(loaded.sentence)


def one_case() -> str:
    """Return a case of the book as the command line names it."""
    with database.transaction() as connection:
        return str(scalar(connection, "select force_code || '/' || case_ref from cases order by id limit 1"))


def project(day: date) -> None:
    """Project what changed, force by force."""
    configuration = configured()
    for force_code in round_lock.forces():
        projection.project(configuration, force_code, day, at_london(day))


def project_all(day: date) -> None:
    """Project the whole book, force by force."""
    configuration = configured()
    for force_code in round_lock.forces():
        projection.project(configuration, force_code, day, at_london(day), everything=True)


def climb(day: date) -> None:
    """Take every step that is due, force by force."""
    configuration = configured()
    for force_code in round_lock.forces():
        chasing.chase(configuration, force_code, day)
        escalation.escalate(configuration, force_code, day)


def round_of(day: date) -> None:
    """Run every force's round, as the daily round does."""
    configuration = configured()
    for force_code in round_lock.forces():
        force_round(configuration, force_code, day, at_london(day))


def audit(day: date) -> None:
    """Look at the whole book as the auditor does. Raises SystemExit for a case that nothing watches."""
    if lost := [one for one in auditor.audit(configured(), at_london(day)) if one.key.startswith(("cases:", "steps:"))]:
        raise SystemExit(lost[0].sentence)


def report(day: date) -> None:
    """Make the pages of a month's report, of all, of every force and of every Area, and keep its figures."""
    monthly.pages(configured(), month_of(day), day + timedelta(days=20), at_london(day))


def take_due_steps(day: date) -> None:
    """Bring the book to rest: every due step is taken, and every contact has been read."""
    climb(day)
    round_lock.people_looked_at()


def make_due(day: date, every: int) -> None:
    """Make every nth obligation's next step due on this day, its first or its second, and no other's."""
    owner = owner_engine()
    with owner.begin() as connection:
        execute(connection, "delete from notifications")  # otherwise these steps would have been taken already
        execute(connection, "delete from steps")
        execute(
            connection,
            """update obligations set next_step_on = %s::date + 30
               where ended_on is null and next_step_on <= %s and id %% %s <> 0""",
            (day, day, every),
        )
        for second, (remind, due, escalate) in enumerate(((0, 9, 19), (-10, -1, 9))):
            execute(
                connection,
                """update obligations set next_step_on = %(day)s, remind_on = %(day)s::date + %(remind)s,
                          due_on = %(day)s::date + %(due)s, escalate_on = %(day)s::date + %(escalate)s,
                          last_step = %(second)s, taken_on = array_fill(%(day)s::date - 10, array[%(second)s])
                   where ended_on is null and id %% %(every)s = 0 and id / %(every)s %% 2 = %(second)s""",
                {
                    "day": day, "every": every, "second": second, "remind": remind, "due": due, "escalate": escalate,
                },
            )  # fmt: skip
    owner.dispose()


def settle() -> None:
    """Make PostgreSQL do its background work now."""
    owner = owner_engine()
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("vacuum analyze")
    owner.dispose()


def close() -> None:
    """Close every connection."""
    database.close()
