from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from config.numbers import LimitNumbers, Within
from config.terms import EndReason, OwedBy
from models.rules.arithmetic import format_day
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.scope import beyond_stalking_or_harassment
from models.rules.facts import CaseFacts
from models.rules.offences import stem
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term

SUMMARY_ONLY = frozenset({"PH97006", "PH97004"})  # PHA 1997 s.2A stalking, s.2 harassment
_NOT_SUMMARY = OwesNothing(CASE, EndReason.OUT_OF_SCOPE, "no offence on it has the six-month limit")
_CHARGED = OwesNothing(CASE, EndReason.MET, "the suspect is charged")
_NOTED = OwesNothing(CASE, EndReason.MET, "a supervisor has recorded what the expiry means")
_NO_ACT = OwesNothing(CASE, EndReason.MET, "no last act is known")
_ACT_KNOWN = OwesNothing(CASE, EndReason.MET, "the last act is known")


class LastAct(NamedTuple):
    """The act a time limit runs from: its day, its source, and a warning if only a breach or a late act moved it."""

    day: date
    fact: str
    warning: str = ""


def summary_time_limit(facts: CaseFacts, numbers: LimitNumbers, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Begin proceedings for a summary-only offence within six months of the last act. A weekend end does not roll.

    Source: Magistrates' Courts Act 1980 s.127; for a course of conduct, DPP v Baker [2004] EWHC 2782 (Admin). Number:
    law, calendar months. It is computed from recorded facts: the case lawyer confirms the day.
    """
    if nothing := _settled(facts):
        yield nothing
        return
    act = last_act(facts)
    if act is None:
        yield _NO_ACT
        return
    due = calendar.plus(act.day, numbers.limit)
    yield Owes(CASE, OwedBy.BOTH, due, (Term(act.fact, act.day, numbers.limit, due),), note=act.warning)


def time_limit_unknown(facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police record the last act of a case that may have a six-month limit: without it the end is unknown.

    Source: follows from Magistrates' Courts Act 1980 s.127. Number: local standard, working days.
    """
    if nothing := _settled(facts):
        yield nothing
    elif last_act(facts):
        yield _ACT_KNOWN
    else:
        opened = facts.case.opened_on
        due = calendar.plus(opened, numbers.within)
        yield Owes(
            CASE, OwedBy.POLICE, due, (Term("case opened", opened, numbers.within, due, "no last act is recorded"),)
        )


def last_act(facts: CaseFacts) -> LastAct | None:
    """Return the latest of the recorded last act and the case's own incidents, with a warning if it needs a check.

    A later incident outside the course of conduct does not move the limit, and Casebeat cannot tell which ones are
    outside.
    """
    recorded = facts.case.last_act_on
    supplied = [incident for incident in facts.incidents if incident.supplied]
    ordinary = max((i.occurred_on for i in supplied if not i.breach), default=None)
    breach = max((i.occurred_on for i in supplied if i.breach), default=None)
    other = max((day for day in (recorded, ordinary) if day is not None), default=None)
    if breach is not None and (other is None or breach > other):
        without = f"without breaches the last act is {format_day(other)}" if other else "no other act is recorded"
        return LastAct(breach, "latest incident (a breach)", f"only a breach moved it; {without}")
    if recorded is not None and recorded == other:
        return LastAct(recorded, "last act recorded")
    if ordinary is None:
        return None
    warning = f"only a later incident moved it; the last act recorded is {format_day(recorded)}" if recorded else ""
    return LastAct(ordinary, "latest incident", warning)


def _settled(facts: CaseFacts) -> OwesNothing | None:
    """Return why neither rule applies to the case, or owes anything; None if one of them does."""
    if beyond := beyond_stalking_or_harassment(facts):
        return beyond
    if not any(stem(code) in SUMMARY_ONLY for code in facts.case.offence_codes):
        return _NOT_SUMMARY
    if facts.charged:
        return _CHARGED
    return _NOTED if facts.case.time_limit_noted_on else None
