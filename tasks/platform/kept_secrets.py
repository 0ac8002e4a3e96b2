"""Fingerprints of the secrets that a book depends on, kept in it: one that was lost or replaced is found by them.

A fingerprint is eight digits from which nothing is learnt, made with the secret as the key.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

from pydantic import SecretStr
from sqlalchemy import Connection

from models.queries.rounds import rounds
from tasks.platform import secret_file, tokens
from tasks.platform.configuration import Configuration

_SWITCH = "kept secret:"
SIGNING = "signing-secret"
# by the name of the file under the data directory, which is its setting's too
NAMES = (SIGNING, "source-secret", "erasure-secret")


def setting(name: str) -> str:
    """Return the setting that may give a secret in place of its file."""
    return f"CASEBEAT_{name.upper().replace('-', '_')}"


def fingerprints(configuration: Configuration) -> dict[str, str]:
    """Return the fingerprint of each secret that is there, by name. Makes none. Raises Refuse if one cannot be read."""
    return {name: found for name in NAMES if (found := _fingerprint(configuration, name))}


def kept(connection: Connection) -> dict[str, str]:
    """Return the fingerprints that the book keeps, by the secret's name."""
    found = {name: rounds.switch(connection, f"{_SWITCH}{name}") for name in NAMES}
    return {name: value for name, value in found.items() if value}


def changed(configuration: Configuration, connection: Connection) -> Mapping[str, str | None]:
    """Return the secrets that are not those of the book: the fingerprint of each of now, None where it is lost.

    A signing secret that was replaced is none while the one before is believed.
    """
    now = fingerprints(configuration)
    wrong = {name: now.get(name) for name, before in kept(connection).items() if now.get(name) != before}
    if wrong.get(SIGNING) and kept(connection)[SIGNING] == tokens.fingerprint_before():
        del wrong[SIGNING]
    return wrong


def keep(configuration: Configuration, connection: Connection, at: datetime, *, replaced: bool = False) -> None:
    """Keep the fingerprints of secrets that are new to the book; where they were `replaced` for good, of all."""
    before, wrong = kept(connection), changed(configuration, connection)
    now: Mapping[str, str | None] = {**wrong, **fingerprints(configuration)}
    for name, value in now.items():
        if value != before.get(name) and (replaced or name not in wrong):
            rounds.set_switch(connection, f"{_SWITCH}{name}", value or "", at)


def _fingerprint(configuration: Configuration, name: str) -> str | None:
    if name == SIGNING:
        return tokens.fingerprint()
    given: SecretStr | None = getattr(configuration.settings, name.replace("-", "_"))
    path = configuration.settings.home / name
    if given is None and not path.exists():
        return None
    secret = given.get_secret_value().encode() if given else secret_file.held(path, setting(name))
    return hmac.digest(secret, b"casebeat fingerprint", hashlib.sha256).hex()[:8]
