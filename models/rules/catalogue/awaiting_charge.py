from collections.abc import Iterator

from config.numbers import Within
from config.terms import EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.scope import beyond_stalking
from models.rules.facts import CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term

_CHARGED = OwesNothing(CASE, EndReason.MET, "the suspect is charged")
_NOT_AUTHORISED = OwesNothing(CASE, EndReason.MET, "no charge is authorised")


def awaiting_charge(facts: CaseFacts, numbers: Within, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Police charge what CPS has authorised.

    Source: no published limit. Number: local standard, calendar months.
    """
    authorised = facts.case.charge_authorised_on
    if beyond := beyond_stalking(facts):
        yield beyond
    elif facts.charged:
        yield _CHARGED
    elif authorised is None:
        yield _NOT_AUTHORISED
    else:
        due = calendar.plus(authorised, numbers.within)
        yield Owes(CASE, OwedBy.POLICE, due, (Term("charge authorised", authorised, numbers.within, due),))
