from collections.abc import Iterator

from config.numbers import Numbers
from config.terms import SUSPECT, Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.custody import IN_CUSTODY, beyond_custody
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import beyond_clocks
from models.rules.catalogue.status import SUSPECT_STATUS
from models.rules.catalogue.suspects import of_each_defendant
from models.rules.catalogue.traits import Trait
from models.rules.facts import CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term
from models.rules.sight import SentColumn

CTL_EXPIRES_ON = SentColumn("cps_cases.csv", "ctl_expires_on")
_NO_DAY = OwesNothing(
    CASE,
    EndReason.MET,
    "no day is recorded on which the custody time limit ends",
    said="no day is recorded any more on which the custody time limit ends",
    kept_in=CTL_EXPIRES_ON,
)


def custody_limit(facts: CaseFacts, numbers: Numbers, calendar: WorkingCalendar) -> Iterator[Outcome]:  # noqa: ARG001  one shape for all rules
    """CPS brings the case to trial, or applies for an extension, before a defendant's custody time limit ends.

    Source: Prosecution of Offences (Custody Time Limits) Regulations 1987. Number: law; the day is used as sent, never
    computed.
    """
    if beyond := beyond_clocks(facts):
        yield beyond
    else:
        yield from of_each_defendant(facts, lambda alone: _of_defendant(facts, alone))


def _of_defendant(facts: CaseFacts, alone: CaseFacts) -> Outcome:
    ends = alone.case.ctl_expires_on
    if beyond := beyond_custody(facts, alone):
        return beyond
    if ends is None:
        return _NO_DAY
    return Owes(CASE, OwedBy.CPS, ends, (Term("custody time limit ends", ends, None, ends),))


RULE = Rule(
    "custody-limit",
    custody_limit,
    "Custody time limit (CTL)",
    "An extended limit, or the end of custody, is recorded (cps_cases.csv or defendants.csv: ctl_expires_on, "
    "in_custody; cases.csv or suspects.csv: suspect_status).",
    "When the limit passes, the defendant may have to be released.",
    duty=Authority.LAW,
    number=Authority.LAW,
    only_where=(Trait.CLOCK_CASE, Trait.MAY_BE_HELD),
    begins=(CTL_EXPIRES_ON,),
    also=(IN_CUSTODY, SUSPECT_STATUS),
    side="CPS",
    readers=SUSPECT,
)
