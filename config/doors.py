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
    UNDOING = "undoing"  # of rounds
