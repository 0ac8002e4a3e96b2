"""The refusal of a person's request."""

from typing import NamedTuple


class Refusal(NamedTuple):
    """Every reason why a request is refused. Each is a sentence with the remedy."""

    faults: tuple[str, ...]

    def sentences(self, *more: str) -> str:
        """Return the reasons as one text for the person who asked, with what else helps them."""
        return " ".join((*self.faults, *more, "Nothing was done."))
