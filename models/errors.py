"""The few errors, each named for what the caller does next. Their sentences carry no name, address or free text."""

import psycopg2

from config.strict_yaml import Faults

_LOST = "the connection to the database was lost"
_SAID = {  # PostgreSQL's codes, or how they begin, in words for operations; the longest that fits counts
    "08": _LOST,
    "57P": _LOST,
    "25P03": _LOST,
    "53": "the database has no memory or no connection to spare",
    "53100": "the database's disk is full",
    "57014": "the database took too long over one statement",
    "55P03": "another process held the same rows for too long",
    "40": "another process wanted the same rows at once",
    "25006": "the database only lets itself be read: it may be a standby",
    "42501": "the database's role lacks a right",
}


class CasebeatError(Exception):
    """A fault that is told to a person in one clear sentence."""


class Refuse(CasebeatError):
    """Nothing was done; the sentence says where, what, and what to do. Exit code 2."""


class Retry(CasebeatError):
    """A passing fault; the same call may go through later."""


class Skip(CasebeatError):
    """This one case, row or message is passed over and counted; the rest go on."""


class Opaque(CasebeatError):
    """A fault told by its class and code alone, so that no value of a record can travel with it."""


FORESEEN = (CasebeatError, Faults)  # what is told to a person as it is


def opaque(error: BaseException) -> str:
    """What may be told of any fault: a sentence of ours as it is, else what the database said, else its class alone."""
    if isinstance(error, FORESEEN):
        return str(error)
    told = database_fault(error) or type(error).__name__
    if isinstance(error, OSError) and error.strerror:
        told += f": {error.strerror}"  # the system's words for its number, without the file
    code = _pgcode(error)
    return told + (f" (pgcode {code})" if code else "")


def database_fault(error: BaseException) -> str:
    """What a fault of the database itself means, which no code of ours can mend; empty where it is none of these.

    A connection that breaks has no code at all, since there is nobody left to give one.
    """
    code = _pgcode(error)
    if code is None:
        broken = isinstance(_original(error), psycopg2.OperationalError | psycopg2.InterfaceError)
        return _LOST if broken else ""
    return next((_SAID[code[:length]] for length in (5, 3, 2) if code[:length] in _SAID), "")


def is_row_fault(error: Exception) -> bool:
    """Whether a fault may be one row's alone: not the database's, nor a statement's, which would meet every row."""
    rows_own = psycopg2.DataError | psycopg2.IntegrityError
    return not isinstance(_original(error), psycopg2.Error) or isinstance(_original(error), rows_own)


def _original(error: BaseException) -> BaseException:
    """The driver's own error, where SQLAlchemy has wrapped it."""
    return getattr(error, "orig", None) or error


def _pgcode(error: BaseException) -> str | None:
    code: str | None = getattr(_original(error), "pgcode", None)
    return code
