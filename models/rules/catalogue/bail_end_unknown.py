from collections.abc import Iterator

from config.numbers import Within
from config.terms import SUSPECT, Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.awaiting_charge import CHARGED_ON
from models.rules.catalogue.bail_end import BAIL_ENDS_ON
from models.rules.catalogue.rule import UNKNOWABLE, Rule
from models.rules.catalogue.scope import beyond_clocks, beyond_uncharged_bail
from models.rules.catalogue.status import SUSPECT_STATUS
from models.rules.catalogue.suspects import of_each_suspect
from models.rules.catalogue.traits import Trait
from models.rules.facts import CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term

_KNOWN = OwesNothing(CASE, EndReason.MET, "the day on which bail ends is recorded", said="the day was recorded")


def bail_end_unknown(facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police record the day on which pre-charge bail ends: without it nobody is warned before it does.

    Source: follows from the Police and Criminal Evidence Act 1984 s.47ZA onward. Number: local standard, working days.
    """
    if beyond := beyond_clocks(facts):
        yield beyond
    else:
        yield from of_each_suspect(
            facts, lambda alone: beyond_uncharged_bail(alone) or _of_suspect(alone, numbers, calendar)
        )


def _of_suspect(alone: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Outcome:
    since = alone.status_day
    if alone.case.bail_ends_on is not None:
        return _KNOWN
    if unseen := alone.sight.blind(BAIL_ENDS_ON, alone.case.source_id, OwedBy.POLICE):
        return OwesNothing(CASE, EndReason.UNSEEN, unseen)
    due = calendar.plus(since, numbers.within)
    because = (Term("on bail since", since, numbers.within, due, "no day is recorded on which bail ends"),)
    return Owes(CASE, OwedBy.POLICE, due, because, arose_on=since)


RULE = Rule(
    "bail-end-unknown",
    bail_end_unknown,
    "Bail without a recorded end",
    "The day on which bail ends, the charge, or the suspect's new status is recorded (cases.csv or suspects.csv: "
    "bail_ends_on, suspect_status, charged_on; cps_cases.csv: charged_on).",
    "Bail that nobody knows the end of lapses unseen, and its conditions with it.",
    duty=Authority.LOCAL,
    number=Authority.LOCAL,
    only_where=(Trait.CLOCK_CASE, Trait.MAY_BE_BAILED),
    needs=(BAIL_ENDS_ON,),
    begins=(SUSPECT_STATUS,),
    also=(CHARGED_ON,),
    side="police",
    readers=SUSPECT,
    answer=UNKNOWABLE,
)
