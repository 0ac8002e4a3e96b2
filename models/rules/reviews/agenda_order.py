"""Agenda order: a sitting takes first what failed before, then its most urgent cases."""

from collections.abc import Iterable
from datetime import date
from enum import IntEnum
from typing import NamedTuple

from config.terms import Risk, Severity

NEAR = 7  # days


class Urgency(IntEnum):
    """The urgency of a case, most urgent first."""

    RUN_OUT = 0  # the day of a hard clock has passed
    ENDING = 1  # a hard clock ends within seven days
    STALLED = 2  # critically overdue, under a rule that stalls a case
    CRITICAL = 3
    OVERDUE = 4
    SOON = 5
    CALM = 6  # nothing is due yet


class RankedObligation(NamedTuple):
    """The values of one obligation that decide its urgency, and whether the question is about it."""

    hard: bool
    stalls: bool
    due_on: date
    severity: Severity


class AgendaPosition(NamedTuple):
    """A case's rank on the agenda. The lesser of two comes first."""

    urgency: Urgency
    risk: int  # high and unknown 0, medium 1, standard 2
    due_on: date  # of the longest owed among the most urgent
    reference: str


class SeatedCase(NamedTuple):
    """A case at a sitting. `failed` means that its review failed since the last one that counts.

    `apart` means that it bars somebody: nobody's minutes may show that it is there.
    """

    convening_id: int
    failed: bool
    position: AgendaPosition
    apart: bool = False


_RISK = {Risk.HIGH: 0, Risk.MEDIUM: 1, Risk.STANDARD: 2}


def place(owed: Iterable[RankedObligation], risk: Risk, reference: str, day: date) -> AgendaPosition:
    """Rank by urgency, then by risk (unknown counts as high), then by earliest due day, then by reference."""
    found = [(_urgency(obligation, day), obligation.due_on) for obligation in owed]
    urgency, due_on = min(found, default=(Urgency.CALM, date.max))
    return AgendaPosition(urgency, _RISK[risk.treated_as], due_on, reference)


def running_order(cases: Iterable[SeatedCase]) -> list[int]:
    """Return the convenings in the order of their minutes: what failed before first, then by urgency.

    Cases that are apart come after all others.
    """
    order = sorted(cases, key=lambda case: (case.apart, not case.failed, case.position))
    return [case.convening_id for case in order]


def _urgency(obligation: RankedObligation, day: date) -> Urgency:
    if obligation.hard and obligation.due_on < day:
        return Urgency.RUN_OUT
    if obligation.hard and (obligation.due_on - day).days <= NEAR:
        return Urgency.ENDING
    if obligation.severity is Severity.CRITICALLY_OVERDUE:
        return Urgency.STALLED if obligation.stalls else Urgency.CRITICAL
    return {Severity.OVERDUE: Urgency.OVERDUE, Severity.DUE_SOON: Urgency.SOON}.get(obligation.severity, Urgency.CALM)
