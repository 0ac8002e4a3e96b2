"""Bounces: a mail of ours that could not be delivered, believed only where it names a Message-ID that we made."""

import re
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import NamedTuple

from models.errors import Refuse
from models.queries.outbox import digests
from models.queries.replies import arriving
from tasks.platform import faults, tokens
from tasks.platform.configuration import Configuration
from tasks.replies.envelope import Own, our_ids
from tasks.replies.outcomes import MailOutcome
from tasks.servers.database import transaction

_COMES_BACK_WITHIN = timedelta(days=14)  # mail servers give up within days; older mails are not searched for a bounce
_REFUSED = re.compile(rb"^status:[ \t]*(5\.\d{1,3}\.\d{1,3})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_FAILED = re.compile(rb"^action:[ \t]*failed[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)


class Bounce(NamedTuple):
    """A permanent delivery failure: its status, and the Message-IDs like ours that it names, by their left sides."""

    status: str
    refs: tuple[str, ...]


def bounce_in(raw: bytes, own: Own) -> Bounce | None:
    """Find a permanent failure in the bytes of a report, which are searched and not decoded."""
    status = _REFUSED.search(raw)
    if status is None or not _FAILED.search(raw):
        return None
    return Bounce(status[1].decode(), our_ids(raw.decode("latin-1"), own))


def apply_bounce(configuration: Configuration, bounce: Bounce, today: date, at: datetime) -> MailOutcome:
    """Notify operations once of an undeliverable mail. The mail's own record as sent does not change."""
    with transaction() as connection:
        for name in filter(None, (_ours(ref, today) for ref in reversed(bounce.refs))):
            key = arriving.mail_sent(connection, name, today - _COMES_BACK_WITHIN)
            if key is not None:
                text = faults.note(configuration.settings, "bounced", {"key": key, "status": bounce.status})
                digests.operations(connection, f"bounced:{key}", today, text, at, [configuration.settings.main])
            return MailOutcome.BOUNCED
    return MailOutcome.UNPROVEN


def _ours(ref: str, today: date) -> str | None:
    with suppress(Refuse):
        return tokens.read_mail_ref(ref, today)
    return None
