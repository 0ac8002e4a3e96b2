"""The sign-in to the installation's Prefect server: the setting, or a file of the data directory, made once."""

from pathlib import Path

from config.settings import settings
from tasks.platform import secret_file

FILE = "prefect-sign-in"
SETTING = "CASEBEAT_SERVER__SIGN_IN"
_USER = "casebeat:"


def sign_in() -> str:
    """Return the sign-in as user:password, made at first need. Raises Refuse if its file cannot be read or made."""
    configured = settings().server.sign_in
    return configured.get_secret_value() if configured else secret_file.kept(_file(), SETTING, _USER).decode()


def known_sign_in() -> str | None:
    """Return the sign-in, or None where no server of this data directory has needed one yet. Raises as `sign_in`."""
    return sign_in() if settings().server.sign_in or _file().exists() else None


def where() -> str:
    """Return where a person finds the sign-in."""
    return f"the setting {SETTING}" if settings().server.sign_in else str(_file())


def _file() -> Path:
    return settings().home / FILE
