"""Completion of an action as a person reports it: by command or form, or in the caller's transaction."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from config.doors import ActKind
from config.terms import Verb
from models.errors import Refuse
from models.intake import OWN
from models.queries import audit
from models.queries.audit import AuditEntry
from models.queries.obligations import completions, reopened, worklist
from models.queries.obligations.completions import CaseAction, NewCompletion
from models.queries.obligations.reopened import GoneFact
from models.queries.people import acts
from models.queries.people.acts import Done
from models.rules.access import Permission, authority
from models.rules.arithmetic import format_day
from models.rules.obligations.completion import CompletionReport, decide
from models.rules.people.act import Act
from models.rules.people.directory import Directory
from models.rules.references import ActionReference
from models.rules.refusal import Refusal
from tasks.obligations.acting import check_may, keep
from tasks.obligations.unknown_case import known_case
from tasks.platform.configuration import Configuration
from tasks.servers.database import transaction


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


class UndoneCompletion(NamedTuple):
    """The report that was taken back; `new` is false if it was taken back before. The case is the one that owes."""

    force_code: str
    case_ref: str
    action_ref: str
    on: date
    new: bool

    @property
    def sentence(self) -> str:
        """The result, for the person who asked."""
        about = f"{self.action_ref} of {self.force_code}/{self.case_ref}"
        report = f"The report that {about} was done on {format_day(self.on)} is taken back"
        return f"{report}. It is owed as before." if self.new else f"{report} already. Nothing was changed."


def complete_action(
    configuration: Configuration, named: ActionReference, report: CompletionReport, act: Act, today: date, at: datetime
) -> CompletionResult:
    """Record that an action was done, and mark its case as changed. Repeating the same report changes nothing.

    Raises Refuse with every reason against it. The obligation stays live until the case is projected.
    """
    with transaction() as connection:
        return complete(configuration, connection, named, report, act, today, at)


def undo(configuration: Configuration, named: ActionReference, act: Act, today: date, at: datetime) -> UndoneCompletion:
    """Take back the latest report that an action was done, and mark its case as changed. Repeating it changes nothing.

    Raises Refuse with every reason against it. The obligation comes back when the case is projected.
    """
    with transaction() as connection:
        return take_back(configuration, connection, named, act, today, at)


def complete(
    configuration: Configuration,
    connection: Connection,
    named: ActionReference,
    report: CompletionReport,
    act: Act,
    today: date,
    at: datetime,
) -> CompletionResult:
    """Record that an action was done, and mark its case as changed. Repeating the same report changes nothing.

    Raises Refuse, before writing, with every reason against it.
    """
    action, people = _found(configuration, connection, named, act, today)
    decided = decide(report, action.standing, action.matter, people, today)
    if isinstance(decided, Refusal):
        raise Refuse(decided.sentences())
    if decided.new:
        completion = NewCompletion(named.action_ref, report.by, decided.on, today, at)
        made = completions.write(connection, completion)
        worklist.mark_changed(connection, [action.case_id])
        keep(configuration, connection, act, Done(ActKind.COMPLETION, made, action.case_id), today, at)
        audit.record(connection, _entry(named, made, act, "complete-action", decided.on))
    return CompletionResult(
        action.force_code, action.case_ref, named.action_ref, decided.on, decided.new, action.standing.source
    )


def take_back(
    configuration: Configuration, connection: Connection, named: ActionReference, act: Act, today: date, at: datetime
) -> UndoneCompletion:
    """Take back the report that an action was done, and mark its case as changed. Repeating it changes nothing.

    Raises Refuse, before writing, if there is no report, if its source's row has changed since, or if the person may
    not take it back.
    """
    action, people = _found(configuration, connection, named, act, today)
    last = completions.latest(connection, named.action_ref)
    done_by = last.by_ref if last else None
    check_may(ActKind.COMPLETION, action.matter, act.by, people, today, done_by=done_by)
    if last is None:
        raise Refuse(f"Nobody has reported here that {named.action_ref} was done. Nothing was done.")
    new = not acts.taken_back(connection, ActKind.COMPLETION, last.id)
    if new:
        _check_unchanged(named, action)
        completions.take_back(connection, named.action_ref)
        reopened.reopen(connection, GoneFact(action.case_id, last.done_on, last.made_on), today)
        worklist.mark_changed(connection, [action.case_id])
        keep(
            configuration,
            connection,
            act,
            Done(ActKind.COMPLETION, last.id, action.case_id, undoes=True),
            today,
            at,
            of=last.by_ref,
        )
        audit.record(connection, _entry(named, last.id, act, "complete-action undone", last.done_on))
    return UndoneCompletion(action.force_code, action.case_ref, named.action_ref, last.done_on, new)


def _check_unchanged(named: ActionReference, action: CaseAction) -> None:
    if not action.standing.reported:
        raise Refuse(
            f"{action.standing.source}'s own row of {named.action_ref} has changed since it was reported, and counts. "
            "If that is wrong, have it corrected there: the next extract brings it. Nothing was done."
        )


def _found(
    configuration: Configuration, connection: Connection, named: ActionReference, act: Act, today: date
) -> tuple[CaseAction, Directory]:
    """Return an action, locked, with everyone of the day. Raises Refuse, and names no action that is not theirs."""
    case = known_case(configuration, connection, ActKind.COMPLETION, named.case, act, today)
    action = completions.find(connection, named.case, named.action_ref, configuration.policy.harassment_in)
    if action is not None:
        return action, case.people
    theirs = [
        live.action_ref
        for live in completions.live_actions(connection, case.id)
        if authority(ActKind.COMPLETION, live.matter, act.by, case.people) is Permission.MAY
    ]
    has = f"What it has to do is {', '.join(theirs)}." if theirs else f"It has no action left that {act.by} may report."
    raise Refuse(
        f"{named.case} has no action {named.action_ref}. {has} Only an action can be completed here: what else a case "
        "owes ends once its source sends the fact that ends it. Nothing was done."
    )


def _entry(named: ActionReference, completion_id: int, act: Act, reason: str, on: date) -> AuditEntry:
    return AuditEntry(
        verb=Verb.ALTERATION, by=act.by, about="action", ref=f"{named.action_ref}:{completion_id}", reason=reason,
        detail={"done_on": on.isoformat(), **act.trail},
    )  # fmt: skip
