"""How long what Casebeat holds is kept, and why a case may be held longer."""

from enum import StrEnum
from typing import Self

from pydantic import field_validator, model_validator

from config.days.duration import Duration, DurationText
from config.strict_yaml import Strict

LEAST = 84  # days: a month's figures are kept before its cases go, and nothing of the present month goes
LATE_LETTERS = 31  # days in which a letter may still name a case of which all is over


class Held(StrEnum):
    """A class of what is held, each erased by itself."""

    FACTS = "facts"
    BODIES = "bodies"
    AUDIT = "audit"
    MAILBOX = "mailbox"
    REJECTED = "rejected"
    EXTRACTS = "extracts"
    MAIL = "mail"
    PREFECT = "prefect"
    STAFF = "staff"


class HoldReason(StrEnum):
    """Why a case must not be erased."""

    APPEAL = "appeal"
    COMPLAINT = "complaint"
    DISCLOSURE = "disclosure"
    HOMICIDE_REVIEW = "homicide-review"
    INQUEST = "inquest"
    INQUIRY = "inquiry"
    LITIGATION = "litigation"
    SUBJECT_REQUEST = "subject-request"


class Back(StrEnum):
    """Why a case that was finalised long ago is held back, the first reason that applies."""

    HOLD = "a hold"
    OPEN = "a linked case that is open"
    ENDLESS = "an order without an end"
    OWED = "something still owed"
    PLACE = "a place at a meeting to come"
    WAITING = "facts not worked out yet"
    SENDING = "a message that has not left"
    RECENT = "what ended later"


class RetentionPolicy(Strict):
    """For how long each class is kept: cases after all of theirs is over, everything else after its own day.

    Staff are kept as long after they left as cases are after their end.
    """

    after_finalised: DurationText
    messages: DurationText
    audit: DurationText
    replies: DurationText
    rejected: DurationText
    extracts: DurationText  # in the drop folder, from their loading

    @field_validator("*")
    @classmethod
    def _ahead(cls, value: Duration) -> Duration:
        if value.number <= 0:
            raise ValueError(f"{value} keeps nothing. Write 12m.")
        return value

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        least = self.after_finalised.bounds[0]
        if least < LEAST:
            raise ValueError(f"after_finalised {self.after_finalised} is less than three months. Write 3m or more.")
        if self.messages.bounds[1] + LATE_LETTERS > least:
            raise ValueError(
                f"messages {self.messages} has to end a month or more before after_finalised {self.after_finalised}, "
                "so that no message names a case that was erased."
            )
        if self.audit.bounds[0] < least:
            raise ValueError(f"audit {self.audit} is shorter than after_finalised {self.after_finalised}.")
        return self
