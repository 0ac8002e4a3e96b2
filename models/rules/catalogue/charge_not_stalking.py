from collections.abc import Iterator

from config.numbers import Within
from config.terms import VICTIM, Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.awaiting_charge import CHARGED_ON
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import beyond_stalking_or_harassment
from models.rules.catalogue.traits import Trait
from models.rules.facts import CHARGED_CODES, CaseFacts
from models.rules.offences import STALKING, stems
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term
from models.rules.sight import SentColumn

_REASON = SentColumn("cps_cases.csv", "not_stalking_reason_on")
_NOT_CHARGED = OwesNothing(
    CASE, EndReason.OUT_OF_SCOPE, "the suspect is not charged", said="no charge is recorded any more"
)
_NO_CODE = OwesNothing(
    CASE,
    EndReason.OUT_OF_SCOPE,
    "no offence is recorded that the suspect is charged with",
    said="no offence is recorded any more that the suspect is charged with",
)
_STALKING = OwesNothing(
    CASE, EndReason.OUT_OF_SCOPE, "the suspect is charged with stalking", said="a charge of stalking was recorded"
)
_NO_QUESTION = OwesNothing(
    CASE,
    EndReason.MET,
    "nothing raises the question whether it is stalking",
    said="nothing is recorded any more that raises the question",
)
_ANSWERED = OwesNothing(CASE, EndReason.MET, "the reason is recorded", said="the reason was recorded")


def charge_not_stalking(facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """CPS records why conduct that is stalking, or may well be, is not charged as stalking.

    Source: the protocol of 23 May 2018 asks prosecutors as well as police why a case is not stalking. Number: local
    standard, working days from the charge.
    """
    row = facts.case
    charged, codes = row.charged_on, row.charged_codes
    if beyond := beyond_stalking_or_harassment(facts):
        yield beyond
    elif charged is None:
        yield _NOT_CHARGED
    elif unseen := facts.charged_codes_unseen:
        yield OwesNothing(CASE, EndReason.UNSEEN, unseen)
    elif not codes:
        yield _NO_CODE
    elif stems(codes) & STALKING:
        yield _STALKING
    elif not facts.stalking and facts.question is None:
        yield _NO_QUESTION
    elif row.not_stalking_reason_on is not None:
        yield _ANSWERED._replace(on=row.not_stalking_reason_on)
    elif why := facts.sight.blind(_REASON, row.cps_source_id, OwedBy.CPS):
        yield OwesNothing(CASE, EndReason.UNSEEN, why)
    else:
        due = calendar.plus(charged, numbers.within)
        term = Term("suspect charged", charged, numbers.within, due, "with no stalking offence")
        yield Owes(CASE, OwedBy.CPS, due, (term,), arose_on=charged)


RULE = Rule(
    "charge-not-stalking",
    charge_not_stalking,
    "Reason why the charge is not stalking",
    "The day on which the prosecutor's reason was recorded is sent (cps_cases.csv: not_stalking_reason_on), or a "
    "stalking offence is charged (cps_cases.csv: charged_codes).",
    "A lesser charge leaves the victim without what a stalking conviction would bring.",
    duty=Authority.PUBLISHED,
    number=Authority.LOCAL,
    only_where=(Trait.STALKING_OR_HARASSMENT, Trait.CHARGED),
    needs=(_REASON,),
    begins=(CHARGED_ON, CHARGED_CODES),
    side="CPS",
    readers=VICTIM,
)
