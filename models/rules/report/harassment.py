"""Harassment cases by whether a reason is recorded why they are not stalking."""

from datetime import date

from config.rules import Rules
from config.terms import Classification, EndReason
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue import why_not_stalking
from models.rules.facts import CaseFacts
from models.rules.report.asking import Asking, opened
from models.rules.result import CASE, Owes

FIGURES = ("harassment_with_reason", "harassment_without_reason", "harassment_unasked")
WITH_REASON, WITHOUT_REASON, UNASKED = FIGURES


def figure(facts: CaseFacts, rules: Rules, calendar: WorkingCalendar, on: date) -> str | None:
    """Return the figure in which a case counts that was open at the end of a day; None for one that is no such case."""
    row = facts.case
    over = row.opened_on > on or (row.finalised_on is not None and row.finalised_on <= on)
    if row.classification is not Classification.HARASSMENT or over:
        return None
    known = row._replace(why_not_stalking_on=None) if (row.why_not_stalking_on or on) > on else row
    answer = Asking(why_not_stalking.RULE, rules, calendar).answer(opened(facts._replace(case=known)), CASE)
    if answer is None or isinstance(answer, Owes):
        asked = answer is not None and answer.arose_on is not None and answer.arose_on <= on
        return WITHOUT_REASON if asked else UNASKED
    if answer.end is EndReason.UNSEEN:
        return None
    return WITH_REASON if answer.on is not None else UNASKED
