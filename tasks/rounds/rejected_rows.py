"""Rejected rows of open stalking cases, whose facts are not known: a person looks at them."""

from models.queries.intake import rejected_rows
from models.queries.intake.rejected_rows import RejectedOfStalking
from tasks.platform.text import number_of
from tasks.servers.database import transaction

_NAMED = 5  # lines


def of_newest(only: str | None = None) -> tuple[RejectedOfStalking, ...]:
    """Return those of each source's newest extract; with a force, of the sources that cover it."""
    with transaction() as connection:
        found = rejected_rows.of_newest(connection)
    return tuple(rows for rows in found if only is None or only in rows.covers)


def sentence(rows: RejectedOfStalking) -> str:
    """Say how many there are, and where: by file and line, and nothing of what they hold."""
    number, named = len(rows.lines), ", ".join(rows.lines[:_NAMED])
    more = f" and {number - _NAMED:,} more" if number > _NAMED else ""
    of = f"{rows.file} of extract {rows.extract_id} of source {rows.source}"
    what = number_of(number, "rejected row is, or may be,", "rejected rows are, or may be,")
    return f"{what} of open stalking cases: {of}, line{'s' if number > 1 else ''} {named}{more}"
