"""Acknowledgement of one live obligation, decided and written in the caller's transaction."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import Verb
from models.errors import Refuse
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.obligations import acknowledgements
from models.queries.obligations.acknowledgements import LiveObligation
from models.rules.obligations.acknowledgement import AcknowledgementRequest, AcknowledgementSetting, decide
from models.rules.refusal import Refusal
from tasks.platform import configuration
from tasks.platform.directory import directory_on


class AcknowledgementResult(NamedTuple):
    """The promise that was recorded."""

    subject: str
    due_on: date
    until_on: date
    renewals: int
    hard: bool


def promise(
    connection: Connection, one: LiveObligation, wish: AcknowledgementRequest, reason: str, today: date, at: datetime
) -> AcknowledgementResult:
    """Record a promise, replacing a live one. Raises Refuse, before writing, with every reason against it.

    The same promise made again, by any channel, returns the live one and does not count as a renewal.
    """
    live = one.standing
    if live and today < wish.until and (wish.by, wish.until, wish.type) == live[1:4]:
        return AcknowledgementResult(one.subject, one.due_on, wish.until, live.renewals, one.hard)
    directory = directory_on(connection, today)
    setting = AcknowledgementSetting(today, configuration.policy().acknowledge, one.risk, configuration.calendar())
    decided = decide(wish, one.matter, directory, one.earlier, setting)
    if isinstance(decided, Refusal):
        raise Refuse(decided.sentences())
    if live:
        acknowledgements.renew(connection, live.id, today)
    made = acknowledgements.make(
        connection,
        acknowledgements.NewPromise(one.id, wish.by, at, today, wish.until, decided.renewals, wish.type, reason),
    )
    audit.record(connection, _entry(one, made, wish, decided.renewals))
    return AcknowledgementResult(one.subject, one.due_on, wish.until, decided.renewals, one.hard)


def _entry(one: LiveObligation, made: int, wish: AcknowledgementRequest, renewals: int) -> AuditEntry:
    return AuditEntry(
        verb=Verb.ALTERATION, by=wish.by, about="promise", ref=f"{one.id}:{made}", reason=one.rule,
        detail={"until": wish.until.isoformat(), "renewals": renewals, "type": wish.type},
    )  # fmt: skip
