"""The audit entry of a person who asks to see something."""

import getpass

from sqlalchemy import Connection

from config.terms import Verb
from models.queries import audit
from models.queries.audit import AuditEntry


def record_consultation(connection: Connection, about: str, ref: str, reason: str, by: str | None = None) -> None:
    """Audit who asked for what. `by` is a contact_ref, by default the account that runs this."""
    audit.record(connection, AuditEntry(Verb.CONSULTATION, about, ref, reason, by or getpass.getuser()))
