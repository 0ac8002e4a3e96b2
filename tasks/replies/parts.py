"""Splitting of a mail into its parts, in time proportional to its length.

It avoids email's own parser of bodies, which compares each line with every open boundary: a mail of 200 kB with 500
boundaries and nothing but empty lines took it more than eight minutes.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes
from email.message import Message

MOST_PARTS = 100
DEEPEST = 10  # multiparts within multiparts
LONGEST_HEADER = 8_192  # bytes of each part's header; what follows is ignored
_BLANK = re.compile(rb"(?:\A|\n)\r?\n")
_NEWLINE = re.compile(rb"\A\r?\n")


def header(raw: bytes) -> Message:
    """Parse a header, or its beginning."""
    return message_from_bytes(raw[:LONGEST_HEADER].rstrip(b"\r\n") + b"\r\n\r\n")


def parts(raw: bytes) -> list[Message]:
    """List the mail itself and its parts in their order, at most MOST_PARTS; no parts of an attached mail."""
    found: list[Message] = []
    for part in _walked(raw, DEEPEST):
        found.append(part)
        if len(found) == MOST_PARTS:
            break
    return found


def _walked(raw: bytes, deeper: int) -> Iterator[Message]:
    ends = _BLANK.search(raw)
    part = header(raw[: ends.start()] if ends else raw)
    content = raw[ends.end() :] if ends else b""
    part.set_payload(content.decode("ascii", "surrogateescape"))
    yield part
    if deeper and part.get_content_maintype() == "multipart":
        for each in _split(content, part):
            yield from _walked(each, deeper - 1)


def _split(content: bytes, part: Message) -> Iterator[bytes]:
    """Yield what lies between the part's boundaries; the last may be cut off."""
    boundary = ""
    with suppress(ValueError, LookupError, TypeError, AttributeError):
        boundary = part.get_boundary("")
    if not boundary:
        return
    line = re.compile(
        rb"\r?\n--" + re.escape(boundary.encode("utf-8", "surrogateescape")) + rb"(--)?[ \t]*(?=\r?\n|\Z)"
    )
    content, begins = b"\n" + content, -1
    for match in line.finditer(content):
        if begins >= 0:
            yield _NEWLINE.sub(b"", content[begins : match.start()], count=1)
        if match[1]:
            return
        begins = match.end()
    if begins >= 0:
        yield _NEWLINE.sub(b"", content[begins:], count=1)
