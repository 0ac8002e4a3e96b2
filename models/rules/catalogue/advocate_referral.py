from collections.abc import Iterator

from config.numbers import Within
from config.terms import VICTIM, Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import beyond_guarded
from models.rules.catalogue.traits import Trait
from models.rules.facts import WHY_NOT_STALKING, CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term
from models.rules.sight import SentColumn

_REFERRED = SentColumn("cases.csv", "advocate_referred_on")
DECLINED = SentColumn("cases.csv", "advocate_declined_on")
_WAS_REFERRED = OwesNothing(CASE, EndReason.MET, "the victim was referred to an independent advocate")
_HAS_DECLINED = OwesNothing(CASE, EndReason.MET, "the victim declined an independent advocate")


def advocate_referral(facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police refer the victim to an independent advocate, unless the victim declines one.

    Source: Victims' Code, right 4: referral to support services within two working days. Number: published, working
    days from the day since which the case is watched as stalking.
    """
    row = facts.case
    if beyond := beyond_guarded(facts):
        yield beyond
    elif row.advocate_referred_on is not None:
        yield _WAS_REFERRED._replace(on=row.advocate_referred_on)
    elif row.advocate_declined_on is not None:
        yield _HAS_DECLINED._replace(on=row.advocate_declined_on)
    elif why := facts.sight.blind(_REFERRED, row.source_id, OwedBy.POLICE):
        yield OwesNothing(CASE, EndReason.UNSEEN, why)
    else:
        fact, since = facts.watched_since
        due = calendar.plus(since, numbers.within)
        yield Owes(CASE, OwedBy.POLICE, due, (Term(fact, since, numbers.within, due),), arose_on=since)


RULE = Rule(
    "advocate-referral",
    advocate_referral,
    "Referral to an independent advocate",
    "The referral is recorded, or that the victim declined it (cases.csv: advocate_referred_on, advocate_declined_on).",
    "An advocate plans with the victim how to keep safe, and says what the file does not show.",
    duty=Authority.PUBLISHED,
    number=Authority.PUBLISHED,
    only_where=(Trait.GUARDED,),
    victim_first=True,
    needs=(_REFERRED,),
    also=(DECLINED, WHY_NOT_STALKING),
    side="police",
    readers=VICTIM,
)
