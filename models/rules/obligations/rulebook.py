"""The rulebook: evaluates one case, or one subject without a case, under the policy."""

from collections.abc import Callable, Collection, Container, Iterable, Iterator
from datetime import date
from itertools import compress
from operator import attrgetter
from typing import Any, NamedTuple

from config.numbers import Numbers
from config.rules import Rules
from config.terms import EndReason, Risk
from models.rules.arithmetic import format_day
from models.rules.calendar import WorkingCalendar
from models.rules.catalogue.contents import ALL_RULES
from models.rules.catalogue.rule import Rule
from models.rules.catalogue.traits import Trait
from models.rules.facts import CaseFacts
from models.rules.in_place import STAND_IN
from models.rules.organisation_facts import OrganisationFact
from models.rules.result import Outcome, Owes, OwesNothing

RULES: dict[str, Rule] = {rule.name: rule for rule in ALL_RULES}
# The columns that rules look at, if they are sent, and those that tell the same of a row in another's place.
LOOKED_AT = frozenset(column for rule in ALL_RULES for column in (*rule.needs, *rule.begins, *rule.also)) | STAND_IN


_traits = attrgetter(*Trait)


class _Page(NamedTuple):
    """An enabled rule for cases, the numbers passed to its function, and its own numbers."""

    name: str
    function: Callable[..., Iterator[Outcome]]
    given: Any
    own: Numbers


_Pages = dict[str, _Page]  # by the name of the rule


class _Open(NamedTuple):
    """The rulebook for one policy's numbers. It keeps the numbers, so that their identity stays unique."""

    rules: Rules
    pages: _Pages
    enabled: frozenset[str]
    asked: dict[tuple[bool, ...], _Pages]  # the table of the pages to ask, by a case's traits; filled when needed


_opened: dict[int, _Open] = {}  # by identity: a process holds few policies, and hashing one is slow


def _open(rules: Rules) -> _Open:
    found = _opened.get(id(rules))
    if found is None:
        on = [rule for rule in ALL_RULES if rules.of(rule.name).enabled]
        pages = {
            rule.name: _Page(
                rule.name, rule.function, rules if rule.all_numbers else rules.of(rule.name), rules.of(rule.name)
            )
            for rule in on
            if rule.per_case
        }
        found = _opened[id(rules)] = _Open(rules, pages, frozenset(rule.name for rule in on), {})
    return found


def enabled(rules: Rules) -> frozenset[str]:
    """Return the names of the rules that the policy turns on."""
    return _open(rules).enabled


def evaluate(facts: CaseFacts, rules: Rules, calendar: WorkingCalendar) -> Iterator[tuple[str, Outcome]]:
    """Yield the answers of every enabled rule for one case.

    A rule that the policy turns off gives no answer.

    Raises `models.rules.calendar.OutsideCalendar` if a day falls outside 2000 to 2099.
    """
    return _answers(_open(rules).pages.values(), facts, calendar)


def decide(
    facts: CaseFacts,
    rules: Rules,
    calendar: WorkingCalendar,
    live: Collection[str],
    only: Container[str] | None = None,
) -> Iterator[tuple[str, Outcome]]:
    """Yield the answers that can change what is owed: those of rules that may owe something, or have something `live`.

    They are among those of `evaluate`, in its order. With `only`, no other rule is asked.

    Raises `models.rules.calendar.OutsideCalendar` as `evaluate` does.
    """
    pages = _to_ask(_open(rules), facts, live)
    return _answers(pages if only is None else [page for page in pages if page.name in only], facts, calendar)


def _to_ask(book: _Open, facts: CaseFacts, live: Collection[str]) -> Collection[_Page]:
    traits = tuple(map(bool, _traits(facts)))
    asked = book.asked.get(traits)
    if asked is None:
        there = frozenset(compress(Trait, traits))
        asked = {name: page for name, page in book.pages.items() if there.issuperset(RULES[name].only_where)}
        book.asked[traits] = asked
    if asked.keys() >= set(live):
        return asked.values()
    return [page for name, page in book.pages.items() if name in asked or name in live]


def _answers(pages: Iterable[_Page], facts: CaseFacts, calendar: WorkingCalendar) -> Iterator[tuple[str, Outcome]]:
    risk = facts.risk
    for name, function, given, own in pages:
        for outcome in function(facts, given, calendar):
            yield name, _asked(outcome, own, risk, calendar) if isinstance(outcome, Owes) else outcome


def evaluate_without_case(
    name: str, facts: OrganisationFact, rules: Rules, calendar: WorkingCalendar
) -> Iterator[tuple[str, Outcome]]:
    """Yield the answers of a rule without a case for one of its subjects; none if the policy turns the rule off.

    Raises `models.rules.calendar.OutsideCalendar` as `evaluate` does.
    """
    own = rules.of(name)
    for outcome in RULES[name].function(facts, own, calendar) if own.enabled else ():
        yield name, dated(outcome, own, Risk.UNKNOWN, calendar) if isinstance(outcome, Owes) else outcome


def _asked(owes: Owes, numbers: Numbers, risk: Risk, calendar: WorkingCalendar) -> Outcome:
    """Return the obligation with its days, or nothing if what began it lies before the rule's `since`."""
    if numbers.since is not None and owes.arose_on is not None and owes.arose_on < numbers.since:
        return OwesNothing(
            owes.subject, EndReason.POLICY, f"it began before {format_day(numbers.since)}, from when the rule counts"
        )
    return dated(owes, numbers, risk, calendar)


def dated(owes: Owes, numbers: Numbers, risk: Risk, calendar: WorkingCalendar) -> Owes:
    """Add the reminder day, never after the due day, and the escalation day, never before it.

    A reminder day that the rule set itself is kept.
    """
    subject, owed_by, due, because, done_on, remind, _, note, arose, parts, renewed, done = owes
    if remind == date.min:
        remind = calendar.plus(due, numbers.remind)
    escalate = calendar.plus(due, numbers.escalate.of(risk))
    remind, escalate = min(remind, due), max(escalate, due)
    return Owes(subject, owed_by, due, because, done_on, remind, escalate, note, arose, parts, renewed, done)
