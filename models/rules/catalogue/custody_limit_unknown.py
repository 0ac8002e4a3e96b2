from collections.abc import Iterator
from datetime import date

from config.numbers import Within
from config.terms import SUSPECT, Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.awaiting_charge import CHARGED_ON
from models.rules.catalogue.custody import IN_CUSTODY, beyond_custody, blind_of, held
from models.rules.catalogue.custody_limit import CTL_EXPIRES_ON
from models.rules.catalogue.rule import UNKNOWABLE, Rule
from models.rules.catalogue.scope import NOT_CHARGED, beyond_clocks
from models.rules.catalogue.status import SUSPECT_STATUS
from models.rules.catalogue.suspects import of_each_defendant
from models.rules.catalogue.traits import Trait
from models.rules.facts import CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term

_KNOWN = OwesNothing(
    CASE, EndReason.MET, "the day on which the custody time limit ends is recorded", said="the day was recorded"
)


def custody_limit_unknown(facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """CPS records the day on which the custody time limit of a charged defendant in custody ends.

    Source: follows from the Prosecution of Offences (Custody Time Limits) Regulations 1987. Number: local standard,
    working days from the charge or from custody, whichever is later.
    """
    charged_on = facts.case.charged_on
    if beyond := beyond_clocks(facts):
        yield beyond
    elif charged_on is None:
        yield NOT_CHARGED
    else:
        since = max([(charged_on, "charged"), *((one.status_day, "in custody since") for one in held(facts))])
        yield from of_each_defendant(
            facts, lambda alone: beyond_custody(facts, alone) or _of_defendant(alone, since, numbers, calendar)
        )


def _of_defendant(alone: CaseFacts, since: tuple[date, str], numbers: Within, calendar: WorkingCalendar) -> Outcome:
    row, (day, fact) = alone.case, since
    if row.ctl_expires_on is not None:
        return _KNOWN
    if unseen := blind_of(alone, CTL_EXPIRES_ON):
        return OwesNothing(CASE, EndReason.UNSEEN, unseen)
    due = calendar.plus(day, numbers.within)
    because = (Term(fact, day, numbers.within, due, "no end of the custody time limit is recorded"),)
    return Owes(CASE, OwedBy.CPS, due, because, arose_on=day)


RULE = Rule(
    "custody-limit-unknown",
    custody_limit_unknown,
    "Custody without a recorded time limit",
    "The day on which the custody time limit ends, or the end of custody, is recorded (cps_cases.csv or "
    "defendants.csv: ctl_expires_on, in_custody; cases.csv or suspects.csv: suspect_status).",
    "A custody time limit that nobody has in view ends with a release that nobody prepared for.",
    duty=Authority.LOCAL,
    number=Authority.LOCAL,
    only_where=(Trait.CLOCK_CASE, Trait.MAY_BE_HELD, Trait.CHARGED),
    needs=(CTL_EXPIRES_ON,),
    begins=(CHARGED_ON,),
    also=(IN_CUSTODY, SUSPECT_STATUS),
    side="CPS",
    readers=SUSPECT,
    answer=UNKNOWABLE,
)
