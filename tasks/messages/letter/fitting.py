"""Fitting of a SPOC's or a lead's letter into its most words: less standing, fewer matters, less news.

All that gives way is counted, and a list is attached that has it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from config.letters import LetterPolicy, LongestBlocks
from config.message_kinds import LetterBlock
from tasks.messages.contexts import values
from tasks.messages.letter.blocks import together
from tasks.messages.letter.contexts import ChangedCases, Count, LetterContext, LetterSitting
from tasks.platform.templates import page

_NOT_READ = re.compile(r"<head>.*?</head>|<[^>]*>", re.DOTALL)
_FEWEST = {"victim": 1, "yours": 1, "standing": 1, "resolved": 0}  # nothing is asked of anybody by what ended
_FEWEST_LISTED = 2  # harassment cases
_CHANGES = ("stalled", "lost", "cleared", "still")
_LINES = (LetterBlock.YOURS, LetterBlock.MEETINGS)


def fitted(of_length: Callable[[LongestBlocks], LetterContext], policy: LetterPolicy) -> LetterContext:
    """Return the letter with as much as its most words allow: of each block of what is owed at least one matter.

    `of_length` makes it with so many in each block. What ran out, is near its end or cannot wait takes no room.
    """
    longest = policy.longest
    letter = of_length(longest)
    while _too_long(letter, policy) and (shorter := _shorter(longest, letter)) != longest:
        longest, letter = shorter, of_length(shorter)
    news = _less_news(letter)
    while _too_long(letter, policy) and (less := next(news, None)):
        letter = less
    return letter


def words(letter: LetterContext) -> int:
    """Count the words of a letter's page without its first block."""
    shown = page("letter/body.html", **values(replace(letter, lost=(), limits=(), at_once=())), marking="")
    return sum(any(map(str.isalnum, word)) for word in _NOT_READ.sub(" ", shown).split())


def _too_long(letter: LetterContext, policy: LetterPolicy) -> bool:
    return letter.leads and words(letter) > policy.words


def _shorter(longest: LongestBlocks, letter: LetterContext) -> LongestBlocks:
    """Return one case less of the standing, or else one matter less in the longest of the blocks, and those as long.

    So what is due today is not crowded out by what was told before, or is of others.
    """
    standing = letter.standing
    stands = min(longest.standing, len(standing.stalled) + len(standing.still_open)) if standing else 0
    if stands > _FEWEST["standing"]:
        return longest.model_copy(update={"standing": stands - 1})
    most = max(getattr(longest, name) for name in _FEWEST) - 1
    kept = {name: max(fewest, min(getattr(longest, name), most)) for name, fewest in _FEWEST.items()}
    return longest.model_copy(update=kept)


def _less_news(letter: LetterContext) -> Iterator[LetterContext]:
    """Yield the letter with ever less beside its matters: first less of that for which it has a list anyway."""
    while letter.pattern and len(letter.pattern.cases) > _FEWEST_LISTED:
        letter = replace(letter, pattern=replace(letter.pattern, cases=letter.pattern.cases[:-1]))
        yield letter
    letter = replace(letter, agendas_brief=True)
    yield letter
    while letter.changed and (most := max(len(getattr(letter.changed, name).cases) for name in _CHANGES)) > 1:
        named: dict[str, Any] = {name: _named(getattr(letter.changed, name), most - 1) for name in _CHANGES}
        letter = replace(letter, changed=replace(letter.changed, **named))
        yield letter
    yield from _put_away(replace(letter, whole=letter))


def _named(found: ChangedCases, most: int) -> ChangedCases:
    """Name fewer cases, and count the others."""
    return replace(found, cases=found.cases[:most], more=found.number - len(found.cases[:most]))


def _put_away(letter: LetterContext) -> Iterator[LetterContext]:
    """Yield the letter with one line of news less each time, which is counted: the last meetings first."""
    while gone := _without_a_line(letter):
        letter = replace(gone, rest=together(letter.rest, [Count("news", 1)]))
        yield letter


def _without_a_line(letter: LetterContext) -> LetterContext | None:
    """Leave out the last line: of the rules of a beginning, the meetings, what travels in it, or what is put right."""
    standing = letter.standing
    starts = standing.starts if standing else ()
    at = next((at for at, start in enumerate(starts) if start.rules), None)
    if standing and at is not None:
        less = replace(starts[at], rules=starts[at].rules[:-1])
        return replace(letter, standing=replace(standing, starts=(*starts[:at], less, *starts[at + 1 :])))
    if further := [one for one in letter.sittings if not one.record]:
        return _without_meeting(letter, further[-1])
    lines = [message for message in letter.enclosed if message.kind.block in _LINES]
    if lines:
        return replace(letter, enclosed=tuple(message for message in letter.enclosed if message is not lines[-1]))
    return replace(letter, taken_back=letter.taken_back[:-1]) if letter.taken_back else None


def _without_meeting(letter: LetterContext, gone: LetterSitting) -> LetterContext:
    """Leave out a meeting and the line of its agenda, which stays attached."""
    kept = (message for message in letter.enclosed if getattr(message.context, "ref", "") != gone.ref)
    return replace(letter, sittings=tuple(one for one in letter.sittings if one is not gone), enclosed=tuple(kept))
