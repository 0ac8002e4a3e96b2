from collections.abc import Iterator

from config.days.duration import Duration, Unit
from config.first_day import Grace
from config.numbers import Within
from config.terms import VICTIM, Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import beyond_guarded
from models.rules.catalogue.traits import Trait
from models.rules.facts import WHY_NOT_STALKING, CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term
from models.rules.sight import SentColumn

_CONTACTED = SentColumn("cases.csv", "victim_contacted_on")
_DONE = "the victim was contacted"


def victim_contact(facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police keep in contact with the victim, as often as was agreed with them.

    Source: the Victims' Code gives a right to be kept informed, as often as is agreed. Number: local standard where
    nothing was agreed, plain days.
    """
    if beyond := beyond_guarded(facts):
        yield beyond
        return
    contacted, agreed = facts.case.victim_contacted_on, facts.case.victim_contact_days
    if why := facts.sight.blind(_CONTACTED, facts.case.source_id, OwedBy.POLICE):
        yield OwesNothing(CASE, EndReason.UNSEEN, why)
        return
    fact, since = ("victim last contacted", contacted) if contacted else facts.watched_since
    within = numbers.within if agreed is None else Duration(agreed, Unit.DAYS)
    due = calendar.plus(since, within)
    note = "" if agreed is None else "as agreed with the victim"
    yield Owes(CASE, OwedBy.POLICE, due, (Term(fact, since, within, due, note),), contacted, done=_DONE)


RULE = Rule(
    "victim-contact",
    victim_contact,
    "Contact with the victim",
    "Contact with the victim is recorded (cases.csv: victim_contacted_on).",
    "A victim who hears nothing stops reporting, and new danger goes unseen.",
    duty=Authority.PUBLISHED,
    number=Authority.LOCAL,
    only_where=(Trait.GUARDED,),
    victim_first=True,
    grace=Grace.NOT_FOR_HIGH,
    recurring=True,
    needs=(_CONTACTED,),
    also=(WHY_NOT_STALKING,),
    side="police",
    readers=VICTIM,
)
