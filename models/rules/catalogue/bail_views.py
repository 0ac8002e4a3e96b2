from collections.abc import Iterator

from config.numbers import Within
from config.terms import VICTIM, Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.awaiting_charge import CHARGED_ON
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import beyond_guarded, beyond_uncharged_bail
from models.rules.catalogue.status import SUSPECT_STATUS, of_present_status, status_unseen
from models.rules.catalogue.suspects import of_each_suspect
from models.rules.catalogue.traits import Trait
from models.rules.facts import WHY_NOT_STALKING, CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term
from models.rules.sight import SentColumn

BAIL_VARIED_ON = SentColumn("cases.csv", "bail_varied_on")
_VIEWS = SentColumn("cases.csv", "bail_views_on")
_SOUGHT = OwesNothing(
    CASE,
    EndReason.MET,
    "the views of the victim on the bail are recorded",
    said="the views of the victim on the bail were recorded",
)


def bail_views(facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police seek the victim's views on the conditions of each suspect's pre-charge bail, and again when they vary.

    Views on an earlier bail, or from before its conditions were varied, do not count.
    Source: Police, Crime, Sentencing and Courts Act 2022, Schedule 4. Number: local standard, working days from the
    day of the status or of the variation.
    """
    if beyond := beyond_guarded(facts):
        yield beyond
    else:
        yield from of_each_suspect(facts, lambda alone: _of_suspect(alone, numbers, calendar))


def _of_suspect(alone: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Outcome:
    row = alone.case
    if not alone.charged and (unseen := status_unseen(alone)):
        return unseen
    if beyond := beyond_uncharged_bail(alone):
        return beyond
    varied, views = row.bail_varied_on, row.bail_views_on
    if of_present_status(alone, views) and (varied is None or (views is not None and views >= varied)):
        return _SOUGHT._replace(on=views)
    if why := alone.sight.blind(_VIEWS, row.source_id, OwedBy.POLICE):
        return OwesNothing(CASE, EndReason.UNSEEN, why)
    day, fact = alone.status_day, "suspect on bail since"
    if varied is not None and varied > day:
        day, fact = varied, "conditions of bail varied"
    due = calendar.plus(day, numbers.within)
    return Owes(CASE, OwedBy.POLICE, due, (Term(fact, day, numbers.within, due),), arose_on=day)


RULE = Rule(
    "bail-views",
    bail_views,
    "Victim's views on bail conditions",
    "The day on which the victim's views were sought is recorded, on the day of the bail, and of its variation, or "
    "later (cases.csv or suspects.csv: bail_views_on).",
    "The victim knows which conditions would keep the suspect away, and whom they leave unprotected.",
    duty=Authority.LAW,
    number=Authority.LOCAL,
    only_where=(Trait.GUARDED, Trait.MAY_BE_BAILED),
    victim_first=True,
    needs=(_VIEWS,),
    begins=(SUSPECT_STATUS,),
    also=(CHARGED_ON, BAIL_VARIED_ON, WHY_NOT_STALKING),
    side="police",
    readers=VICTIM,
)
