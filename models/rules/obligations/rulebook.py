"""The book of rules: the evaluation of one case, or of one subject without a case, under the policy."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, NamedTuple

from config.numbers import Numbers, Rules
from config.terms import Risk
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.core_rules import CORE_RULES
from models.rules.catalogue.protocol_rules import PROTOCOL_RULES
from models.rules.catalogue.rule import Rule
from models.rules.facts import CaseFacts
from models.rules.organisation_facts import Facts
from models.rules.result import Outcome, Owes

_ALL = (*CORE_RULES, *PROTOCOL_RULES)
RULES: dict[str, Rule] = {rule.name: rule for rule in _ALL}


class _Page(NamedTuple):
    """An enabled rule for cases, with what its function is given and its own numbers."""

    name: str
    function: Callable[..., Iterator[Outcome]]
    given: Any
    own: Numbers


class _Open(NamedTuple):
    """The book opened at one policy's numbers, which are kept so that their identity stays theirs."""

    rules: Rules
    pages: tuple[_Page, ...]
    enabled: frozenset[str]


_opened: dict[int, _Open] = {}  # by identity: a process holds few policies, and they are slow to hash


def _open(rules: Rules) -> _Open:
    found = _opened.get(id(rules))
    if found is None:
        on = [rule for rule in _ALL if rules.of(rule.name).enabled]
        pages = (
            _Page(rule.name, rule.function, rules if rule.all_numbers else rules.of(rule.name), rules.of(rule.name))
            for rule in on
            if rule.per_case
        )
        found = _opened[id(rules)] = _Open(rules, tuple(pages), frozenset(rule.name for rule in on))
    return found


def enabled(rules: Rules) -> frozenset[str]:
    """The names of the rules that the policy has on."""
    return _open(rules).enabled


def evaluate(facts: CaseFacts, rules: Rules, calendar: WorkingCalendar) -> Iterator[tuple[str, Outcome]]:
    """What every enabled rule answers for one case. A rule that the policy turned off answers nothing at all.

    Raises `models.rules.calendar.OutsideCalendar` where a day falls outside 2000 to 2099.
    """
    risk = facts.risk
    for name, function, given, own in _open(rules).pages:
        for outcome in function(facts, given, calendar):
            yield name, dated(outcome, own, risk, calendar) if isinstance(outcome, Owes) else outcome


def evaluate_without_case(
    name: str, facts: Facts, rules: Rules, calendar: WorkingCalendar
) -> Iterator[tuple[str, Outcome]]:
    """What a rule that is not per case answers for one of its subjects; nothing at all when the policy turned it off.

    Raises `models.rules.calendar.OutsideCalendar` as `evaluate` does.
    """
    own = rules.of(name)
    for outcome in RULES[name].function(facts, own, calendar) if own.enabled else ():
        yield name, dated(outcome, own, Risk.UNKNOWN, calendar) if isinstance(outcome, Owes) else outcome


def dated(owes: Owes, numbers: Numbers, risk: Risk, calendar: WorkingCalendar) -> Owes:
    """With its reminder and escalation days; where day arithmetic would pass the due day, that day is taken.

    A reminder that the rule set itself stands.
    """
    subject, owed_by, due, because, done, remind, _, note = owes
    if remind == date.min:
        remind = calendar.plus(due, numbers.remind)
    escalate = calendar.plus(due, numbers.escalate.of(risk))
    return Owes(subject, owed_by, due, because, done, min(remind, due), max(escalate, due), note)
