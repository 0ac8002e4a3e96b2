"""A secret of the data directory: a file that only its owner may read, made once by the first process to need it."""

import os
import secrets
from functools import cache
from pathlib import Path

from models.errors import Refuse
from tasks.platform.home import keep_private

SHORTEST = 32  # characters, as in the settings; a guessable secret protects nothing


@cache
def kept(path: Path, setting: str, user: str = "") -> bytes:
    """Return the secret of this data directory. The first process that needs it makes it, and all share it.

    A new one begins with `user`. Raises Refuse, which names the setting, if it cannot be read or made.
    """
    try:
        if not path.exists():
            make(path, user)
    except OSError as error:
        raise _unreadable(path, setting, error) from None
    return held(path, setting)


@cache
def held(path: Path, setting: str) -> bytes:
    """Return the secret in a file that only its owner may read. Raises Refuse as `kept` does, also if it is absent."""
    try:
        if path.stat().st_mode & 0o077:
            raise Refuse(f"{path} may be read by others: run chmod 600 on it, or set {setting}.")
        secret = path.read_bytes().strip()
    except OSError as error:
        raise _unreadable(path, setting, error) from None
    if len(secret) < SHORTEST:
        raise Refuse(f"{path} holds no secret of {SHORTEST} characters: remove it, and a new one is made.")
    return secret


def _unreadable(path: Path, setting: str, error: OSError) -> Refuse:
    what = path.name.replace("-before", "").replace("-", " ")
    return Refuse(
        f"The {what} {path} cannot be read or made ({error.strerror}): correct that, or set {setting}. "
        "Nothing was done."
    )


def make(path: Path, user: str = "") -> None:
    """Create the secret file atomically, so that concurrent first calls end with one secret."""
    keep_private(path.parent)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    draft.touch(mode=0o600)
    draft.write_text(f"{user}{secrets.token_urlsafe(48)}\n", "ascii")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
