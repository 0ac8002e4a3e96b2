"""Acknowledgement by command or form, in a transaction of its own: a person takes an obligation on until a day."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.acknowledgement import PromiseType
from models.errors import Refuse, did_you_mean
from models.queries.obligations import acknowledgements
from models.queries.obligations.acknowledgements import LiveObligation
from models.rules.arithmetic import format_day
from models.rules.obligations.acknowledgement import AcknowledgementRequest
from models.rules.obligations.rulebook import RULES
from models.rules.people.act import Act
from models.rules.references import ObligationReference
from models.rules.result import CASE
from tasks.obligations.acknowledging import AcknowledgementResult, promise
from tasks.obligations.acknowledging import withdraw as take_back
from tasks.obligations.unknown_case import known_case
from tasks.platform.configuration import Configuration
from tasks.servers.database import transaction

LONGEST_REASON = 1_000  # characters


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
    checked = _checked(reason)
    with transaction() as connection:
        return promise(configuration, connection, _find(connection, asked, wish.by), wish, act, checked, today, at)


def withdraw(
    configuration: Configuration, asked: ObligationReference, act: Act, today: date, at: datetime
) -> WithdrawalResult:
    """Take back a live promise, so that the ladder goes on. Repeating it changes nothing.

    Raises Refuse if there is none, or if the person may not take it back.
    """
    with transaction() as connection:
        obligation = _find(connection, asked, act.by)
        gone = take_back(configuration, connection, obligation, act, today, at)
    about = f"{asked.rule}{'' if obligation.subject == CASE else f'/{obligation.subject}'} of {asked.case}"
    return WithdrawalResult(about, gone.by_ref if gone else act.by, gone.until_on if gone else None)


def type_named(text: str | None) -> PromiseType | None:
    """Return the type of a lead's promise by its name. Raises Refuse if there is no such type."""
    if text is None:
        return None
    try:
        return PromiseType(text)
    except ValueError:
        raise Refuse(f'There is no --type "{text}". Give one of {", ".join(PromiseType)}. Nothing was done.') from None


def _checked(reason: str) -> str:
    text = " ".join(reason.split())
    if not text:
        raise Refuse("A promise needs its reason: write one sentence after --reason. Nothing was done.")
    if len(text) > LONGEST_REASON:
        raise Refuse(f"The reason is longer than {LONGEST_REASON} characters: shorten it. Nothing was done.")
    return text


def _find(connection: Connection, asked: ObligationReference, by: str) -> LiveObligation:
    """Find and lock the live obligation. Raises Refuse unless there is exactly one."""
    case = known_case(connection, asked.case, by)
    if asked.rule not in RULES:
        meant = did_you_mean(asked.rule, RULES)
        raise Refuse(f'There is no rule "{asked.rule}".{meant} The rules are {", ".join(RULES)}. Nothing was done.')
    found = acknowledgements.live(connection, case, asked.rule)
    matching = [obligation for obligation in found if asked.subject is None or obligation.subject == asked.subject]
    if len(matching) == 1:
        return matching[0]
    raise Refuse(_refusal(asked, found, acknowledgements.rules_owed(connection, case)))


def _refusal(asked: ObligationReference, obligations: Sequence[LiveObligation], rules: Sequence[str]) -> str:
    if not obligations:
        owed = f"It owes something under {', '.join(rules)}." if rules else "It owes nothing at all."
        return f"{asked.case} owes nothing under {asked.rule} now. {owed} Nothing was done."
    subjects = ", ".join(f"{asked.rule}/{obligation.subject}" for obligation in obligations)
    if asked.subject is None:
        return f"{asked.case} owes more than one thing under {asked.rule}. Name one: {subjects}. Nothing was done."
    return f"{asked.case} owes nothing under {asked.rule}/{asked.subject} now. It owes {subjects}. Nothing was done."
