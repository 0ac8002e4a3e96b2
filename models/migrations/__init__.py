"""Migrations. A revision is named by its number, so that the newest is known without Alembic."""

from pathlib import Path

from models.errors import Refuse

HERE = Path(__file__).parent
FIRST = "1001"  # of Casebeat 1.0.0; lower numbers are of trials before it, and have no migration
HEAD = max(path.name[:4] for path in (HERE / "versions").glob("[0-9]*.py"))


def refuse_trial(what: str, revision: str) -> None:
    """Raise Refuse if tables of this revision are of a trial before 1.0.0; `what` has them: a database or a backup."""
    if revision < FIRST:
        raise Refuse(
            f"{what} is at revision {revision}, from a trial before Casebeat 1.0.0, which cannot be migrated: take its "
            "book along by loading the newest extract of each source into an empty database. Nothing was done."
        )
