"""Who may know of a case: nobody who is barred from it, and of a restricted one those alone who have access."""

from collections.abc import Collection
from typing import Protocol


class GuardedCase(Protocol):
    """A case as far as it decides who may know of it: whether it is restricted, and the contacts who are barred."""

    @property
    def restricted(self) -> bool:  # noqa: D102  said above
        ...

    @property
    def barred(self) -> Collection[str]:  # noqa: D102  said above
        ...


class Knower(Protocol):
    """A contact as far as it decides of which cases they may know."""

    @property
    def ref(self) -> str:  # noqa: D102  said above
        ...

    @property
    def restricted_access(self) -> bool:  # noqa: D102  said above
        ...


def open_to(knower: Knower | None, matter: GuardedCase) -> bool:
    """Return whether they may know which case it is. Operations (None) may not where anybody is barred from it."""
    if knower is None:
        return not matter.restricted and not matter.barred
    return hears(knower, matter) and (not matter.restricted or knower.restricted_access)


def hears(knower: Knower, matter: GuardedCase) -> bool:
    """Return whether they may know that there is such a case at all."""
    return knower.ref not in matter.barred
