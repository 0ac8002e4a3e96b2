"""Completion of an action as a person reports it, written in the caller's transaction."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.terms import Verb
from models.errors import Refuse
from models.intake import OWN
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.obligations import completions
from models.queries.obligations.completions import CaseAction, NewCompletion
from models.rules.arithmetic import format_day
from models.rules.obligations.completion import CompletionReport, decide
from models.rules.references import ActionReference
from models.rules.refusal import Refusal
from tasks.obligations.unknown_case import known_case
from tasks.platform import configuration
from tasks.platform.directory import directory_on


class CompletionResult(NamedTuple):
    """The recorded completion; `new` is false if it was recorded before. The case is the one that owed the action."""

    force_code: str
    case_ref: str
    action_ref: str
    on: date
    new: bool
    source: str

    @property
    def sentence(self) -> str:
        """The result, for the person who reported it."""
        about = f"{self.action_ref} of {self.force_code}/{self.case_ref}"
        if not self.new:
            return f"{about} is recorded as done on {format_day(self.on)} already. Nothing was changed."
        done = f"{about} is recorded as done on {format_day(self.on)}."
        if self.source == OWN:
            return f"{done} It was raised here at a review."
        return f"{done} That stands until {self.source}'s own row of it changes: see that it is recorded there too."


def complete(
    connection: Connection, named: ActionReference, report: CompletionReport, today: date, at: datetime
) -> CompletionResult:
    """Record that an action was done, and mark its case as changed. Repeating the same report changes nothing.

    Raises Refuse, before writing, with every reason against it.
    """
    found = _found(connection, named, report.by)
    directory = directory_on(connection, today)
    decided = decide(report, found.standing, found.matter, directory, today)
    if isinstance(decided, Refusal):
        raise Refuse(decided.sentences())
    if decided.new:
        completion = NewCompletion(named.action_ref, report.by, decided.on, today, at)
        made = completions.write(connection, completion)
        completions.mark_changed(connection, found.case_id)
        audit.record(connection, _entry(completion, made))
    return CompletionResult(
        found.force_code, found.case_ref, named.action_ref, decided.on, decided.new, found.standing.source
    )


def _found(connection: Connection, named: ActionReference, by: str) -> CaseAction:
    known_case(connection, named.case, by)
    found = completions.find(connection, named.case, named.action_ref, configuration.policy().harassment_in)
    if found is not None:
        return found
    live = completions.live_actions(connection, *named.case)
    has = f"What it has to do is {', '.join(live)}." if live else "It has no action left to do."
    raise Refuse(
        f"{named.case} has no action {named.action_ref}. {has} Only an action can be completed here: what else a case "
        "owes ends once its source sends the fact that ends it. Nothing was done."
    )


def _entry(completion: NewCompletion, made: int) -> AuditEntry:
    return AuditEntry(
        verb=Verb.ALTERATION, by=completion.by_ref, about="action", ref=f"{completion.action_ref}:{made}",
        reason="complete-action", detail={"done_on": completion.done_on.isoformat()},
    )  # fmt: skip
