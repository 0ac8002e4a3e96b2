"""Sets of names as a statement holds them."""

from typing import TypeVar

Name_co = TypeVar("Name_co", bound=str, covariant=True)


class Literals(frozenset[Name_co]):
    """A set of names. In a statement it is its list in SQL: `f"state in {WAITING}"`.

    A partial index serves only statements whose own text proves its condition, which a bound array does not.
    """

    def __str__(self) -> str:
        """Return the list in SQL."""
        return f"({', '.join(repr(str(name)) for name in sorted(self))})"
