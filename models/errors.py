"""The errors, each named for the caller's next step. Their sentences carry no name, address or free text."""

from collections.abc import Iterable
from difflib import get_close_matches

import psycopg2

from config.strict_yaml import Faults

_LOST = "the connection to the database was lost"
_MEANINGS = {  # a PostgreSQL code or its prefix, and the sentence for operations; the longest match counts
    "08": _LOST,
    "57P": _LOST,
    "25P03": _LOST,
    "53": "the database has no memory or no connection to spare",
    "53100": "the database's disk is full",
    "57014": "the database took too long over one statement",
    "55P03": "another process held the same rows for too long",
    "40": "another process changed the same rows at the same time",
    "25006": "the database is read-only: it may be a standby",
    "42501": "the database's role lacks a right",
}


class CasebeatError(Exception):
    """A fault that is reported to a person in one clear sentence."""


class Refuse(CasebeatError):
    """Nothing was done. The sentence gives the place, the fault and the remedy. Exit code 2."""


class Retry(CasebeatError):
    """A passing fault. The same call may succeed later."""


class Skip(CasebeatError):
    """This one case, row or message is skipped and counted. The others continue."""


class Opaque(CasebeatError):
    """A fault reported only by its class and code, so that no value of a record leaks with it."""


FORESEEN = (CasebeatError, Faults)  # reported to a person unchanged


def opaque(error: BaseException) -> str:
    """Describe a fault without record values: our own sentence, else a database code's meaning, else the class name."""
    if isinstance(error, FORESEEN):
        return str(error)
    description = database_fault(error) or type(error).__name__
    if isinstance(error, OSError) and error.strerror:
        description += f": {error.strerror}"  # the system's text for the error number, without the file name
    code = _pgcode(error)
    return description + (f" (pgcode {code})" if code else "")


def database_fault(error: BaseException) -> str:
    """Return the meaning of a fault in the database itself, which our code cannot correct; empty for any other fault.

    A broken connection has no code, because no server is left to send one.
    """
    code = _pgcode(error)
    if code is None:
        broken = isinstance(_original(error), psycopg2.OperationalError | psycopg2.InterfaceError)
        return _LOST if broken else ""
    return next((_MEANINGS[code[:length]] for length in (5, 3, 2) if code[:length] in _MEANINGS), "")


def is_row_fault(error: Exception) -> bool:
    """Return whether a fault may come from one row alone, and not from the database or the statement."""
    rows_own = psycopg2.DataError | psycopg2.IntegrityError
    return not isinstance(_original(error), psycopg2.Error) or isinstance(_original(error), rows_own)


def _original(error: BaseException) -> BaseException:
    """Return the driver's own error if SQLAlchemy has wrapped it."""
    return getattr(error, "orig", None) or error


def _pgcode(error: BaseException) -> str | None:
    code: str | None = getattr(_original(error), "pgcode", None)
    return code


def did_you_mean(typed: str, known: Iterable[str]) -> str:
    """Return a question for the end of a sentence, a space before it; empty where no known name is near."""
    names = {name.lower(): name for name in known}
    near = get_close_matches(typed.lower(), names, n=1)
    return f" Did you mean {names[near[0]]}?" if near else ""
