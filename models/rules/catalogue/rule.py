"""A rule: its function and the texts about it."""

import re
from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from config.first_day import Grace
from config.leading import OwnerKind
from config.terms import NOBODY, Authority, OrderKind, Readers, ReviewKind
from models.rules.catalogue.traits import Trait
from models.rules.result import Outcome
from models.rules.sight import SentColumn

RAISED_HERE = "JR-"  # the prefix of references to reviews that people record in Casebeat, and to their actions
_REPORTED = (
    "The action is reported as done (casebeat complete-action, its form, or a reply): it was raised here, at a joint "
    "review."
)
_WHERE = re.compile(r" \((?:\w+\.csv|policy\.yaml|manifest\.json|casebeat )[^()]*\)")  # columns, keys and commands


class Seeing(StrEnum):
    """How many of a rule's needs, and of what it begins with, have to be sent for it to be seen."""

    EVERY = "every"  # without any one of them the rule cannot be seen
    PARTS = "parts"  # each is one part of the duty: the parts that can be seen are asked
    EITHER = "either"  # any one of them is enough


class PartOwner(StrEnum):
    """Who owes one part of a duty."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    PROSECUTOR = "prosecutor"
    SPOC = "spoc"  # the CPS's, who leads on the case


class About(StrEnum):
    """What a rule is about: a case, or a subject without a case, whose facts are of another kind."""

    CASE = "case"
    FEED = "feed"
    COLUMNS = "columns"
    PROSECUTOR = "prosecutor"
    SPOC = "spoc"
    POST = "post"


class AnsweringFact(NamedTuple):
    """The fact that answers a rule in a rehearsal: these columns of the row that it is about, or a new row's."""

    columns: tuple[SentColumn, ...] = ()
    new: ReviewKind | OrderKind | None = None  # the kind of the new row


UNKNOWABLE = AnsweringFact()  # a day that nobody can know: it stays unanswered


class Rule(NamedTuple):
    """A rule and its texts. A rule that is not about cases reads facts of another kind, and has its own evaluation."""

    name: str
    function: Callable[..., Iterator[Outcome]]
    title: str
    ends_when: str  # the one fact that ends it, and where it is recorded
    why_it_protects: str
    duty: Authority  # whose the duty is
    number: Authority  # whose the number of days is
    side: str  # who owes it, in the words of the README
    only_where: tuple[Trait, ...] = ()  # a case that lacks one of these owes nothing, and is not asked about
    owner: OwnerKind = OwnerKind.CASE  # who owes it
    parts: Mapping[str, PartOwner] = MappingProxyType({})  # who owes each part, by its name
    recurring: bool = False
    victim_first: bool = False  # whether a letter tells it before what else is owed: it is about the victim's safety
    about: About = About.CASE
    confirmed: bool = False  # whether somebody's word, given here, that the grade of the risk is right ends it
    convened: bool = False  # whether meetings serve it: its cases are convened to sittings
    grace: Grace = Grace.BY_RISK  # of what was owed before a force's first day; a time limit or an order has none
    all_numbers: bool = False  # its function takes the numbers of every rule, not only its own
    needs: tuple[SentColumn, ...] = ()  # the optional columns that end it
    seeing: Seeing = Seeing.EVERY  # how many of its needs have to be sent for it to be seen
    begins: tuple[SentColumn, ...] = ()  # the optional columns without which it never begins
    also: tuple[SentColumn, ...] = ()  # other optional columns that end or change it: without one it goes on as it is
    answer: AnsweringFact | None = None  # what answers it in a rehearsal, unless that is its needs
    readers: Readers = NOBODY  # who gets what was worked out under it from an extract of their case

    @property
    def per_case(self) -> bool:
        """Return whether it is about cases."""
        return self.about is About.CASE

    @property
    def answered_by(self) -> AnsweringFact:
        """Return the fact that answers it in a rehearsal; one without columns where no one fact does."""
        if not self.per_case:
            return UNKNOWABLE
        return AnsweringFact(self.needs) if self.answer is None else self.answer

    def ends(self, subject: str) -> str:
        """Return the one fact that ends the obligation.

        No source records the actions that a joint review raised here.
        """
        return _REPORTED if subject.startswith(f"action:{RAISED_HERE}") else self.ends_when

    def ends_in_words(self, subject: str) -> str:
        """Return the same for a reader who has neither columns nor commands."""
        return _WHERE.sub("", self.ends(subject))
