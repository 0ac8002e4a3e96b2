"""What each refusal of a mail server does, by its digits alone: docs/mail-server.md has the table."""

from config.terms import State
from tasks.carriers.carrier import Answer, LastingRefusal
from tasks.carriers.mail import submission

GREYLIST_SECONDS = 300
SIGN_IN_FIRST = frozenset({530, 534, 535, 538})
_MAILBOX_FULL = 552  # as a lasting code; 452 passes as any code of its hundred does
_REFUSED_RECIPIENT = frozenset({550, 551, 553})
_OWN_FAULT = ("2.3", "3.4", "6.")  # details of the letter itself: too large, or of a form that is not taken


def by_code(code: int, text: bytes, stage: str, *, own_mailbox: bool = False) -> Answer:
    """Interpret a refusal by its digits alone (RFC 5321, RFC 3463). `queued` means that the carrier is down.

    `own_mailbox`: the server is that of the mailbox that sends, which it may be talking of.
    """
    return submission.refusal(code, text, stage, own_mailbox=own_mailbox) or _by_digits(code, text, stage)


def _by_digits(code: int, text: bytes, stage: str) -> Answer:
    enhanced = submission.enhanced(text)
    detail = ".".join(enhanced.split(".")[1:3])
    refusal = f"{code}{' ' + enhanced if enhanced else ''} at {stage}"
    if code in SIGN_IN_FIRST or (stage == "MAIL" and (code == 421 or code >= 500)):
        return Answer(State.QUEUED, refusal)  # about the session or the sender, and so about every letter
    if code >= 500 and stage != "RCPT" and detail.startswith("7."):
        return Answer(State.RETRY, f"{refusal}: the server's policy", wait=GREYLIST_SECONDS)  # the others go on
    if 400 <= code < 500 or (code == _MAILBOX_FULL and detail == "2.2"):
        return Answer(State.RETRY, refusal, wait=GREYLIST_SECONDS if detail == "7.1" else 0)
    if stage == "RCPT" and (code in _REFUSED_RECIPIENT or enhanced):
        why = "the address was refused; put the contact right in its source"
    elif code >= 500:
        why = "the message was refused"
    else:
        return Answer(State.RETRY, f"unexpected {refusal}")
    own = code == _MAILBOX_FULL or detail.startswith(_OWN_FAULT)
    said = None if own else LastingRefusal(f"{code} {stage} {_words(text)}", recipient=stage == "RCPT")
    return Answer(State.DEAD, f"{refusal}: {why}", refusal=said)


def _words(text: bytes) -> str:
    """Return what a server says to several recipients alike: its words, without addresses, names of hosts and ids."""
    words = (word.strip("<>()[]{}:;,.\"'") for word in text.decode("ascii", "replace").casefold().split())
    return " ".join(word for word in words if word.isalpha())
