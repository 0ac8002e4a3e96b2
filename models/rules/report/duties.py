"""The duties of a case by their own days: what happened, by when what it asks for was due, and when it was done.

Each rule works out its own due day, and says what ended it; only what facts told before is put back for it to see.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from config.rules import Rules
from config.terms import ActionSource, ActionStatus, Agency
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue import (
    action,
    advocate_referral,
    awaiting_charge,
    bail_end,
    bail_views,
    breach_unanswered,
    charge_not_stalking,
    charging_decision,
    closed_silently,
    custody_limit,
    danger,
    joint_review,
    nfa_review,
    order_expiry,
    order_served,
    order_told,
    pin_issued,
    plea,
    referral_checklist,
    release_review,
    risk_assessment,
    spo_considered,
    spo_notification,
    summary_time_limit,
    supervisor_review,
    suspect_wanted,
    victim_contact,
    victim_told,
    why_not_stalking,
)
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.traits import Trait
from models.rules.facts import CaseFacts
from models.rules.report.asking import Asking, Fallen, duty_of, ended, judged, without
from models.rules.report.earlier import DayKind, Earlier
from models.rules.report.history import History, in_status
from models.rules.report.limits import Way, bail_ends, custody_ends, of_each_suspect, six_months
from models.rules.report.orders import orders_ending, orders_made
from models.rules.report.recurring import (
    dangers,
    joint_reviews,
    of_column,
    orders_considered,
    searches,
    supervisor_reviews,
)
from models.rules.result import Owes
from models.rules.row_facts import ActionFact, IncidentFact

_DAY = timedelta(days=1)


def fallen(facts: CaseFacts, earlier: Sequence[Earlier], rules: Rules, calendar: WorkingCalendar) -> Iterator[Fallen]:
    """Yield every duty of a case that is counted by its own days, under the rules that the policy turns on."""
    history = History(facts, earlier)
    for rule, way in _WAYS:
        if rules.of(rule.name).enabled and all(getattr(facts, trait) for trait in _ROWS.intersection(rule.only_where)):
            yield from filter(None, way(Asking(rule, rules, calendar), facts, history))


def _when_it_happened(asking: Asking, facts: CaseFacts, history: History) -> Iterator[Fallen | None]:
    """Yield duties of a thing that happened: without the answer, the rule owes it."""
    del history
    case, over_on = asking.past(facts), asking.over_on(facts)
    for owes in asking.owes(without(case, asking.rule.needs)):
        yield judged(duty_of(asking, facts, owes), asking.answer(case, owes.subject), over_on)


def _referrals_to_advocates(asking: Asking, facts: CaseFacts, history: History) -> Iterator[Fallen | None]:
    """Yield the duty of a case that began to be watched; that the victim declined ends it too."""
    del history
    case, over_on = asking.past(facts), asking.over_on(facts)
    for owes in asking.owes(without(case, (*asking.rule.needs, advocate_referral.DECLINED))):
        yield judged(duty_of(asking, facts, owes), asking.answer(case, owes.subject), over_on)


def _by_its_day(asking: Asking, facts: CaseFacts, history: History) -> Iterator[Fallen | None]:
    """Yield duties that have a day by themselves, and are counted by it."""
    for duty in _when_it_happened(asking, facts, history):
        yield duty and duty._replace(on=duty.due_on)


def _news(asking: Asking, facts: CaseFacts, history: History) -> Iterator[Fallen | None]:
    """Yield a duty for each day with news for the victim."""
    case, over_on = asking.past(facts), asking.over_on(facts)
    for day in sorted({*history.news(), *(on for on, _ in victim_told.news(case))}):
        row = case.case._replace(victim_told_on=day - _DAY, status_changed_on=day, status_on=day)
        for owes in asking.owes(case._replace(case=row, suspect_rows=())):
            if owes.arose_on == day:
                told = history.first(DayKind.TOLD, day)
                duty = duty_of(asking, facts, owes)._replace(done=told is not None, done_on=told)
                yield ended(duty._replace(told_by=_tellers(facts, history, day)), over_on)


def _tellers(facts: CaseFacts, history: History, day: date) -> frozenset[int]:
    """Return the sources whose later extracts tell of the news of a day; what an extract itself saw is of its day."""
    row, suspects = facts.case, [one for one in facts.suspect_rows if one.supplied]
    rows = [*((one.source_id, one.decision_on) for one in facts.referrals if one.supplied),
            *((one.source_id, one.made_on) for one in facts.orders if one.supplied),
            *((one.source_id, on) for one in suspects
              for on in (one.status_changed_on, one.bail_varied_on, one.charged_on)),
            *((row.source_id, on) for on in (*history.news(), row.status_changed_on, row.bail_varied_on)),
            (row.cps_source_id, row.charged_on)]  # fmt: skip
    return frozenset(source_id for source_id, on in rows if source_id is not None and on == day)


def _breaches(asking: Asking, facts: CaseFacts, history: History) -> Iterator[Fallen | None]:
    """Yield a duty for each breach: the first assessment after it counts, whatever came later."""
    case, over_on = asking.past(facts), asking.over_on(facts)
    for row in case.incidents:
        if row.breach:
            told = _assessed_after(case._replace(incidents=(row,)), row, history)
            for owes in asking.owes(without(told, asking.rule.needs)):
                yield judged(duty_of(asking, facts, owes), asking.answer(told, owes.subject), over_on)


def _assessed_after(case: CaseFacts, row: IncidentFact, history: History) -> CaseFacts:
    first = history.first(DayKind.ASSESSED, row.reported_on)
    return case._replace(case=case.case._replace(risk_assessed_on=first))


def _of_statuses(kind: DayKind, *, charge_ends: bool) -> Way:
    """Return how duties of a status are found: each status that the suspect ever had, and the first answer after it.

    `charge_ends` where nobody owes it once the suspect is charged: a charge by its due day is an answer too.
    """

    def way(asking: Asking, facts: CaseFacts, history: History) -> Iterator[Fallen | None]:
        case, charged_on = asking.past(facts), facts.case.charged_on if charge_ends else None
        for status in history.statuses():
            if charged_on is None or charged_on >= status.on:
                row = in_status(case, status)
                for owes in asking.owes(without(row, (*asking.rule.needs, awaiting_charge.CHARGED_ON))):
                    first = history.first(kind, status.on)
                    by_charge = charged_on is not None and charged_on <= owes.due_on
                    done_on = min(filter(None, (first, charged_on if by_charge else None)), default=None)
                    over = min(filter(None, (status.until_on, asking.over_on(facts))), default=None)
                    told_by = frozenset({case.case.source_id})
                    duty = duty_of(asking, facts, owes)._replace(done=done_on is not None, done_on=done_on)
                    yield ended(duty._replace(told_by=told_by), over)

    return way


def _checklists(asking: Asking, facts: CaseFacts, history: History) -> Iterator[Fallen | None]:
    """Yield a duty for each referral: a list without missing items has no day on which they came."""
    del history
    case, over_on = asking.past(facts), asking.over_on(facts)
    lacking = tuple(row._replace(decision_on=None, checklist_missing=("C01",)) for row in case.referrals)
    for owes in asking.owes(case._replace(referrals=lacking)):
        yield judged(duty_of(asking, facts, owes), asking.answer(case, owes.subject), over_on)


def _decisions(asking: Asking, facts: CaseFacts, history: History) -> Iterator[Fallen | None]:
    """Yield a duty for each referral, unless on its day CPS waited for police to answer an action plan."""
    del history
    case, over_on = asking.past(facts), asking.over_on(facts)
    for owes in asking.owes(without(case._replace(actions=()), asking.rule.needs)):
        duty = judged(duty_of(asking, facts, owes, by_due=True), asking.answer(case, owes.subject), over_on)
        late = duty is None or not duty.done or duty.done_on is None or duty.done_on > owes.due_on
        yield None if late and any(_asks_police(row, owes) for row in facts.actions) else duty


def _asks_police(row: ActionFact, owes: Owes) -> bool:
    """Return whether police owed an action of a plan on the due day of a decision."""
    plan = row.supplied and row.source is ActionSource.ACTION_PLAN and row.owner_agency is Agency.POLICE
    return plan and row.raised_on <= owes.due_on and (row.closed_on is None or row.closed_on > owes.due_on)


def _actions(asking: Asking, facts: CaseFacts, history: History) -> Iterator[Fallen | None]:
    """Yield a duty for each action, as it was before it was closed."""
    del history
    case, over_on = asking.past(facts), asking.over_on(facts)
    pending = tuple(row._replace(status=ActionStatus.PENDING, closed_on=None) for row in case.actions)
    for owes in asking.owes(case._replace(actions=pending)):
        duty = duty_of(asking, facts, owes, by_due=True)
        yield judged(duty, asking.answer(case, owes.subject), over_on)


def _closed(asking: Asking, facts: CaseFacts, history: History) -> Iterator[Fallen | None]:
    """Yield the duty of a case that was finalised administratively: the first joint review from then on counts."""
    del history
    bare = facts._replace(reviews=(), linked_reviews=())
    for owes in asking.owes(bare):
        held = [row.held_on for row in (*facts.reviews, *facts.linked_reviews) if row.counts]
        first = min((day for day in held if owes.arose_on and day >= owes.arose_on), default=None)
        yield duty_of(asking, facts, owes)._replace(done=first is not None, done_on=first)


_ROWS = frozenset({Trait.ACTIONS, Trait.REFERRALS, Trait.ORDERS, Trait.PLEAS})
_RECURRING: tuple[tuple[Rule, Way], ...] = (
    (joint_review.RULE, joint_reviews),
    (supervisor_review.RULE, supervisor_reviews),
    (risk_assessment.RULE, of_column(DayKind.ASSESSED)),
    (victim_contact.RULE, of_column(DayKind.CONTACTED)),
    (spo_considered.RULE, orders_considered),
    (danger.RULE, dangers),
    (suspect_wanted.RULE, of_each_suspect(searches)),
)
_WAYS: tuple[tuple[Rule, Way], ...] = (
    *_RECURRING,
    (victim_told.RULE, _news),
    (breach_unanswered.RULE, _breaches),
    (plea.RULE, _when_it_happened),
    (order_told.RULE, orders_made),
    (order_served.RULE, orders_made),
    (advocate_referral.RULE, _referrals_to_advocates),
    (spo_notification.RULE, _when_it_happened),
    (nfa_review.RULE, _when_it_happened),
    (charge_not_stalking.RULE, _when_it_happened),
    (why_not_stalking.RULE, _when_it_happened),
    (pin_issued.RULE, _when_it_happened),
    (closed_silently.RULE, _closed),
    (referral_checklist.RULE, _checklists),
    (charging_decision.RULE, _decisions),
    (awaiting_charge.RULE, _by_its_day),
    (action.RULE, _actions),
    (action.PLAN_RULE, _actions),
    (bail_views.RULE, of_each_suspect(_of_statuses(DayKind.BAIL_VIEWS, charge_ends=True))),
    (release_review.RULE, of_each_suspect(_of_statuses(DayKind.RELEASE_REVIEWED, charge_ends=False))),
    (summary_time_limit.RULE, six_months),
    (bail_end.RULE, of_each_suspect(bail_ends)),
    (custody_limit.RULE, custody_ends),
    (order_expiry.RULE, orders_ending),
)
LIMITS = frozenset(
    rule.name for rule in (summary_time_limit.RULE, bail_end.RULE, custody_limit.RULE, order_expiry.RULE)
)  # what was lost was lost, whoever told it first
# What was done late between two extracts was done late, and so with what was lost: nobody asks who was told of it.
BY_DAYS_ALONE = LIMITS | {rule.name for rule, _ in _RECURRING}
BY_OWN_DAYS = frozenset(rule.name for rule, _ in _WAYS)  # the others are counted by their obligations
