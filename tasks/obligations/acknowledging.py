"""Acknowledgement of one live obligation, decided and written in the caller's transaction."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.doors import ActKind
from config.terms import Verb
from models.errors import Refuse
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.obligations import acknowledgements
from models.queries.obligations.acknowledgements import LiveObligation, LivePromise
from models.queries.people.acts import Done
from models.rules.obligations.acknowledgement import WITHDRAWN, AcknowledgementRequest, AcknowledgementSetting, decide
from models.rules.people.act import Act
from models.rules.people.who_may import who_may
from models.rules.refusal import Refusal
from tasks.obligations.acting import check_undoer, keep
from tasks.platform.configuration import Configuration
from tasks.platform.directory import directory_on


class AcknowledgementResult(NamedTuple):
    """The promise that was recorded."""

    subject: str
    due_on: date
    until_on: date
    renewals: int
    hard: bool


def promise(
    configuration: Configuration,
    connection: Connection,
    obligation: LiveObligation,
    wish: AcknowledgementRequest,
    act: Act,
    reason: str,
    today: date,
    at: datetime,
) -> AcknowledgementResult:
    """Record a promise, replacing a live one. Raises Refuse, before writing, with every reason against it.

    The same promise made again, by any channel, returns the live one and does not count as a renewal.
    """
    live = obligation.standing
    if live and today < wish.until and (wish.by, wish.until, wish.type) == live[1:4]:
        return AcknowledgementResult(obligation.subject, obligation.due_on, wish.until, live.renewals, obligation.hard)
    directory = directory_on(configuration, connection, today)
    setting = AcknowledgementSetting(today, configuration.policy.acknowledge, obligation.risk, configuration.calendar)
    decided = decide(wish, obligation.matter, directory, obligation.earlier, setting)
    if isinstance(decided, Refusal):
        raise Refuse(decided.sentences())
    if live:
        acknowledgements.renew(connection, live.id, today)
    made = acknowledgements.make(
        connection,
        acknowledgements.NewPromise(obligation.id, wish.by, at, today, wish.until, decided.renewals, wish.type, reason),
    )
    keep(configuration, connection, act, Done(ActKind.PROMISE, made, obligation.case_id), today, at)
    detail = {"until": wish.until.isoformat(), "renewals": decided.renewals, "type": wish.type}
    audit.record(connection, _entry(obligation, made, act, "promise", detail))
    return AcknowledgementResult(obligation.subject, obligation.due_on, wish.until, decided.renewals, obligation.hard)


def withdraw(
    configuration: Configuration,
    connection: Connection,
    obligation: LiveObligation,
    act: Act,
    today: date,
    at: datetime,
) -> LivePromise | None:
    """End the live promise as taken back, so that the ladder goes on; return it, or None if that was done before.

    Raises Refuse, before writing, if nobody has promised, or if the person may not take it back.
    """
    live, directory = obligation.standing, directory_on(configuration, connection, today)
    if obligation.promised_by:
        check_undoer(
            act.by, obligation.promised_by, who_may(ActKind.PROMISE, obligation.matter, directory), directory, today
        )
    if live is None:
        if obligation.earlier is not None and obligation.earlier.end == WITHDRAWN:
            return None
        raise Refuse("Nobody has taken it on at present, so that there is nothing to take back. Nothing was done.")
    acknowledgements.withdraw(connection, live.id, today)
    keep(
        configuration,
        connection,
        act,
        Done(ActKind.PROMISE, live.id, obligation.case_id, undoes=True),
        today,
        at,
        of=live.by_ref,
    )
    audit.record(
        connection, _entry(obligation, live.id, act, "promise taken back", {"until": live.until_on.isoformat()})
    )
    return live


def _entry(obligation: LiveObligation, promise_id: int, act: Act, about: str, detail: dict[str, object]) -> AuditEntry:
    return AuditEntry(
        verb=Verb.ALTERATION, by=act.by, about=about, ref=f"{obligation.id}:{promise_id}", reason=obligation.rule,
        detail={**detail, **act.trail},
    )  # fmt: skip
