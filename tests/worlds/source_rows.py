"""Sources, their columns and their extracts, written directly into the tables for tests of one statement."""

from datetime import date, datetime

from sqlalchemy import Connection, delete

from models.intake import Extract, Source, SourceColumn
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE

DAY = date(2026, 3, 16)


class SourceRows(ReviewRows):
    """A book without any source."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        for table in (SourceColumn, Source):
            connection.execute(delete(table))

    def source(
        self, name: str, agency: str | None = "police", covers: tuple[str, ...] = ("45",), at: datetime = AT_NINE
    ) -> int:
        """Add a source that covers Surrey unless others are given; without an agency it is Casebeat itself."""
        return self._put(
            Source, name=name, agency=agency, covers=list(covers), first_loaded_at=at, last_extracted_at=at
        )

    def extract(
        self,
        name: str | None,
        extract_id: str,
        state: str,
        at: datetime = AT_NINE,
        judged: datetime = AT_NINE,
        refusal: str | None = None,
    ) -> None:
        self._add(
            Extract, source_name=name, extract_id=extract_id, content=extract_id, state=state, extracted_at=at,
            judged_at=judged, counts={}, refusal=refusal,
        )  # fmt: skip

    def column(self, source_id: int, file: str, name: str, state: str = "sent", since: date = DAY) -> None:
        self._add(SourceColumn, source_id=source_id, file=file, name=name, state=state, since=since)
