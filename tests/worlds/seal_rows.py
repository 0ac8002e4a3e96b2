"""Audit rows and seals, written directly into the tables for tests of one statement.

The log is append-only: a test makes the rows and seals that it wants, and changes none.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, text

from models.audit import AuditRow, AuditSeal
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE


class SealRows(ReviewRows):
    """Rows about extracts, and seals of which each has its own digest."""

    def logged(self, *ids: int) -> None:
        for id_ in ids:
            self.log("extract", f"X{id_}", id=id_)

    def log(self, about: str, ref: str, **given: Any) -> None:
        ordinary = {"verb": "alteration", "by": "casebeat", "at": AT_NINE, "reason": f"{about} {ref}"}
        self._add(AuditRow, about=about, ref=ref, **ordinary | given)

    def seal(self, number: int, hours: int, *ids: int, reach: int | None = None, marks: bytes = b"") -> None:
        """Add a seal that was made so many hours ago."""
        covered = ",".join(f"[{id_},{id_}]" for id_ in ids)
        self._add(
            AuditSeal, number=number, sealed_at=func.now() - timedelta(hours=hours), row_count=len(ids), marks=marks,
            ids=text(f"'{{{covered}}}'::int8multirange"), reach=reach or max(ids), digest=f"digest-{number}".encode(),
        )  # fmt: skip

    def sealed(self, number: int) -> tuple[list[int], int, int]:
        """The rows that a seal covers, its count and its reach."""
        ((count, reach),) = self.found(select(AuditSeal.row_count, AuditSeal.reach).where(AuditSeal.number == number))
        covered = "select a.id from audit a join audit_seals s on s.ids @> a.id where s.number = :number order by 1"
        return list(self.connection.scalars(text(covered), {"number": number})), count, reach
