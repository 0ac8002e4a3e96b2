from collections.abc import Iterator

from config.numbers import Within
from config.terms import SUSPECT, Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.awaiting_charge import CHARGED_ON
from models.rules.catalogue.bail_end import BAIL_ENDS_ON
from models.rules.catalogue.rule import UNKNOWABLE, Rule
from models.rules.catalogue.scope import beyond_uncharged_bail
from models.rules.catalogue.status import SUSPECT_STATUS
from models.rules.catalogue.traits import Trait
from models.rules.facts import CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term

_KNOWN = OwesNothing(CASE, EndReason.MET, "the day on which bail ends is recorded", said="the day was recorded")


def bail_end_unknown(facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police record the day on which pre-charge bail ends: without it nobody is warned before it does.

    Source: follows from the Police and Criminal Evidence Act 1984 s.47ZA onward. Number: local standard, working days.
    """
    since = facts.status_day
    if beyond := beyond_uncharged_bail(facts):
        yield beyond
    elif facts.case.bail_ends_on is not None:
        yield _KNOWN
    elif unseen := facts.sight.blind(BAIL_ENDS_ON, facts.case.source_id, OwedBy.POLICE):
        yield OwesNothing(CASE, EndReason.UNSEEN, unseen)
    else:
        due = calendar.plus(since, numbers.within)
        because = (Term("on bail since", since, numbers.within, due, "no day is recorded on which bail ends"),)
        yield Owes(CASE, OwedBy.POLICE, due, because, arose_on=since)


RULE = Rule(
    "bail-end-unknown",
    bail_end_unknown,
    "Bail without a recorded end",
    "The day on which bail ends, the charge, or the suspect's new status is recorded (cases.csv: bail_ends_on, "
    "suspect_status; cps_cases.csv: charged_on).",
    "Bail that nobody knows the end of lapses unseen, and its conditions with it.",
    duty=Authority.LOCAL,
    number=Authority.LOCAL,
    only_where=(Trait.CLOCK_CASE, Trait.UNCHARGED, Trait.ON_BAIL),
    needs=(BAIL_ENDS_ON,),
    begins=(SUSPECT_STATUS,),
    also=(CHARGED_ON,),
    side="police",
    readers=SUSPECT,
    answer=UNKNOWABLE,
)
