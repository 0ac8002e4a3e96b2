"""How a token signs in over SASL: OAUTHBEARER (RFC 7628), or XOAUTH2, which Microsoft and Google speak."""

from collections.abc import Callable, Iterable

_BY_PREFERENCE = ("OAUTHBEARER", "XOAUTH2")
_END = "\x01"


def mechanism(offered: Iterable[str]) -> str | None:
    """Choose among what a server offers; None where it takes no tokens."""
    names = {each.upper() for each in offered}
    return next((each for each in _BY_PREFERENCE if each in names), None)


def conversation(mechanism: str, user: str, token: str) -> Callable[[], str]:
    """Return what answers a server's challenges in turn: with the token, then with an end to what it refused."""
    spoken = iter([_opening(mechanism, user, token)])
    return lambda: next(spoken, _END if mechanism == "OAUTHBEARER" else "")


def _opening(mechanism: str, user: str, token: str) -> str:
    if mechanism == "OAUTHBEARER":
        name = user.replace("=", "=3D").replace(",", "=2C")
        return f"n,a={name},{_END}auth=Bearer {token}{_END}{_END}"
    return f"user={user}{_END}auth=Bearer {token}{_END}{_END}"
