"""Sealed keys in mail links and Slack buttons. A key replaces a name and is valid for one person and one version.

A key is deterministic authenticated encryption (the construction of RFC 5297 on HMAC-SHA256). The seal is a keyed
digest of the content, and the content is masked by a stream derived from the seal. Without the secret, a key can
neither be read nor made. The same content gives the same key, so a message that is rendered again stays the same.
"""

import base64
import binascii
import hashlib
import hmac
from datetime import date
from enum import StrEnum
from functools import cache
from typing import NamedTuple
from uuid import UUID

from config.settings import settings
from models.errors import Refuse
from models.outbox import NAME_DIGITS
from tasks.platform import secret_file
from tasks.platform.written_keys import MARK

FILE = "signing-secret"  # under the data directory, used if no setting gives the secret
FILE_BEFORE = "signing-secret-before"  # the one that it replaced, believed until a day of the settings
SETTING, BEFORE = "CASEBEAT_SIGNING_SECRET", "CASEBEAT_SIGNING_SECRET_BEFORE"
_FIELD = "\x1f"


class Purpose(StrEnum):
    """The use of a key; a key of one purpose is refused for another."""

    REPLY = "reply"
    ACT = "act"  # undoes what was done in somebody's name
    OUTCOME = "outcome"  # records what came of a meeting
    BUTTON = "button"
    MAIL = "mail"  # a mail's own Message-ID


class NotOurs(Refuse):
    """Neither secret made this key, or it is not whole. Whoever wrote it may never have seen one of ours."""

    def __init__(self) -> None:
        super().__init__("Its key is not whole, or is not one that Casebeat wrote. Nothing was done.")


class Expired(Refuse):
    """Casebeat made this key, and it is no longer valid."""

    def __init__(self) -> None:
        super().__init__("Its key has expired: answer a newer message. Nothing was done.")


class Key(NamedTuple):
    """The person who may act, and on what: the version of an obligation, 0 for all that the person owes, or an act."""

    person_ref: str
    row_id: int
    expires_on: date  # the last day on which it is valid
    purpose: Purpose = Purpose.REPLY


class _Seal(NamedTuple):
    """A kind of seal: what it is for, and its bytes."""

    use: bytes
    length: int


_KEY, _MAIL = _Seal(b"seal", 16), _Seal(b"mail", 12)
_NAME = NAME_DIGITS // 2  # bytes


def sign(person_ref: str, row_id: int, purpose: Purpose, expires_on: date) -> str:
    """Make a key of URL-safe characters. Raises Refuse if the secret cannot be read or made."""
    content = _FIELD.join((purpose, str(row_id), str(expires_on.toordinal()), person_ref)).encode()
    return MARK + base64.urlsafe_b64encode(_sealed(content)).decode().rstrip("=")


