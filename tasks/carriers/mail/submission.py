"""The refusals of a mailbox that sends by client submission, as Exchange Online writes them: a sentence each.

Source: Microsoft's limits and notices on SMTP AUTH client submission. Judged by digits, since texts change.
"""

from config.terms import State
from tasks.carriers.carrier import Answer

LATER_SECONDS = 60
TOMORROW_SECONDS = 3600  # the limit is that of any 24 hours, so that it is tried once an hour
ACT_SECONDS = 900
_NO_BASIC = "no longer takes a password here: set mail.oauth, or have an administrator allow SMTP AUTH for the mailbox"

# What a server says to any caller: code and enhanced code, the sentence, and the seconds until another try.
ANYONE = {
    (432, "4.3.2"): (
        "the mailbox has as many connections as it may: lower mail.connections, or see what else sends by it",
        LATER_SECONDS,
    ),
    (550, "5.7.30"): (f"the mail server {_NO_BASIC}", ACT_SECONDS),
    (535, "5.7.139"): (f"the mail server {_NO_BASIC}", ACT_SECONDS),
}
# What it says of the mailbox that has signed in. From any other server these may be about one recipient.
OWN_MAILBOX = {
    (554, "5.2.0"): (
        "the mailbox has written to as many recipients as it may in a day: the rest leave when the day is over",
        TOMORROW_SECONDS,
    ),
    (554, "5.2.2"): ("the mailbox that sends is full: empty its Sent Items, or have them kept shorter", ACT_SECONDS),
    (550, "5.7.60"): ("the mailbox may not send as mail.from_address: name the mailbox, or grant Send As", ACT_SECONDS),
    (554, "5.2.252"): (
        "the mailbox may not send as mail.from_address: name the mailbox, or grant Send As",
        ACT_SECONDS,
    ),
}


def enhanced(text: bytes) -> str:
    """Return the enhanced code with which a reply begins (RFC 3463), or nothing."""
    first = text.split(b" ", 1)[0].decode("ascii", "replace")
    return first if first[:2] in {"4.", "5."} else ""


def refusal(code: int, text: bytes, stage: str, *, own_mailbox: bool) -> Answer | None:
    """Return the answer to a refusal that is about the mailbox: the carrier is down. None for any other refusal."""
    key = (code, enhanced(text))
    known = ANYONE.get(key)
    if known is None and own_mailbox and stage != "RCPT":
        known = OWN_MAILBOX.get(key)
    if known is None:
        return None
    sentence, wait = known
    return Answer(State.QUEUED, f"{sentence} ({code} {key[1]} at {stage})", wait=wait)
