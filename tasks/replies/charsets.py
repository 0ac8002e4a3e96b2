"""Decoding of the bytes of mails."""

import re
from contextlib import suppress
from email.header import decode_header

_CHARSETS = re.compile(
    r"utf-?8|us-ascii|ascii|iso-8859-\d{1,2}|latin-?1|windows-125\d|cp125\d|utf-?16(?:le|be)?", re.ASCII
)


def decoded(content: object, charset: str | None) -> str:
    """Decode bytes with the usual charsets of mail only; some of Python's others are slow or hide text."""
    raw = content if isinstance(content, bytes) else b""
    if charset is not None and _CHARSETS.fullmatch(charset.lower()):
        with suppress(LookupError):
            return raw.decode(charset, "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def decoded_header(header: str) -> str:
    """Decode a header as far as possible; empty where it cannot be."""
    with suppress(ValueError, LookupError, TypeError):
        return "".join(
            part if isinstance(part, str) else decoded(part, charset) for part, charset in decode_header(header)
        )
    return ""
