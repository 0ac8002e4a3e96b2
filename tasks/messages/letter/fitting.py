"""Fitting of a SPOC's or a lead's letter into its most words: fewer matters in each block but the first."""

import re
from collections.abc import Callable
from dataclasses import replace

from config.letters import LetterPolicy, LongestBlocks
from tasks.messages.contexts import values
from tasks.messages.letter.contexts import LetterContext
from tasks.platform.templates import page

_NOT_READ = re.compile(r"<head>.*?</head>|<[^>]*>", re.DOTALL)
_FEWEST = {"victim": 1, "yours": 1, "standing": 1, "resolved": 0}  # nothing is asked of anybody by what ended


def fitted(of_length: Callable[[LongestBlocks], LetterContext], policy: LetterPolicy) -> LetterContext:
    """Return the letter with as many matters as its most words allow: of each block of what is owed at least one.

    `of_length` makes it with so many in each block. What ran out, is near its end or cannot wait takes no room.
    """
    longest = policy.longest
    letter = of_length(longest)
    while letter.leads and words(letter) > policy.words and (shorter := _shorter(longest)) != longest:
        longest, letter = shorter, of_length(shorter)
    return letter


def words(letter: LetterContext) -> int:
    """Count the words of a letter's page without its first block."""
    shown = page("letter/body.html", **values(replace(letter, lost=(), limits=(), at_once=())), marking="")
    return sum(any(map(str.isalnum, word)) for word in _NOT_READ.sub(" ", shown).split())


def _shorter(longest: LongestBlocks) -> LongestBlocks:
    """Return one matter less in the longest of the blocks, and in those that are as long."""
    most = max(getattr(longest, name) for name in _FEWEST) - 1
    kept = {name: max(fewest, min(getattr(longest, name), most)) for name, fewest in _FEWEST.items()}
    return longest.model_copy(update=kept)
