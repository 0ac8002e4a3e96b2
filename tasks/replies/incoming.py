"""Parsing of an incoming mail, tolerant of any content: its sender, whether a person wrote it, its keys and text."""

import email
import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from email.header import decode_header
from email.message import Message
from typing import NamedTuple
from urllib.parse import unquote

from config import mailbox
from tasks.platform.tokens import WRITTEN
from tasks.replies.html_text import html_text

MOST_KEYS = 200  # a long digest, quoted in full, holds one key for each item
LONGEST_TEXT = 200_000  # characters
LONGEST_ID = 250
_CHARSETS = re.compile(
    r"utf-?8|us-ascii|ascii|iso-8859-\d{1,2}|latin-?1|windows-125\d|cp125\d|utf-?16(?:le|be)?", re.ASCII
)
_FROM = re.compile(r'\s*(?:"(?:[^"\\]|\\.)*"\s*)?(?:[^<>"]*<(?P<angled>[^<>\s]+)>|(?P<bare>[^<>\s",;]+))\s*')
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
MESSAGE_ID = re.compile(rf"<{_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*>")  # safe to repeat in a header
_BY_ITSELF = re.compile(
    r"(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)|out of (?:the )?office|undeliverable|delivery status"
    r"|mail delivery|read:|not read:|accepted:|declined:|tentative:|tentatively accepted:|new time proposed:)",
    re.IGNORECASE,
)
_OUR_ID = re.compile(rb"<([0-9a-f]{40})@([A-Za-z0-9.-]{1,253})>")
_REFUSED = re.compile(rb"^status:\s*(5\.\d{1,3}\.\d{1,3})\s*$", re.IGNORECASE | re.MULTILINE)
_FAILED = re.compile(rb"^action:\s*failed\s*$", re.IGNORECASE | re.MULTILINE)


class Bounce(NamedTuple):
    """A permanent delivery failure of a Casebeat mail: the left side of its Message-ID, and the status."""

    message_ref: str
    status: str


class IncomingMail(NamedTuple):
    """The relevant content of one mail. Its text is evaluated and not stored."""

    identity: str  # identical whenever the same mail is read
    message_id: str  # as the sender wrote it; empty if it is not plain
    sender: str  # one plain address in lower case; empty if From holds none or several
    automatic: str  # the sign that no person wrote it; empty if a person did
    keys: tuple[str, ...]  # the subject's keys, or else all keys in the text and its links
    text: str
    received_on: date
    bounce: Bounce | None


def parse_mail(raw: bytes, received_on: date, own: frozenset[str], domain: str | None) -> IncomingMail:
    """Parse a mail, or its beginning. `own` are Casebeat's addresses, `domain` is that of its Message-IDs."""
    message = _parsed(raw)
    message_id = _header(message, "Message-ID")
    identity = f"id:{message_id}".encode(errors="replace") if message_id else b"raw:" + raw
    sender = _sender(message)
    text = _text(message)[:LONGEST_TEXT]
    in_subject = WRITTEN.findall(_subject(message))
    keys = in_subject or [key for part in _text_parts(message) for key in WRITTEN.findall(unquote(_content(part)))]
    return IncomingMail(
        identity=hashlib.sha256(identity).hexdigest(),
        message_id=message_id if len(message_id) <= LONGEST_ID and MESSAGE_ID.fullmatch(message_id) else "",
        sender=sender,
        automatic=next(_signs(message, sender, own), ""),
        keys=tuple(dict.fromkeys(keys))[:MOST_KEYS],
        text=text,
        received_on=received_on,
        bounce=_bounce(message, raw, domain),
    )


def _parsed(raw: bytes) -> Message:
    """Parse the mail, or only its header if its parts cannot be parsed."""
    try:
        return email.message_from_bytes(raw)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return email.message_from_bytes(raw.partition(b"\r\n\r\n")[0][:100_000] + b"\r\n\r\n", _class=_HeaderOnly)


class _HeaderOnly(Message):
    """A mail of which only the header could be parsed."""


def _header(message: Message, name: str) -> str:
    """Return a header's text on one line; empty if the header is missing or repeated."""
    found = message.get_all(name, [])
    return " ".join(str(found[0]).split()) if len(found) == 1 else ""


def _subject(message: Message) -> str:
    """Decode the subject as far as possible; a key in it survives line wrapping."""
    with suppress(ValueError, LookupError, TypeError):
        parts = decode_header(_header(message, "Subject"))
        return "".join(part if isinstance(part, str) else _decoded(part, charset) for part, charset in parts)
    return ""


def _sender(message: Message) -> str:
    found = _FROM.fullmatch(_header(message, "From"))
    address = (found["angled"] or found["bare"]).lower() if found else ""
    return address if mailbox.domain_of(address) is not None else ""


def _signs(message: Message, sender: str, own: frozenset[str]) -> Iterator[str]:
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
    types = {part.get_content_type() for part in _parts(message)}
    if types & {"multipart/report", "message/delivery-status", "message/disposition-notification"}:
        yield "a report"
    if "text/calendar" in types:
        yield "a calendar answer"
    if _BY_ITSELF.match(_subject(message)):
        yield "an automatic answer"


def _parts(message: Message) -> Iterator[Message]:
    """Yield every part of the mail, but no parts of an attached mail."""
    yield message
    if message.is_multipart() and message.get_content_maintype() == "multipart":
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _parts(part)


def _text_parts(message: Message) -> list[Message]:
    with suppress(ValueError, LookupError, TypeError, AttributeError, RecursionError):
        found = [part for part in _parts(message) if part.get_content_maintype() == "text"]
        return [part for part in found if not part.get_filename()]
    return []


def _content(part: Message) -> str:
    with suppress(ValueError, LookupError, TypeError, AttributeError):
        return _decoded(part.get_payload(decode=True), part.get_content_charset())
    return ""


def _text(message: Message) -> str:
    """Return the plain text, or the text of the HTML without plain text."""
    parts = _text_parts(message)
    for subtype, convert in (("plain", str), ("html", html_text)):
        for part in parts:
            if part.get_content_subtype() == subtype:
                text = convert(_content(part))
                if text.strip():
                    return text
    return ""


def _decoded(content: object, charset: str | None) -> str:
    """Decode bytes with the usual charsets of mail only; some of Python's others are slow or hide text."""
    raw = content if isinstance(content, bytes) else b""
    if charset is not None and _CHARSETS.fullmatch(charset.lower()):
        with suppress(LookupError):
            return raw.decode(charset, "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _bounce(message: Message, raw: bytes, domain: str | None) -> Bounce | None:
    if message.get_content_type() != "multipart/report" or not _FAILED.search(raw):
        return None
    status = _REFUSED.search(raw)
    ours = [ref for ref, at in _OUR_ID.findall(raw) if at.decode().lower() == domain]
    return Bounce(ours[-1].decode(), status[1].decode()) if status and ours else None
