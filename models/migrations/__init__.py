"""Migrations. A revision is named by its number, so that the newest is known without Alembic."""

from pathlib import Path

from models.errors import Refuse

HERE = Path(__file__).parent
FIRST = "1001"  # of Casebeat 1.0.0; lower numbers are of trials before it, and have no migration
HEAD = max(path.name[:4] for path in (HERE / "versions").glob("[0-9]*.py"))


def refuse_other(revision: str) -> None:
    """Raise Refuse unless a database's tables, at this revision, are those of this code."""
    refuse_trial("The database", revision)
    if revision < HEAD:
        raise Refuse(
            f"The database is at revision {revision}, older than this code ({HEAD}): back up, then casebeat migrate, "
            "which says what it will do. Nothing was done."
        )
    refuse_newer(revision)


def refuse_newer(revision: str) -> None:
    """Raise Refuse if a database's tables are newer than this code."""
    if revision > HEAD:
        raise Refuse(
            f"The database is at revision {revision}, newer than this code ({HEAD}): upgrade Casebeat, or restore the "
            "backup from before into an empty database. Nothing was done."
        )


def refuse_trial(what: str, revision: str) -> None:
    """Raise Refuse if tables of this revision are of a trial before 1.0.0; `what` has them: a database or a backup."""
    if revision < FIRST:
        raise Refuse(
            f"{what} is at revision {revision}, from a trial before Casebeat 1.0.0, which cannot be migrated: take its "
            "book along by loading the newest extract of each source into an empty database. Nothing was done."
        )
