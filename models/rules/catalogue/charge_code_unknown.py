from collections.abc import Iterator

from config.numbers import Within
from config.terms import VICTIM, Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.awaiting_charge import CHARGED_ON
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import NOT_CHARGED, beyond_summary_offences
from models.rules.catalogue.traits import Trait
from models.rules.facts import CHARGED_CODES, CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term

_KNOWN = OwesNothing(
    CASE, EndReason.MET, "what the suspect is charged with is recorded", said="the code of the charge was recorded"
)


def charge_code_unknown(facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """CPS records what the suspect is charged with: without it nobody can know whether the six-month limit still runs.

    Source: follows from Magistrates' Courts Act 1980 s.127. Number: local standard, working days.
    """
    charged_on = facts.case.charged_on
    if beyond := beyond_summary_offences(facts):
        yield beyond
    elif charged_on is None:
        yield NOT_CHARGED
    elif facts.case.charged_codes:
        yield _KNOWN
    elif unseen := facts.charged_codes_unseen:
        yield OwesNothing(CASE, EndReason.UNSEEN, unseen)
    else:
        due = calendar.plus(charged_on, numbers.within)
        because = (Term("charged", charged_on, numbers.within, due, "no code of the charge is recorded"),)
        yield Owes(CASE, OwedBy.CPS, due, because, arose_on=charged_on)


RULE = Rule(
    "charge-code-unknown",
    charge_code_unknown,
    "Code of the charge not recorded",
    "The codes of the charge are recorded (cps_cases.csv: charged_codes).",
    "Only a charge of stalking or harassment stops the six-month limit: without its code nobody can know.",
    duty=Authority.LOCAL,
    number=Authority.LOCAL,
    only_where=(Trait.CLOCK_CASE, Trait.SUMMARY_OFFENCE, Trait.CHARGED),
    needs=(CHARGED_CODES,),
    begins=(CHARGED_ON,),
    side="CPS",
    readers=VICTIM,
)
