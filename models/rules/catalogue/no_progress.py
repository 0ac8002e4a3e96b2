from collections.abc import Iterator, Sequence
from datetime import date

from config.days.duration import Duration
from config.rules import Rules
from config.terms import VICTIM, ActionSource, ActionStatus, Authority, OwedBy
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue import action, charging_decision
from models.rules.catalogue.awaiting_charge import CHARGED_ON
from models.rules.catalogue.charging_decision import DECISION_ON
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.scope import beyond_uncharged
from models.rules.catalogue.traits import Trait
from models.rules.facts import CaseFacts
from models.rules.result import CASE, Outcome, Owes, Term
from models.rules.row_facts import ReferralFact


def no_progress(facts: CaseFacts, rules: Rules, calendar: WorkingCalendar) -> Iterator[Outcome]:
    """An uncharged stalking case progresses within a span by risk. Work under way may extend it to twice the span.

    It takes the numbers of all rules, because work under way is dated by the formulas of its own rules.
    Source: the protocol of 23 May 2018 has both sides review a case so that "all investigative opportunities are being
    pursued"; it gives no limit. Number: local standard, plain days.
    """
    if beyond := beyond_uncharged(facts):
        yield beyond
        return
    moved, fact = latest_progress(facts)
    within = rules.no_progress.within.of(facts.risk)
    due = calendar.plus(moved, within)
    first = Term(fact, moved, within, due)
    because: tuple[Term, ...] = (first,)
    referrals = charging_decision.under_way(facts)
    under_way = _under_way_until(facts, referrals, rules, calendar)
    if under_way is not None and under_way > due:
        twice = Duration(within.number * 2, within.unit)
        longest = calendar.plus(moved, twice)
        if under_way <= longest:
            extended = Term("work under way runs to", under_way, None, under_way, "the later day counts")
        else:
            extended = Term(fact, moved, twice, longest, "work under way runs on, but twice the span is the longest")
        due = max(due, extended.makes)
        because = (first, extended)
    cps_holds = bool(referrals) and not charging_decision.police_answer_action_plan(facts)
    opened_on = facts.case.opened_on
    yield Owes(
        CASE,
        OwedBy.CPS if cps_holds else OwedBy.POLICE,
        due,
        because,
        moved if moved > opened_on else None,
        done=f"progress was made: {fact}",
    )


def latest_progress(facts: CaseFacts) -> tuple[date, str]:
    """Return the latest day on which the case progressed, and the fact. The opening of the case is the first."""
    latest, fact = facts.case.opened_on, "case opened"
    for day, event in _progress(facts):
        if day is not None and day > latest:
            latest, fact = day, event
    return latest, fact


def _progress(facts: CaseFacts) -> Iterator[tuple[date | None, str]]:
    """Yield each day of progress: never a chase, an edit, a cancelled action, a new risk level or a non-quorate review.

    The charge is here for the agenda, which also shows the progress of charged cases; the rule does not apply to them.
    """
    yield facts.case.charge_authorised_on, "charge authorised"
    yield facts.case.charged_on, "charged"
    for row in facts.actions:
        if row.status is ActionStatus.DONE and row.supplied:
            yield row.closed_on, "last action done"
    for review in facts.reviews:
        if review.counts:
            yield review.held_on, "last joint review"
    for referral in facts.referrals:
        if referral.supplied:
            yield referral.submitted_on, "referral submitted"
            yield referral.decision_on, "CPS decision on a referral"
    for order in facts.orders:
        if order.supplied:
            yield order.made_on, "order made"


def _under_way_until(
    facts: CaseFacts, referrals: Sequence[ReferralFact], rules: Rules, calendar: WorkingCalendar
) -> date | None:
    """Return the latest day of the live actions and undecided referrals, each by its own rule's formula."""
    latest: date | None = None
    for row in facts.actions:
        if row.live:
            numbers = rules.action_plan if row.source is ActionSource.ACTION_PLAN else rules.action
            day = action.day_of(row, numbers, calendar).makes
            latest = day if latest is None else max(latest, day)
    for referral in referrals:
        day = charging_decision.day_of(referral, rules.charging_decision, facts.risk, calendar).makes
        latest = day if latest is None else max(latest, day)
    return latest


RULE = Rule(
    "no-progress",
    no_progress,
    "Case without progress",
    "Progress is recorded: an action done (actions.csv: closed_on), a joint review both attended (reviews.csv: "
    "held_on), a referral or its decision (referrals.csv: submitted_on, decision_on), a charge (cps_cases.csv) or "
    "an order made (orders.csv: made_on).",
    "A case in which nothing happens leaves the victim at risk and the suspect unchecked.",
    duty=Authority.LOCAL,
    number=Authority.LOCAL,
    only_where=(Trait.FULLY_GUARDED, Trait.UNCHARGED),
    recurring=True,
    all_numbers=True,
    also=(DECISION_ON, CHARGED_ON),
    side="whoever holds the case",
    readers=VICTIM,
)
