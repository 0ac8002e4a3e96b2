"""The results for mails that get no answer."""

from enum import StrEnum


class MailOutcome(StrEnum):
    """The result for a mail that gets no answer."""

    AUTOMATIC = "written by no person"
    AGAIN = "seen already"
    BOUNCED = "bounced"
    STRANGER = "from nobody known"
    KEYLESS = "from a known address but without a key"
    UNPROVEN = "bounced but naming no mail of ours"
    UNREADABLE = "unreadable and without a key"


IGNORED = (
    MailOutcome.STRANGER,
    MailOutcome.KEYLESS,
    MailOutcome.UNPROVEN,
    MailOutcome.UNREADABLE,
)  # reported once a day
