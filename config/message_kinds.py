"""The kinds of message. A kind has one name: as it is stored, of its package in `tasks/messages`, of its templates."""

from enum import StrEnum
from typing import NamedTuple, Self


class Reach(StrEnum):
    """The channels by which a kind of message goes."""

    MAIL = "mail"  # mail alone
    PERSONS = "persons"  # every channel that reaches persons
    PLACES = "places"  # the channels that forces and CPS Areas share


class LetterBlock(StrEnum):
    """The block of its reader's letter in which a message travels."""

    FIRST = "first"
    ACTS = "acts"
    YOURS = "yours"
    MEETINGS = "meetings"


class Facts(NamedTuple):
    """The facts of a kind that settings and statements ask for. Its `KIND` in `tasks/messages` has the rest."""

    reach: Reach = Reach.MAIL
    block: LetterBlock | None = None  # none: it travels in no letter
    # Where the round of its day is undone: a calendar's event is put right by its next update, an answer answers, a
    # thread shows the present state, and what a person did stands.
    stays: bool = False


_USUAL = Facts()


class MessageKind(StrEnum):
    """The kinds of message: what each is called, and the facts of it.

    Operations have no letter: what travels in a person's letter comes to them as a mail of its own.
    """

    reach: Reach
    block: LetterBlock | None
    stays: bool

    def __new__(cls, value: str, facts: Facts = _USUAL) -> Self:
        """Keep what is known of a kind beside its name."""
        kind = str.__new__(cls, value)
        kind._value_ = value
        kind.reach, kind.block, kind.stays = facts
        return kind

    ANSWER = "answer", Facts(Reach.PERSONS, stays=True)
    LETTER = "letter", Facts(Reach.PERSONS)  # all that a day has for one person
    AT_ONCE = "at_once", Facts(Reach.PERSONS)
    OPERATIONS = "operations", Facts(Reach.PERSONS)
    INVITATION = "invitation", Facts(stays=True)  # the calendar event of a sitting
    AGENDA = "agenda", Facts(block=LetterBlock.MEETINGS)  # of a sitting, for its chair and the SPOCs
    FAILED_REVIEW = "failed_review", Facts(block=LetterBlock.YOURS)  # a case's joint review was not held again
    CAPACITY = "capacity", Facts(block=LetterBlock.MEETINGS)  # a pair's reviews without a place in time, or a panel
    CORRECTION = "correction", Facts(Reach.PERSONS, LetterBlock.FIRST, stays=True)  # of messages that do not count
    TRANSFER = "transfer", Facts(block=LetterBlock.YOURS)  # a case was transferred to another force
    HELD_EXTRACT = "held_extract", Facts(block=LetterBlock.YOURS, stays=True)  # unlike its source; somebody decides
    ACT = "act", Facts(block=LetterBlock.ACTS, stays=True)  # what was done in a person's name
    THREAD = "thread", Facts(Reach.PLACES, stays=True)  # a case's thread in the channel of a force or CPS Area
    POST = "post", Facts(Reach.PLACES)  # a step in a case's thread


def reaching(*reaches: Reach) -> frozenset[MessageKind]:
    """Return the kinds of message that go by a channel of one of these sorts."""
    return frozenset(kind for kind in MessageKind if kind.reach in reaches)


ENCLOSED = [kind.value for kind in MessageKind if kind.block is not None]  # what travels in a person's letter
STAYING = [kind.value for kind in MessageKind if kind.stays]  # where a round is undone
