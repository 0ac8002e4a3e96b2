"""The kinds of message. A kind has one name: as it is stored, of its package in `tasks/messages`, of its templates."""

from enum import StrEnum
from typing import Self


class Reach(StrEnum):
    """The channels by which a kind of message goes."""

    MAIL = "mail"  # mail alone
    PERSONS = "persons"  # every channel that reaches persons
    PLACES = "places"  # the channels that forces and CPS Areas share


class LetterBlock(StrEnum):
    """Where in its reader's letter a message stands that travels in it."""

    FIRST = "first"
    ACTS = "acts"
    YOURS = "yours"
    MEETINGS = "meetings"


class MessageKind(StrEnum):
    """The kinds of message: what each is called, how it reaches people, and where in a letter it travels, if it does.

    Operations have no letter: what travels in a person's letter comes to them as a mail of its own.
    """

    reach: Reach
    block: LetterBlock | None

    def __new__(cls, value: str, reach: Reach = Reach.MAIL, block: LetterBlock | None = None) -> Self:
        """Keep what is known of a kind beside its name."""
        kind = str.__new__(cls, value)
        kind._value_, kind.reach, kind.block = value, reach, block
        return kind

    ANSWER = "answer", Reach.PERSONS
    LETTER = "letter", Reach.PERSONS  # all that a day has for one person
    AT_ONCE = "at_once", Reach.PERSONS
    OPERATIONS = "operations", Reach.PERSONS
    INVITATION = "invitation", Reach.MAIL  # the calendar event of a sitting
    AGENDA = "agenda", Reach.MAIL, LetterBlock.MEETINGS  # of a sitting, for its chair and the SPOCs
    FAILED_REVIEW = "failed_review", Reach.MAIL, LetterBlock.YOURS  # a case's joint review was not held again
    CAPACITY = "capacity", Reach.MAIL, LetterBlock.MEETINGS  # a pair's reviews without a place in time, or a panel
    CORRECTION = "correction", Reach.PERSONS, LetterBlock.FIRST  # messages of a day that had not come do not count
    TRANSFER = "transfer", Reach.MAIL, LetterBlock.YOURS  # a case was transferred to another force
    ACT = "act", Reach.MAIL, LetterBlock.ACTS  # what was done in a person's name, by a door where anyone may give it
    THREAD = "thread", Reach.PLACES  # a case's thread in the channel of a force or CPS Area
    POST = "post", Reach.PLACES  # a step in a case's thread


def reaching(*reaches: Reach) -> frozenset[MessageKind]:
    """Return the kinds of message that go by a channel of one of these sorts."""
    return frozenset(kind for kind in MessageKind if kind.reach in reaches)


ENCLOSED = [kind.value for kind in MessageKind if kind.block is not None]  # what travels in a person's letter
