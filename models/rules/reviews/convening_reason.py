"""The reason for a case's sitting, which invitations and agendas show."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from config.sittings import Because, ConveningEnd
from models.rules.result import Term
from models.rules.reviews.convening import Held

_AFTER = {
    ConveningEnd.NOT_HELD: Because.NOT_HELD,
    ConveningEnd.UNRECORDED: Because.UNRECORDED,
    ConveningEnd.CANCELLED: Because.PANEL,
    ConveningEnd.MORE_ROOM: Because.ROOM,
    ConveningEnd.MOVED: Because.GAVE_WAY,
}


class Before(NamedTuple):
    """The basis of a joint review's due day, and how the case's previous convening ended (None: there was none)."""

    due_on: date
    because: Sequence[Term]
    breaches: frozenset[date]  # the days on which a breach was reported, in this case or a linked one
    end: ConveningEnd | None


def of_new(before: Before) -> Because:
    """Return why a case without a sitting gets one."""
    return _AFTER.get(before.end, Because.DUE) if before.end else Because.DUE


def of_move(held: Held, before: Before, deadline_on: date, *, panel: bool) -> Because:
    """Return why a case gets another sitting: its day moved earlier, its panel changed, or it gave way."""
    if before.due_on < held.due_on:
        return _of_earlier_day(before)
    if panel or (deadline_on < held.deadline_on and before.due_on == held.due_on):
        return Because.PANEL
    return Because.GAVE_WAY


def _of_earlier_day(before: Before) -> Because:
    """Return whether a new incident set the day, or otherwise the shorter interval of a higher risk."""
    incident = before.because[1] if len(before.because) > 1 else None
    if incident is None or incident.makes != before.due_on:
        return Because.RISK
    return Because.BREACH if incident.day in before.breaches else Because.NEW_INCIDENT
