from collections.abc import Iterator

from config.first_day import Grace
from config.numbers import EveryByRisk
from config.terms import Authority, EndReason, OwedBy, SuspectStatus
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.rule import AnsweringFact, Rule
from models.rules.catalogue.scope import beyond_guarded
from models.rules.catalogue.status import SUSPECT_STATUS, of_present_status, status_unseen
from models.rules.catalogue.suspects import of_each_suspect
from models.rules.catalogue.traits import Trait
from models.rules.facts import WHY_NOT_STALKING, CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term
from models.rules.sight import SentColumn

_ATTEMPTED = SentColumn("cases.csv", "arrest_attempted_on")
_FOUND = OwesNothing(
    CASE,
    EndReason.OUT_OF_SCOPE,
    "the suspect is neither at large nor wanted",
    said="the suspect is neither at large nor wanted any more",
)


def suspect_wanted(facts: CaseFacts, numbers: EveryByRisk, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police try to arrest each suspect who is at large or wanted, or review how to, at an interval by risk.

    Source: no published duty; published reviews of killings found suspects wanted for weeks whom nobody looked for.
    Number: local standard, working days from the status or the last attempt, whichever is later.
    """
    if beyond := beyond_guarded(facts):
        yield beyond
    else:
        yield from of_each_suspect(facts, lambda alone: _of_suspect(alone, numbers, calendar))


def _of_suspect(alone: CaseFacts, numbers: EveryByRisk, calendar: WorkingCalendar) -> Outcome:
    row = alone.case
    if unseen := status_unseen(alone):
        return unseen
    if not row.sought:
        return _FOUND._replace(on=alone.status_recorded_on)
    day = alone.status_day
    fact = "suspect wanted since" if row.suspect_status is SuspectStatus.WANTED else "suspect at large since"
    attempted = row.arrest_attempted_on if of_present_status(alone, row.arrest_attempted_on) else None
    if attempted is not None and attempted > day:
        day, fact = attempted, "last attempt to arrest"
    every = numbers.every.of(alone.risk)
    due = calendar.plus(day, every)
    return Owes(
        CASE, OwedBy.POLICE, due, (Term(fact, day, every, due),), attempted, arose_on=alone.status_day,
        done="an attempt to arrest was recorded",
    )  # fmt: skip


RULE = Rule(
    "suspect-wanted",
    suspect_wanted,
    "Arrest of a suspect who is wanted or at large",
    "The latest attempt to arrest, or review of the plan for it, is recorded, or the suspect's new status (cases.csv "
    "or suspects.csv: arrest_attempted_on, suspect_status).",
    "A suspect whom nobody looks for has the time to come back to the victim.",
    duty=Authority.LOCAL,
    number=Authority.LOCAL,
    only_where=(Trait.GUARDED, Trait.MAY_BE_SOUGHT),
    recurring=True,
    grace=Grace.NOT_FOR_HIGH,
    begins=(SUSPECT_STATUS,),
    also=(_ATTEMPTED, WHY_NOT_STALKING),
    side="police",
    answer=AnsweringFact((_ATTEMPTED,)),
)
