"""The assumption about answers in a rehearsal: that nobody answers, or people as in the weeks before it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from config.rehearsal import FEW, MEASURED, Answers
from models.queries.rehearsal import answers
from models.queries.rehearsal.answering_facts import FACTS
from models.queries.rehearsal.answers import PastAnswer, PastSittings
from models.rules.obligations.rulebook import RULES
from models.rules.rehearsal import AnswerPace, ObservedLag, measure
from tasks.platform.configuration import Configuration

LATER = 10  # working days after the day


class RuleAnswers(NamedTuple):
    """How what is owed under a rule is answered: at its own pace, or at that of all rules of its ladder."""

    rule: str
    title: str
    pace: AnswerPace
    own: bool

    @property
    def in_time(self) -> float:
        """The share that is answered by its day."""
        return self.pace.share_by(0)

    @property
    def later(self) -> float:
        """The share that is answered within `LATER` working days after it."""
        return self.pace.share_by(LATER)


class Assumption(NamedTuple):
    """Who answers what, and how fast. Every rule is in one of the two lists."""

    answers: Answers
    rules: tuple[RuleAnswers, ...] = ()
    never: tuple[str, ...] = ()  # the rules that nobody answers, by name
    sittings: PastSittings = PastSittings(0, 0)

    @property
    def asked(self) -> bool:
        """Return whether anybody was asked to answer."""
        return self.answers is not Answers.NOBODY

    @property
    def weeks(self) -> int:
        """The weeks from which it was measured."""
        return MEASURED.days // 7

    @property
    def few(self) -> int:
        """The fewest obligations that tell a rule's own pace."""
        return FEW

    @property
    def later(self) -> int:
        """The working days after its day by which a rule's later share is answered."""
        return LATER

    @property
    def sittings_held(self) -> float:
        """The share of the cases at a sitting that are reviewed there; none if too few were listed to tell."""
        return self.sittings.held / self.sittings.listed if self.sittings.listed >= FEW else 0.0

    @property
    def borrowed(self) -> tuple[str, ...]:
        """The titles of the rules that are answered at the pace of their ladder."""
        return tuple(rule.title for rule in self.rules if not rule.own)

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The titles of the rules that nobody answers."""
        return tuple(RULES[name].title for name in self.never)


NOBODY_ANSWERS = Assumption(Answers.NOBODY, never=tuple(RULES))


def made(configuration: Configuration, connection: Connection, answers: Answers, first: date) -> Assumption:
    """Make the assumption of a rehearsal from its first day on."""
    return NOBODY_ANSWERS if answers is Answers.NOBODY else as_before(configuration, connection, first)


def as_before(configuration: Configuration, connection: Connection, first: date) -> Assumption:
    """Measure, from the weeks before a rehearsal's first day, how each rule's obligations were answered."""
    since, until = first - MEASURED, first - timedelta(days=1)
    lags: dict[str, list[ObservedLag]] = defaultdict(list)
    for answer in answers.answered(connection, since, until):
        if answer.rule in FACTS:
            lags[answer.rule].append(_observed(configuration, answer, first))
    of_ladders = _of_ladders(configuration, lags)
    found = [_rule(configuration, name, measure(lags[name]), of_ladders) for name in FACTS]
    rules = tuple(answers for answers in found if answers.pace.shares)
    answered = {rule.rule for rule in rules}
    return Assumption(
        Answers.AS_BEFORE, rules, tuple(name for name in RULES if name not in answered),
        answers.sittings(connection, since, until),
    )  # fmt: skip


def _observed(configuration: Configuration, answer: PastAnswer, first: date) -> ObservedLag:
    """Count working days up to the evening before the round that knew; what waits had none of its evenings so far."""
    calendar = configuration.calendar
    known = (answer.ended_on or first) - timedelta(days=1 if answer.met else 2)
    return ObservedLag(calendar.working_days(answer.from_on, known), answer.met, answer.number)


def _of_ladders(configuration: Configuration, lags: Mapping[str, Iterable[ObservedLag]]) -> dict[str, AnswerPace]:
    found: dict[str, list[ObservedLag]] = defaultdict(list)
    for name, observed in lags.items():
        found[_ladder(configuration, name)] += observed
    return {ladder: measure(observed) for ladder, observed in found.items()}


def _rule(
    configuration: Configuration, name: str, own: AnswerPace, of_ladders: Mapping[str, AnswerPace]
) -> RuleAnswers:
    """Return a rule's own pace; that of its ladder if it has too few answers, and none if the ladder has too few."""
    if own.seen >= FEW:
        return RuleAnswers(name, RULES[name].title, own, own=True)
    ladder = of_ladders.get(_ladder(configuration, name))
    pace = ladder if ladder and ladder.seen >= FEW else AnswerPace((), own.seen)
    return RuleAnswers(name, RULES[name].title, pace, own=False)


def _ladder(configuration: Configuration, name: str) -> str:
    return configuration.policy.rules.of(name).ladder
