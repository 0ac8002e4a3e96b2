from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from config.numbers import NOTE_SETTLES, LimitNumbers
from config.terms import VICTIM, Authority, EndReason, OwedBy
from models.rules.arithmetic import format_day
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.awaiting_charge import CHARGED_ON
from models.rules.catalogue.last_act import last_act_on, latest_incident
from models.rules.catalogue.rule import Rule, Seeing
from models.rules.catalogue.scope import beyond_six_months
from models.rules.catalogue.time_limit_unknown import LAST_ACT_ON, NOTED_ON, OCCURRED_ON
from models.rules.catalogue.traits import Trait
from models.rules.facts import CHARGED_CODES, CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term
from models.rules.row_facts import IncidentFact

_NOTED = OwesNothing(
    CASE,
    EndReason.MET,
    "a supervisor has recorded what the expiry means",
    said="nobody was charged with it, and a supervisor noted what that means",
)
_NO_ACT = OwesNothing(CASE, EndReason.MET, "no last act is known", said="no last act is recorded any more")


class LastAct(NamedTuple):
    """The act that the limit runs from, and what a reader has to know of it."""

    day: date
    fact: str
    note: str


def summary_time_limit(facts: CaseFacts, numbers: LimitNumbers, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Begin proceedings for a summary-only offence within six months of the last act. A weekend end does not roll.

    The act that police recorded as the last one counts; a later incident may be no part of the course of conduct, so
    it moves no day and is named as a possibility. A supervisor's note settles the acts that it can be about, never one
    whose limit ends later: it meets a limit by its last day, and of one that has passed changes nothing.
    Source: Magistrates' Courts Act 1980 s.127; for a course of conduct, DPP v Baker [2004] EWHC 2782 (Admin). Number:
    law, calendar months. It is computed from recorded facts: the case lawyer confirms the day.
    """
    if beyond := beyond_six_months(facts):
        yield beyond
    elif act := _last_act(facts, numbers, calendar):
        due = calendar.plus(act.day, numbers.limit)
        yield Owes(
            CASE, OwedBy.BOTH, due, (Term(act.fact, act.day, numbers.limit, due),), note=act.note, arose_on=act.day
        )
    else:
        yield _NOTED._replace(on=facts.case.time_limit_noted_on) if last_act_on(facts) else _NO_ACT


def _last_act(facts: CaseFacts, numbers: LimitNumbers, calendar: WorkingCalendar) -> LastAct | None:
    """Return the last act that no note settles; None if there is none."""
    recorded, latest = facts.case.last_act_on, latest_incident(facts)
    noted = facts.case.time_limit_noted_on
    settled_to = date.min if noted is None else calendar.plus(noted, NOTE_SETTLES)
    if recorded is not None and calendar.plus(recorded, numbers.limit) > settled_to:
        return LastAct(recorded, "last act recorded", _possible(recorded, latest, numbers, calendar))
    if latest is None or calendar.plus(latest.occurred_on, numbers.limit) <= settled_to:
        return None
    if latest.breach:
        return LastAct(latest.occurred_on, "latest incident (a breach)", _without_breaches(facts))
    note = f"only a later incident moved it; the last act recorded is {format_day(recorded)}" if recorded else ""
    return LastAct(latest.occurred_on, "latest incident", note)


def _possible(recorded: date, latest: IncidentFact | None, numbers: LimitNumbers, calendar: WorkingCalendar) -> str:
    """Name the day that would count if a later incident belongs to the same course of conduct; empty without one."""
    if latest is None or latest.occurred_on <= recorded:
        return ""
    what = "breach" if latest.breach else "incident"
    day = calendar.plus(latest.occurred_on, numbers.limit)
    return (
        f"if the {what} of {format_day(latest.occurred_on)} belongs to the same course of conduct, the day would be "
        f"{format_day(day)}"
    )


def _without_breaches(facts: CaseFacts) -> str:
    """Warn that only a breach is the last act, which need be no part of the course of conduct."""
    acts = [incident.occurred_on for incident in facts.incidents if incident.supplied and not incident.breach]
    other = max([*acts, *filter(None, [facts.case.last_act_on])], default=None)
    without = f"without breaches the last act is {format_day(other)}" if other else "no other act is recorded"
    return f"only a breach moved it; {without}"


RULE = Rule(
    "summary-time-limit",
    summary_time_limit,
    "Six-month time limit (STL) for a summary offence",
    "A charge of stalking or harassment is recorded (cps_cases.csv: charged_on, charged_codes), or a supervisor "
    "records what the expiry means (cases.csv: time_limit_noted_on).",
    "After six months from the last act a summary offence can no longer be prosecuted.",
    duty=Authority.LAW,
    number=Authority.LAW,
    only_where=(Trait.CLOCK_CASE, Trait.SUMMARY_OFFENCE),
    seeing=Seeing.EITHER,
    begins=(LAST_ACT_ON, OCCURRED_ON),
    also=(CHARGED_ON, CHARGED_CODES, NOTED_ON),
    side="both",
    readers=VICTIM,
)
