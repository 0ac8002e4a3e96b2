from collections.abc import Iterator

from config.numbers import Within
from config.terms import VICTIM, Authority, EndReason, OwedBy, SuspectStatus
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.awaiting_charge import CHARGED_ON
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import NOT_ON_BAIL, beyond_stalking, charged
from models.rules.catalogue.status import SUSPECT_STATUS, of_present_status, status_unseen
from models.rules.catalogue.traits import Trait
from models.rules.facts import CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term
from models.rules.sight import SentColumn

_VIEWS = SentColumn("cases.csv", "bail_views_on")
_SOUGHT = OwesNothing(
    CASE,
    EndReason.MET,
    "the views of the victim on the bail are recorded",
    said="the views of the victim on the bail were recorded",
)


def bail_views(facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police seek the victim's views on the conditions of pre-charge bail; those of an earlier bail do not count.

    Source: Police, Crime, Sentencing and Courts Act 2022, Schedule 4. Number: local standard, working days from the
    day of the status.
    """
    row = facts.case
    if beyond := beyond_stalking(facts):
        yield beyond
    elif facts.charged:
        yield charged(facts)
    elif unseen := status_unseen(facts):
        yield unseen
    elif row.suspect_status is not SuspectStatus.BAIL:
        yield NOT_ON_BAIL._replace(on=facts.status_recorded_on)
    elif of_present_status(facts, row.bail_views_on):
        yield _SOUGHT._replace(on=row.bail_views_on)
    elif why := facts.sight.blind(_VIEWS, row.source_id, OwedBy.POLICE):
        yield OwesNothing(CASE, EndReason.UNSEEN, why)
    else:
        day = facts.status_day
        due = calendar.plus(day, numbers.within)
        yield Owes(CASE, OwedBy.POLICE, due, (Term("suspect on bail since", day, numbers.within, due),), arose_on=day)


RULE = Rule(
    "bail-views",
    bail_views,
    "Victim's views on bail conditions",
    "The day on which the victim's views were sought is recorded, on the day of the bail or later (cases.csv: "
    "bail_views_on).",
    "The victim knows which conditions would keep the suspect away, and whom they leave unprotected.",
    duty=Authority.LAW,
    number=Authority.LOCAL,
    only_where=(Trait.IN_SCOPE, Trait.UNCHARGED, Trait.ON_BAIL),
    victim_first=True,
    needs=(_VIEWS,),
    begins=(SUSPECT_STATUS,),
    also=(CHARGED_ON,),
    side="police",
    readers=VICTIM,
)
