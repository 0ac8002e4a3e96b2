"""Whose fault a refusal is: the recipient's, or that of the carrier, which then refuses others too."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple


class RefusedMessage(NamedTuple):
    """A message that its carrier refused for good: to whom, and in which words."""

    to_ref: str  # the contact, or operations
    words: str


def too_many(refused: Iterable[RefusedMessage], accepted: int, most: int) -> bool:
    """Return whether more than `most` recipients are refused, and as many as were accepted that day, or more."""
    number = len({message.to_ref for message in refused})
    return number > most and number >= accepted


def alike(refused: Iterable[RefusedMessage], accepted_before: Iterable[str]) -> bool:
    """Return whether somebody whom the carrier accepted before is refused in the same words as somebody else."""
    by_words = defaultdict(set)
    for message in refused:
        by_words[message.words].add(message.to_ref)
    before = set(accepted_before)
    return any(len(refs) > 1 and refs & before for refs in by_words.values())