def read(text: str, purpose: Purpose, today: date, *others: Purpose) -> Key:
    """Read a key of a purpose, or of one of others.

    Raises Refuse, with one sentence, if it is forged, truncated, expired or of another purpose.
    """
    if not text.startswith(MARK) or not text.isascii():
        raise NotOurs
    try:
        raw = base64.b64decode(text[len(MARK) :] + "=" * (-len(text[len(MARK) :]) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise NotOurs from None
    parts = _opened(raw, today).decode().split(_FIELD, 3)
    if len(parts) != 4 or parts[0] not in {purpose, *others}:
        raise Refuse("Its key is for another use. Nothing was done.")
    key = Key(parts[3], int(parts[1]), date.fromordinal(int(parts[2])), Purpose(parts[0]))
    if key.expires_on < today:
        raise Expired
    return key


def mail_ref(key: str, sign: str) -> str:
    """Make the left side of a mail's Message-ID: a digest of its message's key, sealed, in lower case.

    A key says to whom, of which day and about what, so that a restored book says the same under the same Message-ID.
    What follows the key in `sign` tells a message from an undone one of that key. It is short: some programs write an
    id that needs a second line as an encoded word, which nobody finds.
    """
    again = sign.removeprefix(key).removeprefix("#")
    content = bytes.fromhex(key_digest(key)) + (bytes([min(int(again), 255)]) if again else b"")
    return _sealed(content, _MAIL).hex()


def key_digest(key: str) -> str:
    """Return the digits by which a message is found of a key that is not to be shown: `NAMED` in the database."""
    return hashlib.md5(key.encode(), usedforsecurity=False).hexdigest()[:NAME_DIGITS]


def read_mail_ref(text: str, today: date) -> str:
    """Read the digest of a message's key in the left side of a Message-ID. Raises Refuse if this is no mail of ours.

    A mail of a version before 1.1 has the number of its row instead, which has fewer digits.
    """
    try:
        raw = bytes.fromhex(text)
        if len(raw) - _MAIL.length in {_NAME, _NAME + 1}:
            return _opened(raw, today, _MAIL)[:_NAME].hex()
        parts = _opened(raw, today).decode().split(_FIELD)
    except ValueError:
        raise NotOurs from None
    if len(parts) != 2 or parts[0] != Purpose.MAIL:
        raise NotOurs
    return parts[1]


def address_mark(address: str) -> UUID:
    """Return the substitute for an e-mail address, in any case, where others read: only the secret makes it of one."""
    return UUID(bytes=_digest(_signing(), b"address", address.strip().casefold().encode())[:16])


def check() -> None:
    """Read the secrets, before anything is blamed for lack of them. Raises Refuse if one cannot be read or made."""
    _signing()
    _believed()


def fingerprint() -> str | None:
    """Return 8 hexadecimal digits that differ where the secret that signs differs, and from which nothing is learnt.

    None where a file is to hold it and no process has made it yet. Raises Refuse as `check` does.
    """
    if settings().signing_secret is None and not (settings().home / FILE).exists():
        return None
    return _digest(_signing(), b"fingerprint", b"").hex()[:8]


def fingerprint_before() -> str | None:
    """Return the fingerprint of the secret that the signing one replaced; None where none is believed any more."""
    before = _believed()[1:]
    return _digest(before[0][0], b"fingerprint", b"").hex()[:8] if before else None


def _sealed(content: bytes, kind: _Seal = _KEY) -> bytes:
    secret = _signing()
    seal = _digest(secret, kind.use, content)[: kind.length]
    return seal + _masked(secret, seal, content)


def _opened(raw: bytes, today: date, kind: _Seal = _KEY) -> bytes:
    """Return the content that one of the secrets sealed."""
    seal, masked = raw[: kind.length], raw[kind.length :]
    for secret, until in _believed():
        content = _masked(secret, seal, masked)
        if hmac.compare_digest(seal, _digest(secret, kind.use, content)[: kind.length]):
            if until is not None and until < today:
                raise Expired
            return content
    raise NotOurs


def _masked(secret: bytes, seal: bytes, content: bytes) -> bytes:
    """Mask the content with the stream derived from the seal. Applying it twice restores the content."""
    blocks = range(-(-len(content) // 32))
    stream = b"".join(_digest(secret, b"mask", seal + block.to_bytes(4, "big")) for block in blocks)
    return bytes(octet ^ mask for octet, mask in zip(content, stream, strict=False))


def _digest(secret: bytes, use: bytes, content: bytes) -> bytes:
    return hmac.digest(_derived(secret, use), content, hashlib.sha256)


@cache
def _derived(secret: bytes, use: bytes) -> bytes:
    return hmac.digest(secret, b"casebeat " + use, hashlib.sha256)


def _signing() -> bytes:
    """Return the secret that signs."""
    configured = settings().signing_secret
    if configured is not None:
        return configured.get_secret_value().encode()
    return secret_file.kept(settings().home / FILE, SETTING)


def _believed() -> list[tuple[bytes, date | None]]:
    """Return the secret that signs, and the one before it with the last day on which it is believed."""
    until, before = settings().signing_secret_before_until, settings().signing_secret_before
    if until is None:
        return [(_signing(), None)]
    if before is not None:
        old = before.get_secret_value().encode()
    else:
        old = secret_file.held(settings().home / FILE_BEFORE, BEFORE)
    if old == _signing():
        raise Refuse("The signing secret and the one before it are the same: replace the one that signs.")
    return [(_signing(), None), (old, until)]
