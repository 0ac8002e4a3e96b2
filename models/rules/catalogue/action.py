from collections.abc import Iterator

from config.numbers import ActionNumbers
from config.terms import VICTIM, ActionSource, ActionStatus, Agency, Authority, EndReason, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.rule import AnsweringFact, Rule
from models.rules.catalogue.scope import beyond_stalking_or_harassment
from models.rules.catalogue.traits import Trait
from models.rules.facts import CaseFacts
from models.rules.result import CASE, GONE, Outcome, Owes, OwesNothing, Term
from models.rules.row_facts import LIVE_STATUSES, ActionFact
from models.rules.sight import SentColumn

LONG_LEAD = frozenset(
    {
        "PHONE_DOWNLOAD_VICTIM",
        "PHONE_DOWNLOAD_SUSPECT",
        "DEVICE_EXAMINATION",
        "TRACKER_EXAMINATION",
        "COMMUNICATIONS_DATA",
        "CELL_SITE",
        "PLATFORM_DATA",
        "FORENSIC_RESULT",
        "FINGERPRINT_RESULT",
        "HANDWRITING",
        "EXPERT_REPORT",
        "MEDICAL_EVIDENCE",
        "PSYCHIATRIC_REPORT",
        "THIRD_PARTY_MATERIAL",
        "FAMILY_COURT_MATERIAL",
        "BANK_RECORDS",
        "FOREIGN_CONVICTIONS",
        "TRANSLATION",
    }
)
SHORT_LEAD = frozenset({"CCTV", "DOORBELL_VIDEO", "DASHCAM", "TRANSPORT_VIDEO", "PLATFORM_PRESERVATION"})  # overwritten
_OWED_BY = {Agency.POLICE: OwedBy.POLICE, Agency.CPS: OwedBy.CPS}
_DONE = AnsweringFact((SentColumn("actions.csv", "status"), SentColumn("actions.csv", "closed_on")))
_NO_ACTION = OwesNothing(CASE, EndReason.OUT_OF_SCOPE, "no action is recorded", said=GONE)
_NO_PLAN = OwesNothing(CASE, EndReason.OUT_OF_SCOPE, "no action-plan action is recorded", said=GONE)


def action(facts: CaseFacts, numbers: ActionNumbers, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Do an outstanding action by its due day, or within the span of its kind after it was raised.

    Recordings that are overwritten within days have the shortest span, analyses by others the longest.

    Source: no published limit. Number: local standard, plain days.
    """
    return _each(facts, numbers, calendar, plan=False)


def action_plan(facts: CaseFacts, numbers: ActionNumbers, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """Supply what CPS asked for in an action plan by its response day, or within the span after it was raised.

    Source: the Director's Guidance on Charging, 6th edition, has action plans with a response date. Number where no
    date is given: local standard, plain days.
    """
    return _each(facts, numbers, calendar, plan=True)


def day_of(row: ActionFact, numbers: ActionNumbers, calendar: WorkingCalendar) -> Term:
    """Calculate an action's day by its rule's formula, whether or not the rule owes it."""
    if row.due_on is not None:
        return Term("due day recorded for the action", row.due_on, None, row.due_on)
    kind = row.kind.upper()
    if kind in SHORT_LEAD:
        span, note = numbers.short_lead, "a kind that is overwritten within days"
    elif kind in LONG_LEAD:
        span, note = numbers.long_lead, "a long-lead kind"
    else:
        span, note = numbers.within, ""
    return Term("action raised", row.raised_on, span, calendar.plus(row.raised_on, span), note)


def _each(facts: CaseFacts, numbers: ActionNumbers, calendar: WorkingCalendar, *, plan: bool) -> Iterator[Outcome]:
    if beyond := beyond_stalking_or_harassment(facts):
        yield beyond
        return
    rows = [row for row in facts.actions if (row.source is ActionSource.ACTION_PLAN) is plan]
    if not rows:
        yield _NO_PLAN if plan else _NO_ACTION
    for row in rows:
        subject = f"action:{row.ref}"
        if not row.supplied:
            yield OwesNothing(subject, EndReason.WITHDRAWN, "the action was withdrawn by its source")
        elif row.status in LIVE_STATUSES:
            term = day_of(row, numbers, calendar)
            yield Owes(subject, _OWED_BY[row.owner_agency], term.makes, (term,), arose_on=row.raised_on)
        elif row.status is ActionStatus.DONE:
            yield OwesNothing(subject, EndReason.MET, "the action was done", row.closed_on)
        elif row.status is ActionStatus.CANCELLED:
            yield OwesNothing(subject, EndReason.WITHDRAWN, "the action was cancelled", row.closed_on)
        else:
            yield OwesNothing(subject, EndReason.WITHDRAWN, "the action was found not possible", row.closed_on)


RULE = Rule(
    "action",
    action,
    "Outstanding action",
    "The action is recorded as done (actions.csv: status done, closed_on).",
    "Evidence is secured before it is lost, and the case can move on.",
    duty=Authority.LOCAL,
    number=Authority.LOCAL,
    only_where=(Trait.STALKING_OR_HARASSMENT, Trait.ACTIONS),
    side="the action's agency",
    readers=VICTIM,
    answer=_DONE,
)


PLAN_RULE = Rule(
    "action-plan",
    action_plan,
    "Action plan item for CPS",
    "The action is recorded as done (actions.csv: status done, closed_on).",
    "CPS cannot decide on a charge until it has what it asked for.",
    duty=Authority.LOCAL,
    number=Authority.LOCAL,
    only_where=(Trait.STALKING_OR_HARASSMENT, Trait.ACTIONS),
    side="the action's agency",
    readers=VICTIM,
    answer=_DONE,
)
