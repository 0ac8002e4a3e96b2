"""The reason for a case's sitting, which invitations and agendas show."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from config.sittings import ConveningEnd, ConveningReason
from models.rules.result import Term
from models.rules.reviews.convening import HeldPlace

_AFTER = {
    ConveningEnd.NOT_HELD: ConveningReason.NOT_HELD,
    ConveningEnd.UNRECORDED: ConveningReason.UNRECORDED,
    ConveningEnd.CANCELLED: ConveningReason.PANEL,
    ConveningEnd.MORE_ROOM: ConveningReason.ROOM,
    ConveningEnd.MOVED: ConveningReason.GAVE_WAY,
}


class ConveningGrounds(NamedTuple):
    """The basis of a joint review's due day, and how the case's previous convening ended (None: there was none)."""

    due_on: date
    because: Sequence[Term]
    breaches: frozenset[date]  # the days on which a breach was reported, in this case or a linked one
    end: ConveningEnd | None


def of_new(before: ConveningGrounds) -> ConveningReason:
    """Return why a case without a sitting gets one."""
    return _AFTER.get(before.end, ConveningReason.DUE) if before.end else ConveningReason.DUE


def of_move(place: HeldPlace, before: ConveningGrounds, deadline_on: date, *, panel: bool) -> ConveningReason:
    """Return why a case gets another sitting: its day moved earlier, its panel changed, or it gave way."""
    if before.due_on < place.due_on:
        return _of_earlier_day(before)
    if panel or (deadline_on < place.deadline_on and before.due_on == place.due_on):
        return ConveningReason.PANEL
    return ConveningReason.GAVE_WAY


def _of_earlier_day(before: ConveningGrounds) -> ConveningReason:
    """Return whether a new incident set the day, or otherwise the shorter interval of a higher risk."""
    incident = before.because[1] if len(before.because) > 1 else None
    if incident is None or incident.makes != before.due_on:
        return ConveningReason.RISK
    return ConveningReason.BREACH if incident.day in before.breaches else ConveningReason.NEW_INCIDENT
