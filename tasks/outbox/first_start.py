"""The first start of an installation: nobody is written to before a person has looked and agrees."""

from datetime import datetime

from sqlalchemy import Connection

from config.terms import Verb
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.outbox import outbox_list
from models.queries.outbox.outbox_list import FIRST_START, FirstLetters
from models.queries.rounds import rounds
from tasks.outbox import handling
from tasks.platform.configuration import Configuration
from tasks.servers.database import transaction

_ASKED = "first start"  # a switch: whether it was asked


def ask(configuration: Configuration, at: datetime, *, now: bool) -> bool:
    """Put the outbox on hold before a book's first letter, once; return whether the letters wait for a go.

    With `now`, or where nothing reaches anybody yet, they do not wait. A book that ever wrote to somebody is not asked.
    """
    with transaction() as connection:
        if _is_new(configuration, connection) and rounds.switch(connection, _ASKED) is None:
            rounds.set_switch(connection, _ASKED, "now" if now else "held", at)
            if not now:
                outbox_list.hold(connection, FIRST_START, at)
                audit.record(connection, AuditEntry(Verb.ALTERATION, "outbox", "outbox", "held"))
        return outbox_list.waits_for_first(connection)


def go(by: str) -> FirstLetters | None:
    """Let the first letters leave, and return how many wait; None where they do not wait for that."""
    with transaction() as connection:
        if not outbox_list.waits_for_first(connection):
            return None
        letters = outbox_list.first_letters(connection)
    handling.release(by)
    return letters


def _is_new(configuration: Configuration, connection: Connection) -> bool:
    settings = configuration.settings
    reaches = settings.mail.reaches_people or any(route.on for route in settings.routes if not route.everyone)
    return reaches and not outbox_list.ever_sent(connection)
