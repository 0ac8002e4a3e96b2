"""The refusal of a person's request."""

from typing import NamedTuple


class Refusal(NamedTuple):
    """Every reason why a request is refused. Each is a sentence with the remedy."""

    faults: tuple[str, ...]
