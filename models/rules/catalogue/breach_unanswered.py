from collections.abc import Iterator

from config.authority import Authority
from config.numbers import Within
from config.terms import EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import beyond_stalking
from models.rules.facts import CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term

_NO_BREACH = OwesNothing(CASE, EndReason.OUT_OF_SCOPE, "no incident is recorded as a breach")


def breach_unanswered(facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police answer a reported breach with a risk assessment. Each breach is an obligation until one follows it.

    Source: Living in fear (HMIC and HMCPSI, July 2017): breaches were not treated as new stalking. Number: local
    standard, working days.
    """
    if beyond := beyond_stalking(facts):
        yield beyond
        return
    breaches = [row for row in facts.incidents if row.breach]
    if not breaches:
        yield _NO_BREACH
        return
    assessed = facts.case.risk_assessed_on
    for row in breaches:
        subject = f"incident:{row.ref}"
        if not row.supplied:
            yield OwesNothing(subject, EndReason.WITHDRAWN, "the incident was withdrawn by its source")
        elif assessed is not None and assessed >= row.reported_on:
            yield OwesNothing(subject, EndReason.MET, "the risk was assessed after it was reported")
        else:
            due = calendar.plus(row.reported_on, numbers.within)
            yield Owes(subject, OwedBy.POLICE, due, (Term("breach reported", row.reported_on, numbers.within, due),))


RULE = Rule(
    "breach-unanswered",
    breach_unanswered,
    "Risk assessment after a breach",
    "A risk assessment on or after the day of the report is recorded (cases.csv: risk_assessed_on).",
    "A breach is new stalking, and often the sign that the danger is growing.",
    duty=Authority.PUBLISHED,
    number=Authority.LOCAL,
)
