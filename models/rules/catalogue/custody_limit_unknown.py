from collections.abc import Iterator

from config.numbers import Within
from config.terms import SUSPECT, Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.awaiting_charge import CHARGED_ON
from models.rules.catalogue.custody_limit import CTL_EXPIRES_ON
from models.rules.catalogue.rule import UNKNOWABLE, Rule
from models.rules.catalogue.scope import NOT_CHARGED, beyond_custody
from models.rules.catalogue.status import SUSPECT_STATUS
from models.rules.catalogue.traits import Trait
from models.rules.facts import CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term

_KNOWN = OwesNothing(
    CASE, EndReason.MET, "the day on which the custody time limit ends is recorded", said="the day was recorded"
)


def custody_limit_unknown(facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """CPS records the day on which the custody time limit of a charged suspect in custody ends.

    Source: follows from the Prosecution of Offences (Custody Time Limits) Regulations 1987. Number: local standard,
    working days from the charge or from custody, whichever is later.
    """
    charged_on = facts.case.charged_on
    if beyond := beyond_custody(facts):
        yield beyond
    elif charged_on is None:
        yield NOT_CHARGED
    elif facts.case.ctl_expires_on is not None:
        yield _KNOWN
    elif unseen := facts.sight.blind(CTL_EXPIRES_ON, facts.case.cps_source_id, OwedBy.CPS):
        yield OwesNothing(CASE, EndReason.UNSEEN, unseen)
    else:
        since, fact = max((charged_on, "charged"), (facts.status_day, "in custody since"))
        due = calendar.plus(since, numbers.within)
        because = (Term(fact, since, numbers.within, due, "no end of the custody time limit is recorded"),)
        yield Owes(CASE, OwedBy.CPS, due, because, arose_on=since)


RULE = Rule(
    "custody-limit-unknown",
    custody_limit_unknown,
    "Custody without a recorded time limit",
    "The day on which the custody time limit ends, or the suspect's new status, is recorded (cps_cases.csv: "
    "ctl_expires_on; cases.csv: suspect_status).",
    "A custody time limit that nobody has in view ends with a release that nobody prepared for.",
    duty=Authority.LOCAL,
    number=Authority.LOCAL,
    only_where=(Trait.CLOCK_CASE, Trait.IN_CUSTODY, Trait.CHARGED),
    needs=(CTL_EXPIRES_ON,),
    begins=(SUSPECT_STATUS, CHARGED_ON),
    side="CPS",
    readers=SUSPECT,
    answer=UNKNOWABLE,
)
