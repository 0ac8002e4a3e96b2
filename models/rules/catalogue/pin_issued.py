from collections.abc import Iterator

from config.numbers import Numbers
from config.terms import SUSPECT, Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import beyond_guarded
from models.rules.catalogue.traits import Trait
from models.rules.facts import WHY_NOT_STALKING, CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term
from models.rules.sight import SentColumn

_ISSUED, _RECALLED = SentColumn("cases.csv", "pin_issued_on"), SentColumn("cases.csv", "pin_withdrawn_on")
_NONE_ISSUED = OwesNothing(
    CASE,
    EndReason.MET,
    "no Police Information Notice is recorded as issued",
    said="no Police Information Notice is recorded as issued any more",
)
_WITHDRAWN = OwesNothing(CASE, EndReason.MET, "the Police Information Notice was withdrawn")


def pin_issued(facts: CaseFacts, numbers: Numbers, calendar: WorkingCalendar) -> Iterator[Outcome]:  # noqa: ARG001  one shape for all rules
    """Police withdraw a Police Information Notice on a stalking case: it is wrong from the day it was issued.

    Source: the protocol of 23 May 2018: these notices are never used in stalking cases. Number: local standard, the day
    itself.
    """
    issued = facts.case.pin_issued_on
    if beyond := beyond_guarded(facts):
        yield beyond
    elif issued is None and (why := facts.sight.blind(_ISSUED, facts.case.source_id, OwedBy.POLICE)):
        yield OwesNothing(CASE, EndReason.UNSEEN, why)
    elif issued is None:
        yield _NONE_ISSUED
    elif facts.case.pin_withdrawn_on is not None:
        yield _WITHDRAWN._replace(on=facts.case.pin_withdrawn_on)
    elif why := facts.sight.blind(_RECALLED, facts.case.source_id, OwedBy.POLICE):
        yield OwesNothing(CASE, EndReason.UNSEEN, why)
    else:
        term = Term("Police Information Notice issued", issued, None, issued)
        yield Owes(CASE, OwedBy.POLICE, issued, (term,), arose_on=issued)


RULE = Rule(
    "pin-issued",
    pin_issued,
    "Withdrawal of a Police Information Notice",
    "The withdrawal of the notice is recorded (cases.csv: pin_withdrawn_on).",
    "A notice in place of an investigation tells the suspect that nothing more will come.",
    duty=Authority.PUBLISHED,
    number=Authority.LOCAL,
    only_where=(Trait.GUARDED, Trait.PIN_ISSUED),
    needs=(_RECALLED,),
    begins=(_ISSUED,),
    also=(WHY_NOT_STALKING,),
    side="police",
    readers=SUSPECT,
)
