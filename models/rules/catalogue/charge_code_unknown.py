from collections.abc import Iterator

from config.numbers import Within
from config.terms import EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.scope import NOT_CHARGED, beyond_summary_offences
from models.rules.facts import CaseFacts
from models.rules.result import CASE, Outcome, Owes, OwesNothing, Term

_KNOWN = OwesNothing(CASE, EndReason.MET, "what the suspect is charged with is recorded")


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
