"""Completion of an action: who may report that it was done, for which day, and what a report may not override."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from config.doors import ActKind
from config.terms import ActionStatus
from models.rules.access import refusal
from models.rules.arithmetic import format_day
from models.rules.people.directory import Directory
from models.rules.people.parties import Parties
from models.rules.refusal import Refusal

LIVE = frozenset({ActionStatus.PENDING, ActionStatus.WAITING_THIRD_PARTY})


class CompletionReport(NamedTuple):
    """A person's report. Without a day the action was done today, or on the day already recorded."""

    by: str
    on: date | None


class ActionState(NamedTuple):
    """The current state of the action. `reported` is true if its status comes from a person and not from its source."""

    status: ActionStatus
    raised_on: date
    closed_on: date | None
    withdrawn_on: date | None
    reported: bool
    source: str


class CompletionRecord(NamedTuple):
    """The action is recorded as done on this day. `new` is false if that is recorded already."""

    on: date
    new: bool


def decide(
    report: CompletionReport, action: ActionState, matter: Parties, people: Directory, today: date
) -> CompletionRecord | Refusal:
    """Check a person's report that an action was done.

    It may come from anyone who may take on the action for the side that owes it: its owner, the case's officer or
    prosecutor, the supervisor or legal managers, that side's SPOCs and leads, and anyone standing in for one of them.
    It may correct an earlier report, but never a closure that the source itself sends: the source must correct that.
    """
    if refused := refusal(ActKind.COMPLETION, matter, report.by, people, today):
        return refused
    done = action.closed_on if action.status is ActionStatus.DONE else None
    if done is not None and report.on in {None, done}:
        return CompletionRecord(done, new=False)
    on = report.on or today
    faults = (*_not_open(action), *_not_on(on, action.raised_on, today))
    return Refusal(faults) if faults else CompletionRecord(on, new=True)


def _not_open(action: ActionState) -> Iterator[str]:
    if action.withdrawn_on is not None:
        yield f"{action.source} has not sent it since {format_day(action.withdrawn_on)}: it is no longer owed."
    elif action.status not in LIVE and not action.reported and action.closed_on is not None:
        status = action.status.value.replace("_", " ")
        yield (
            f"{action.source} itself records it as {status} on {format_day(action.closed_on)}. "
            "If that is wrong, have it corrected there: the next extract brings it."
        )


def _not_on(on: date, raised_on: date, today: date) -> Iterator[str]:
    if on > today:
        yield f"{format_day(on)} has not come yet. Give the day on which it was done, today at the latest."
    if on < raised_on:
        yield f"{format_day(on)} is before the action was raised, {format_day(raised_on)}. Give the day it was done."
