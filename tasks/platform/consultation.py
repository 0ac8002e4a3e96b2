"""The audit entries of a person who asks to see something."""

import getpass
from collections.abc import Sequence

from sqlalchemy import Connection

from config.terms import Verb
from models.queries import audit
from models.queries.audit import AuditEntry


def record_consultation(connection: Connection, about: str, ref: str, reason: str, by: str | None = None) -> None:
    """Audit who asked for what. `by` is a contact_ref, by default the account that runs this."""
    audit.record(connection, AuditEntry(Verb.CONSULTATION, about, ref, reason, by or getpass.getuser()))


def record_combination(
    connection: Connection, case: str, reason: str, others: Sequence[str], by: str | None = None
) -> None:
    """Audit that somebody was shown a case together with others, by their references, and for what reason."""
    detail = {"cases": list(others)}
    audit.record(connection, AuditEntry(Verb.COMBINATION, "case", case, reason, by or getpass.getuser(), detail=detail))
