"""Extracts that are taken in, and what they leave in the tables."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, delete, text

from flows.configured import configured
from models.base import Base
from tasks.intake.load import load_folders
from tasks.intake.options import NOTHING_ALLOWED
from tasks.intake.results import LoadResult
from tests.worlds.extracts import AS_OF, write

FACTS = {
    "cases": """select c.force_code, c.case_ref, u.urn_root, c.urn_suffix, c.cps_area, c.opened_on, c.offence_codes,
                c.classification, c.risk, c.oic_ref, c.withdrawn_on from cases c left join case_keys u
                on u.id = c.urn_key_id order by 1, 2""",
    "actions": """select a.action_ref, k.force_code, k.case_ref, a.status, a.raised_on, a.due_on, a.closed_on,
                  a.withdrawn_on from actions a join case_keys k on k.id = a.key_id order by 1""",
    "cps_cases": """select k.urn_root, c.charged_on, c.withdrawn_on from cps_cases c
                    join case_keys k on k.id = c.key_id order by 1""",
    "contacts": "select contact_ref, email, roles, force_codes, withdrawn_on from contacts order by 1",
}
EMPTIED = (
    "actions", "cps_cases", "cases", "contacts", "case_keys", "extracts", "source_columns", "source_files", "sources",
    "messages",
)  # fmt: skip


class Intake:
    """Write and load extract folders, and query the database."""

    def __init__(self, engine: Engine, tmp_path: Path) -> None:
        self.engine, self.path, self.number = engine, tmp_path, 0

    def sends(self, files: Any, **said: Any) -> LoadResult:
        allowed = said.pop("allowed", NOTHING_ALLOWED)
        (result,) = load_folders(configured(), [self.prepares(files, **said)], AS_OF, allowed=allowed)
        return result

    def prepares(self, files: Any, **said: Any) -> Path:
        self.number += 1
        return write(self.path / f"x{self.number}", files, **{"number": self.number, **said})

    def rows(self, statement: str) -> list[Any]:
        with self.engine.connect() as connection:
            return [row[0] if len(row) == 1 else tuple(row) for row in connection.execute(text(statement))]

    def settle(self) -> None:
        with self.engine.begin() as connection:
            connection.execute(text("update cases set projection = 'evaluated'"))
            connection.execute(text("update contacts set changed = false"))
            connection.execute(text("update absences set changed = false"))

    @property
    def changed(self) -> list[str]:
        return self.rows("select case_ref from cases where projection = 'changed' order by 1")

    @property
    def rejected(self) -> Path:
        return self.path / "home" / "rejected"


def facts(engine: Engine) -> dict[str, list[Any]]:
    with engine.connect() as connection:
        return {name: list(connection.execute(text(statement)).all()) for name, statement in FACTS.items()}


def empty(engine: Engine) -> None:
    with engine.begin() as connection:
        for name in EMPTIED:
            connection.execute(delete(Base.metadata.tables[name]))
