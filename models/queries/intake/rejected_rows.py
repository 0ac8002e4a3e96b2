"""Rejected rows that leave an open stalking case with facts that its source has replaced, by file and line."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, and_, exists, func, or_, select

from config.terms import Classification
from models.queries.driver import fetch_as, scalars
from models.queries.intake.merging import CASES
from models.queries.intake.staged import Staged


class RejectedOfStalking(NamedTuple):
    """The rejected rows of one file of a source's newest loaded extract, of open stalking cases or of ones unknown."""

    source: str
    covers: tuple[str, ...]  # force codes
    extract_id: str
    file: str
    lines: Sequence[str]  # as a person finds them


# Not by disclosed: the keys of an extract's rows
def lines_of_stalking(connection: Connection, file: Staged, most: int) -> list[int]:
    """Return the lines of a staged file's rejected rows of open stalking cases; at most so many.

    A row counts too whose case cannot be read, and a row of a case that is not known and may be one. Of cases alone.
    """
    rows = file.rows(file.table.c.bad)
    watched = and_(CASES.c.finalised_on.is_(None), CASES.c.classification == Classification.STALKING)
    if file.of_cases:
        is_or_may_be = func.coalesce(rows.c.classification, Classification.STALKING) == Classification.STALKING
        ours = or_(exists().where(CASES.c.id == rows.c.key_id, watched), rows.c.finalised_on.is_(None) & is_or_may_be)
    else:
        unnamed = or_(rows.c.force_code.is_(None), rows.c.case_ref.is_(None))
        if "urn_root" in rows.c:
            unnamed = and_(unnamed, rows.c.urn_root.is_(None))
        ours = or_(unnamed, *(exists().where(CASES.c[of] == rows.c.key_id, watched) for of in ("id", "urn_key_id")))
    return scalars(connection, select(rows.c.line).where(ours).order_by(rows.c.line).limit(most))


def of_newest(connection: Connection) -> list[RejectedOfStalking]:
    """Return such rows of each source's newest loaded extract, by source and file."""
    statement = """
        select s.name as source, s.covers, e.extract_id, f.key as file, f.value -> 'of_stalking' as lines
        from sources s cross join lateral (
          select extract_id, counts from extracts where source_name = s.name and state = 'loaded'
          order by extracted_at desc, id desc limit 1) e
        cross join lateral jsonb_each(e.counts) f
        where f.value ? 'of_stalking' order by 1, 4"""
    return fetch_as(connection, RejectedOfStalking, statement)
