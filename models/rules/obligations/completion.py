"""Completing an action: who may report that it was done, for which day, and what it may not overrule."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from config.terms import ActionStatus, Addressee
from models.rules.arithmetic import format_day
from models.rules.obligations.acknowledgement import may
from models.rules.people.addressing import Directory, Matter

OWN_SIDE = (Addressee.OWNER, Addressee.SUPERVISOR, Addressee.SPOC, Addressee.LEAD)
LIVE = frozenset({ActionStatus.PENDING, ActionStatus.WAITING_THIRD_PARTY})


class Word(NamedTuple):
    """What somebody reports. Without a day it was done today, or on the day that is recorded already."""

    by: str
    on: date | None


class Standing(NamedTuple):
    """The action as it now stands. `reported` says whether its status is a person's word, not its source's own."""

    status: ActionStatus
    raised_on: date
    closed_on: date | None
    withdrawn_on: date | None
    reported: bool
    source: str


class Recorded(NamedTuple):
    """It is to be recorded as done on this day; `new` is false where that stands already."""

    on: date
    new: bool


class Refused(NamedTuple):
    """It may not be recorded: every reason, each a sentence with what to do."""

    faults: tuple[str, ...]


def decide(word: Word, action: Standing, matter: Matter, people: Directory, today: date) -> Recorded | Refused:
    """Judge a person's word that an action was done.

    It may come from whoever may take the action on for the side that owes it: its owner, the case's officer or
    prosecutor, the supervisor or legal managers, that side's SPOCs and leads, and who stands in for one of them. It
    may mend an earlier word, but never what the source itself says is closed: that is for the source to mend.
    """
    faults = list(_not_by_them(word, matter, people, today))
    done = action.closed_on if action.status is ActionStatus.DONE else None
    if done is not None and word.on in {None, done}:
        return Refused(tuple(faults)) if faults else Recorded(done, new=False)
    on = word.on or today
    faults += [*_not_open(action), *_not_on(on, action.raised_on, today)]
    return Refused(tuple(faults)) if faults else Recorded(on, new=True)


def _not_by_them(word: Word, matter: Matter, people: Directory, today: date) -> Iterator[str]:
    if not people.active(word.by):
        yield f"{word.by} is not a known contact who is active on {format_day(today)}."
    elif word.by not in may(matter, people, OWN_SIDE):
        yield (
            f"{word.by} is not one of those who may say so: its owner, the officer in the case or the prosecutor, the "
            "supervisor or legal manager, or a SPOC or lead of the side that owes it. One of them may report it."
        )


def _not_open(action: Standing) -> Iterator[str]:
    if action.withdrawn_on is not None:
        yield f"{action.source} has not sent it since {format_day(action.withdrawn_on)}: it is owed no more."
    elif action.status not in LIVE and not action.reported and action.closed_on is not None:
        words = action.status.value.replace("_", " ")
        yield (
            f"{action.source} itself records it as {words} on {format_day(action.closed_on)}. "
            "If that is wrong, have it mended there: the next extract brings it."
        )


def _not_on(on: date, raised_on: date, today: date) -> Iterator[str]:
    if on > today:
        yield f"{format_day(on)} has not come yet. Give the day on which it was done, today at the latest."
    if on < raised_on:
        yield f"{format_day(on)} is before the action was raised, {format_day(raised_on)}. Give the day it was done."
