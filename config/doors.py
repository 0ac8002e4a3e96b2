"""The ways by which people act, and what they can do there."""

from enum import StrEnum


class Door(StrEnum):
    """The way by which a person acted."""

    COMMAND = "command"
    FORM = "form"
    SLACK = "slack"
    MAIL = "mail"


ANYONE = (Door.COMMAND, Door.FORM)  # whoever comes in there may give any name


class ActKind(StrEnum):
    """An act of a person."""

    PROMISE = "promise"
    COMPLETION = "completion"
    OUTCOME = "outcome"
    MOVE = "move"  # of a case to another sitting
    CONFIRMATION = "confirmation"  # of the grade of a case's risk
    HOLD = "hold"  # of a case, so that it is not erased
    UNDOING = "undoing"  # of rounds
    LOOK = "look"  # at a case: its explanation, its checklist; it is audited, and not kept as an act
    HAND_OVER = "hand over"  # of a step to the next in line; it is a reply, and not kept as an act
    EXTRACT = "extract"  # that is held: it is taken, or refused
