"""A force's first day, and a new rule's: from when steps are taken, who hears before, and what is inherited."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from config.days.duration import Duration, Unit
from config.first_day import Grace
from config.ladders import Step
from config.policy import Policy
from config.terms import Addressee, Risk
from models.rules.calendar import WorkingCalendar
from models.rules.obligations.rulebook import RULES
from models.rules.people.parties import Parties

_OF_LIMITS = frozenset({Addressee.SPOC, Addressee.LEAD, Addressee.COUNTERPART})
_OF_NO_CASE = frozenset({Addressee.OPERATIONS})
_NOBODY: frozenset[Addressee] = frozenset()
# The rules of which a force can inherit something where the policy has no time limit or order in them.
INHERITING = tuple(name for name, rule in RULES.items() if rule.per_case and rule.grace is not Grace.NONE)


class Start(NamedTuple):
    """How a force's first day bears on one obligation.

    No step is taken before `on`, except to those who hear of it before, and none but the first before `climbs_from`.
    """

    on: date
    climbs_from: date
    heard_by: frozenset[Addressee] = _NOBODY  # before that day


class ForceMatter(NamedTuple):
    """The values of an obligation that decide what the first day means to it."""

    rule: str
    due_on: date
    risk: Risk
    force_code: str | None
    new_on: date | None = None  # the day on which its rule was new to a book in use


def waits(policy: Policy, force_code: str | None, today: date) -> bool:
    """Return whether a force's first day is still to come."""
    on = policy.starts.get(force_code) if force_code is not None else None
    return on is not None and today < on


def waiting(policy: Policy, today: date) -> frozenset[str]:
    """Return the forces whose first day is still to come."""
    return frozenset(code for code, on in policy.starts.items() if today < on)


def started(matter: Parties, waiting: Collection[str]) -> Parties:
    """Return the parties without the forces that wait for their first day, unless all do."""
    force_codes = tuple(code for code in matter.force_codes if code not in waiting)
    return matter._replace(force_codes=force_codes) if force_codes else matter


def inherited_rules(policy: Policy, force_code: str) -> list[str]:
    """List the rules of which a force can inherit something: not time limits, orders, breaches, or posts and feeds."""
    rules = policy.for_force(force_code)
    return [name for name in INHERITING if not rules.of(name).hard]


def inherited(policy: Policy, matter: ForceMatter) -> date | None:
    """Return the first day of the force before which it was due; None if it is not inherited."""
    on = policy.starts.get(matter.force_code) if policy.starts and matter.force_code is not None else None
    if on is None or matter.due_on >= on:
        return None
    return on if matter.rule in INHERITING and not policy.for_force(matter.force_code).of(matter.rule).hard else None


def start(policy: Policy, matter: ForceMatter, calendar: WorkingCalendar) -> Start | None:
    """Return what the first day of the force, or of a new rule, means to an obligation; None where neither matters."""
    of_force, of_rule = _of_force(policy, matter, calendar), of_new_rule(policy, matter, calendar)
    if of_force is None or of_rule is None:
        return of_force or of_rule
    return of_force._replace(climbs_from=max(of_force.climbs_from, of_rule.climbs_from))


def new(policy: Policy, matter: ForceMatter) -> date | None:
    """Return the day on which its rule was new to the book, where it was due before that; None for all else.

    A time limit or an order has no grace.
    """
    if matter.new_on is None or matter.due_on >= matter.new_on:
        return None
    return None if policy.for_force(matter.force_code).of(matter.rule).hard else matter.new_on


def of_new_rule(policy: Policy, matter: ForceMatter, calendar: WorkingCalendar) -> Start | None:
    """Return what a rule that came with an upgrade means to what was due before: its first step, then time to act.

    What does not wait on a force's first day waits until the next working day.
    """
    on = new(policy, matter)
    if on is None:
        return None
    grace = policy.inherited.grace.of(matter.risk)
    return Start(on, calendar.plus(on, Duration(1, Unit.WORKING_DAYS) if _is_spared(matter) else grace))


def _is_spared(matter: ForceMatter) -> bool:
    """Return whether an inherited matter climbs from the first day on."""
    grace = RULES[matter.rule].grace
    return grace is Grace.NONE or (grace is Grace.NOT_FOR_HIGH and matter.risk.treated_as is Risk.HIGH)


def _of_force(policy: Policy, matter: ForceMatter, calendar: WorkingCalendar) -> Start | None:
    on = policy.starts.get(matter.force_code) if policy.starts and matter.force_code is not None else None
    if on is None:
        return None
    if not RULES[matter.rule].per_case:
        return of_no_case(on)
    if inherited(policy, matter):
        return Start(on, on if _is_spared(matter) else calendar.plus(on, policy.inherited.grace.of(matter.risk)))
    near = matter.due_on < calendar.plus(on, policy.inherited.limits)
    return Start(on, on, heard_before(policy, matter.rule, matter.force_code) if near else _NOBODY)


def heard_before(policy: Policy, rule: str, force_code: str | None) -> frozenset[Addressee]:
    """Return who hears of what a rule owes before a force's first day, where it ends soon: nobody of most rules."""
    if not RULES[rule].per_case:
        return _OF_NO_CASE
    return _OF_LIMITS if policy.for_force(force_code).of(rule).hard else _NOBODY


def of_no_case(on: date) -> Start:
    """Return what the first day means to an obligation of no case: until then, operations alone hear of it."""
    return Start(on, on, _OF_NO_CASE)


def not_before(days: Sequence[date | None], steps: Sequence[Step], start: Start) -> list[date | None]:
    """Put off the days of the steps that may not be taken yet."""
    earliest = (start.on, *[start.climbs_from] * len(steps))
    return [
        day if day is None or not start.heard_by.isdisjoint(step.to) else max(day, first)
        for day, step, first in zip(days, steps, earliest, strict=False)
    ]


def steps_on(steps: Sequence[Step], start: Start | None, day: date) -> Sequence[Step]:
    """Return a ladder with the addressees that hear on a day: before the first day, only some of them."""
    if start is None or day >= start.on:
        return steps
    return [only_to(step, start.heard_by) for step in steps]


def only_to(step: Step, those: Collection[Addressee]) -> Step:
    """Return a step with some of its addressees alone."""
    return step.model_copy(update={"to": tuple(addressee for addressee in step.to if addressee in those)})


def woken(next_on: date | None, start: Start | None, today: date) -> date | None:
    """Return the next day on which to look at an obligation: on the first day, others hear of its present step too."""
    if start is None or not start.heard_by or today >= start.on:
        return next_on
    return start.on if next_on is None else min(next_on, start.on)
