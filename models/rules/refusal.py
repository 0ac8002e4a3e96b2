"""The answer to a person whose request may not be granted."""

from typing import NamedTuple


class Refusal(NamedTuple):
    """Every reason why a request is refused, each a sentence that says what to do."""

    faults: tuple[str, ...]
