"""Acknowledgement: a person takes an obligation on until a day, by command or form, or in the caller's transaction."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection

from config.acknowledgement import PromiseType
from config.doors import ActKind
from config.terms import Verb
from models.errors import Refuse, did_you_mean
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.obligations import acknowledgements
from models.queries.obligations.acknowledgements import LiveObligation, LivePromise, OwedMatter
from models.queries.people.acts import Done
from models.rules.access import Permission, authority
from models.rules.arithmetic import format_day
from models.rules.obligations.acknowledgement import WITHDRAWN, AcknowledgementRequest, AcknowledgementSetting, decide
from models.rules.obligations.rulebook import RULES
from models.rules.people.act import Act
from models.rules.references import ObligationReference
from models.rules.refusal import Refusal
from models.rules.result import CASE
from tasks.obligations.acting import check_may, keep
from tasks.obligations.unknown_case import NamedCase, known_case
from tasks.platform.configuration import Configuration
from tasks.platform.directory import directory_on
from tasks.servers.database import transaction

LONGEST_REASON = 1_000  # characters
Owed = TypeVar("Owed", LiveObligation, OwedMatter)


class AcknowledgementResult(NamedTuple):
    """The promise that was recorded."""

    subject: str
    due_on: date
    until_on: date
    renewals: int
    hard: bool


class WithdrawalResult(NamedTuple):
    """The promise that was taken back; `until_on` is None if it was taken back before."""

    about: str
    by: str
    until_on: date | None

    @property
    def sentence(self) -> str:
        """The result, for the person who asked."""
        if self.until_on is None:
            return f"The promise about {self.about} is taken back already. Nothing was changed."
        promised = f"The promise of {self.by} about {self.about} until {format_day(self.until_on)}"
        return f"{promised} is taken back. Its notices go on."


def acknowledge(
    configuration: Configuration,
    asked: ObligationReference,
    wish: AcknowledgementRequest,
    act: Act,
    reason: str,
    today: date,
    at: datetime,
) -> AcknowledgementResult:
    """Record a promise, replacing a live one. Raises Refuse with every reason against it.

    The reason is shown only by `explain`. The due day does not move, and the ladder of a hard clock does not pause.
    """
    checked = checked_reason(reason)
    with transaction() as connection:
        obligation = obligation_named(configuration, connection, asked, act, today)
        return promise(configuration, connection, obligation, wish, act, checked, today, at)


def withdraw(
    configuration: Configuration, asked: ObligationReference, act: Act, today: date, at: datetime
) -> WithdrawalResult:
    """Take back a live promise, so that the ladder goes on. Repeating it changes nothing.

    Raises Refuse if there is none, or if the person may not take it back.
    """
    with transaction() as connection:
        obligation = obligation_named(configuration, connection, asked, act, today)
        gone = take_back(configuration, connection, obligation, act, today, at)
    about = f"{asked.rule}{'' if obligation.subject == CASE else f'/{obligation.subject}'} of {asked.case}"
    return WithdrawalResult(about, gone.by_ref if gone else act.by, gone.until_on if gone else None)


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
    setting = AcknowledgementSetting(today, configuration.policy.acknowledge, obligation.risk, configuration.calendar,
                                     obligation.due_on, obligation.hard)  # fmt: skip
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


def take_back(
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
        check_may(ActKind.PROMISE, obligation.matter, act.by, directory, today, done_by=obligation.promised_by)
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


def type_named(text: str | None) -> PromiseType | None:
    """Return the type of a lead's promise by its name. Raises Refuse if there is no such type."""
    if text is None:
        return None
    try:
        return PromiseType(text)
    except ValueError:
        raise Refuse(f'There is no --type "{text}". Give one of {", ".join(PromiseType)}. Nothing was done.') from None


def checked_reason(reason: str) -> str:
    """Return a reason as one line. Raises Refuse if it is empty or too long."""
    text = " ".join(reason.split())
    if not text:
        raise Refuse("A promise needs its reason: write one sentence after --reason. Nothing was done.")
    if len(text) > LONGEST_REASON:
        raise Refuse(f"The reason is longer than {LONGEST_REASON} characters: shorten it. Nothing was done.")
    return text


def obligation_named(
    configuration: Configuration, connection: Connection, asked: ObligationReference, act: Act, today: date
) -> LiveObligation:
    """Find and lock the live obligation. Raises Refuse unless there is exactly one.

    One that is not theirs is found too: whoever decides on the act refuses it, and tells nothing of it.
    """
    case = known_case(configuration, connection, ActKind.PROMISE, asked.case, act, today)
    if asked.rule not in RULES:
        meant = did_you_mean(asked.rule, RULES)
        raise Refuse(f'There is no rule "{asked.rule}".{meant} The rules are {", ".join(RULES)}. Nothing was done.')
    found = acknowledgements.live(connection, case.id, asked.rule)
    matching = [obligation for obligation in found if asked.subject is None or obligation.subject == asked.subject]
    theirs = _theirs(case, matching, act.by)
    if len(matching) == 1 or (matching and not theirs):
        return matching[0]
    raise Refuse(_refusal(asked, act.by, _theirs(case, acknowledgements.owed(connection, case.id), act.by)))


def _theirs(case: NamedCase, owed: Sequence[Owed], by: str) -> list[Owed]:
    """Return what a person may take on of this."""
    return [one for one in owed if authority(ActKind.PROMISE, one.matter, by, case.people) is Permission.MAY]


def _refusal(asked: ObligationReference, by: str, theirs: Sequence[OwedMatter]) -> str:
    """Return why it is not exactly one, with what is theirs, and nothing else of the case."""
    subjects = ", ".join(f"{owed.rule}/{owed.subject}" for owed in theirs if owed.rule == asked.rule)
    if not subjects:
        rules = ", ".join(dict.fromkeys(owed.rule for owed in theirs))
        owed = f"It owes something under {rules}." if rules else f"It owes nothing that {by} may take on."
        return f"{asked.case} owes nothing under {asked.rule} now. {owed} Nothing was done."
    if asked.subject is None:
        return f"{asked.case} owes more than one thing under {asked.rule}. Name one: {subjects}. Nothing was done."
    return f"{asked.case} owes nothing under {asked.rule}/{asked.subject} now. It owes {subjects}. Nothing was done."
