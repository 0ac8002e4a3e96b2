"""The ways by which people act."""

from enum import StrEnum


class Door(StrEnum):
    """The way by which a person acted."""

    COMMAND = "command"
    FORM = "form"
    SLACK = "slack"
    MAIL = "mail"
