"""The heads of the audit log that daily reports to operations named, as far as their texts are kept."""

from sqlalchemy import Connection

from models.queries.driver import scalars

# A number and the first half of a digest, as `tasks.audit_log.sealing` writes them.
_HEAD = r"(?:^|[^0-9])([1-9][0-9]{0,17}:[0-9a-f]{32})(?![0-9a-f])"


def reported_heads(connection: Connection) -> list[str]:
    """Return the heads of the reports, the earliest first."""
    return scalars(
        connection,
        """select (regexp_match(text, %(head)s))[1] from messages
           where kind = 'operations' and key ^@ 'daily:' and text ~ %(head)s order by id""",
        {"head": _HEAD},
    )
