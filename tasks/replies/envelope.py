"""The header of an incoming mail, all that is read until its sender is known or it proves that it answers our mail."""

import re
from collections.abc import Iterator
from email.message import Message
from typing import NamedTuple

from config import mailbox
from tasks.platform.written_keys import WRITTEN
from tasks.replies import parts
from tasks.replies.charsets import decoded_header

FIELDS = (  # the only ones that are fetched
    "From", "Subject", "Message-ID", "In-Reply-To", "References", "Return-Path", "Auto-Submitted", "Precedence",
    "X-Autoreply", "X-Autorespond", "X-Autoresponse", "X-Failed-Recipients", "List-Id", "List-Unsubscribe",
    "Content-Type", "Content-Transfer-Encoding", "Content-Disposition",
)  # fmt: skip
LONGEST_ID = 250
MOST_KEYS = 3  # of a subject
MOST_ANSWERED = 10  # Message-IDs, the latest first
_FROM = re.compile(r'\s*(?:"(?:[^"\\]|\\.)*"\s*)?(?:[^<>"]*<(?P<angled>[^<>\s]+)>|(?P<bare>[^<>\s",;]+))\s*')
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
MESSAGE_ID = re.compile(rf"<{_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*>")  # safe to repeat in a header
_OUR_ID = re.compile(r"<([0-9a-f]{40,80})@([A-Za-z0-9.-]{1,253})>", re.IGNORECASE)
_BY_ITSELF = re.compile(
    r"(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|undeliverable|delivery status"
    r"|mail delivery|read:|not read:|accepted:|declined:|tentative:|tentatively accepted:|new time proposed:)",
    re.IGNORECASE,
)


class Own(NamedTuple):
    """Casebeat's own addresses, and the domain of its Message-IDs."""

    addresses: frozenset[str]
    domain: str | None


class Envelope(NamedTuple):
    """The relevant content of a mail's header."""

    message_id: str  # as the sender wrote it
    sender: str  # one plain address in lower case; empty if From holds none or several
    own: bool  # whether it is from one of Casebeat's own addresses
    automatic: str  # the sign that no person wrote it; empty if a person may have written it
    report: bool  # whether it reports on another mail, as a bounce does
    keys: tuple[str, ...]  # the subject's
    answers: tuple[str, ...]  # the left sides of Message-IDs like ours that it answers

    @property
    def plain_id(self) -> str:
        """The Message-ID if it is safe to repeat in a header; else nothing."""
        fits = len(self.message_id) <= LONGEST_ID and MESSAGE_ID.fullmatch(self.message_id)
        return self.message_id if fits else ""


def read_envelope(raw: bytes, own: Own) -> Envelope:
    """Read a mail's header, or its beginning."""
    return envelope_of(parts.header(raw), own)


def envelope_of(message: Message, own: Own) -> Envelope:
    """Read the header of a parsed mail."""
    sender, subject = _sender(message), _subject(message)
    answered = (*our_ids(_header(message, "References"), own), *our_ids(_header(message, "In-Reply-To"), own))
    return Envelope(
        message_id=_header(message, "Message-ID"),
        sender=sender,
        own=sender in own.addresses,
        automatic=next(_signs(message, sender, subject, own.addresses), ""),
        report=message.get_content_type() == "multipart/report",
        keys=tuple(dict.fromkeys(WRITTEN.findall(subject)))[:MOST_KEYS],
        answers=tuple(dict.fromkeys(answered[::-1]))[:MOST_ANSWERED],
    )


def our_ids(text: str, own: Own) -> tuple[str, ...]:
    """Return the left sides of the Message-IDs in a text that have the form of ours, each once."""
    return tuple(dict.fromkeys(ref.lower() for ref, at in _OUR_ID.findall(text) if at.lower() == own.domain))


def _header(message: Message, name: str) -> str:
    """Return a header's text on one line; empty if the header is missing or repeated."""
    found = message.get_all(name, [])
    return " ".join(str(found[0]).split()) if len(found) == 1 else ""


def _subject(message: Message) -> str:
    """Decode the subject as far as possible; a key in it survives line wrapping."""
    return decoded_header(_header(message, "Subject"))


def _sender(message: Message) -> str:
    match = _FROM.fullmatch(_header(message, "From"))
    address = (match["angled"] or match["bare"]).lower() if match else ""
    return address if mailbox.domain_of(address) is not None else ""


def _signs(message: Message, sender: str, subject: str, own: frozenset[str]) -> Iterator[str]:
    """Yield signs that no person wrote the mail (RFC 3834, and conventions of mail programs)."""
    if sender in own:
        yield "our own mail"
    if any(str(value).strip().lower() != "no" for value in message.get_all("Auto-Submitted", [])):
        yield "an automatic answer"
    if _header(message, "Precedence").lower() in {"bulk", "junk", "list", "auto_reply"}:
        yield "a bulk mail"
    if any(name in message for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponse", "X-Failed-Recipients")):
        yield "an automatic answer"
    if _header(message, "Return-Path") == "<>":
        yield "a mail without a return path"
    if "List-Id" in message or "List-Unsubscribe" in message:
        yield "a mailing list"
    if message.get_content_type() == "multipart/report":
        yield "a report"
    if message.get_content_type() == "text/calendar":
        yield "a calendar answer"
    if _BY_ITSELF.match(subject):
        yield "an automatic answer"
