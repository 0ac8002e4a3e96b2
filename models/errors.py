"""The few errors, each named for what the caller does next. Their sentences carry no name, address or free text."""


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


def opaque(error: BaseException) -> str:
    """What may be told of any fault: a sentence of ours as it is, else its class and PostgreSQL's code."""
    if isinstance(error, CasebeatError):
        return str(error)
    code = getattr(getattr(error, "orig", error), "pgcode", None)
    return type(error).__name__ + (f" (pgcode {code})" if code else "")
