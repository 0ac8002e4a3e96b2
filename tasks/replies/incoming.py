"""Reading of a mail whose sender is known, tolerant of any content: whether a person wrote it, its keys and text."""

import hashlib
from contextlib import suppress
from datetime import date
from email.message import Message
from typing import NamedTuple
from urllib.parse import unquote

from tasks.platform.written_keys import WRITTEN
from tasks.replies import parts
from tasks.replies.charsets import decoded, decoded_header
from tasks.replies.envelope import Own, envelope_of
from tasks.replies.html_text import html_text

LONGEST_TEXT = 200_000  # characters
MOST_KEYS = 200  # a long digest, quoted in full, holds one key for each item
_REPORTS = frozenset({"multipart/report", "message/delivery-status", "message/disposition-notification"})


class IncomingMail(NamedTuple):
    """The relevant content of one mail. Its text is evaluated and not stored."""

    identity: str  # identical whenever the same mail is read, or a copy of it
    identity_before: str  # its identity as earlier versions recorded it: by its Message-ID alone; else empty
    message_id: str  # as the sender wrote it; empty if it is not plain
    sender: str  # one plain address in lower case; empty if From holds none or several
    automatic: str  # the sign that no person wrote it; empty if a person did
    keys: tuple[str, ...]  # the subject's keys, or else all keys in the text and its links
    answers: tuple[str, ...]  # the left sides of Message-IDs like ours that it answers
    text: str
    received_on: date


def parse_mail(raw: bytes, received_on: date, own: Own) -> IncomingMail:
    """Parse a mail, or its beginning."""
    found = parts.parts(raw)
    envelope = envelope_of(found[0], own)
    texts = [part for part in found if _is_text(part)]
    text = _text(texts)[:LONGEST_TEXT]
    keys = envelope.keys or [key for part in texts for key in WRITTEN.findall(unquote(_content(part)))]
    chosen = tuple(dict.fromkeys(keys))[:MOST_KEYS]
    content = "\0".join((envelope.message_id, envelope.sender, *chosen, " ".join(text.split())))
    return IncomingMail(
        identity=_digest(content),
        identity_before=_digest(f"id:{envelope.message_id}") if envelope.message_id else "",
        message_id=envelope.plain_id,
        sender=envelope.sender,
        automatic=envelope.automatic or _sign(found),
        keys=chosen,
        answers=envelope.answers,
        text=text,
        received_on=received_on,
    )


def all_text(raw: bytes) -> str:
    """Return what a mail says: the headers and the texts of its parts, decoded, each line whole."""
    found = parts.parts(raw)
    headers = [decoded_header(str(value)) or str(value) for part in found for value in part.values()]
    texts = [_content(part) for part in found if part.get_content_maintype() == "text"]
    return "\n".join([*headers, *texts]).replace("\r\n", "\n").replace("\n ", "")


def _digest(content: str) -> str:
    return hashlib.sha256(content.encode(errors="replace")).hexdigest()


def _sign(found: list[Message]) -> str:
    """Return a sign of a part that no person wrote the mail; empty if there is none."""
    types = {part.get_content_type() for part in found}
    return "a report" if types & _REPORTS else "a calendar answer" if "text/calendar" in types else ""


def _is_text(part: Message) -> bool:
    with suppress(ValueError, LookupError, TypeError, AttributeError):
        return part.get_content_maintype() == "text" and not part.get_filename()
    return False


def _content(part: Message) -> str:
    with suppress(ValueError, LookupError, TypeError, AttributeError):
        return decoded(part.get_payload(decode=True), part.get_content_charset())
    return ""


def _text(texts: list[Message]) -> str:
    """Return the plain text, or the text of the HTML without plain text."""
    for subtype, convert in (("plain", str), ("html", html_text)):
        for part in texts:
            if part.get_content_subtype() == subtype:
                text = convert(_content(part))
                if text.strip():
                    return text
    return ""
