"""A letter to a SPOC or lead has at most so many words, whatever there is to tell."""

from dataclasses import replace

from config.letters import LongestBlocks
from flows.configured import configured
from tasks.messages.letter.contexts import LetterContext
from tasks.messages.letter.fitting import fitted, words
from tests.worlds.samples import BAIL, LIMIT, OFFICER, RESOLVED, REVIEW, WEEKDAY

POLICY = configured().policy.letter
ENDED = (RESOLVED,) * 5
MANY = tuple(replace(REVIEW, reference=f"45/C{number}") for number in range(40))


def full(letter: LetterContext, longest: LongestBlocks) -> LetterContext:
    """A letter with as much in each block as it may hold."""
    return replace(
        letter, victim=MANY[: longest.victim], yours=MANY[: longest.yours], resolved=ENDED[: longest.resolved]
    )


def test_the_letter_of_a_spoc_holds_what_its_most_words_allow() -> None:
    longest = POLICY.longest.model_copy(update={"victim": 40, "yours": 7})
    found = fitted(lambda blocks: full(WEEKDAY, blocks), POLICY.model_copy(update={"longest": longest}))
    assert words(found) <= POLICY.words < words(full(WEEKDAY, longest))
    assert len(found.victim) >= len(found.yours) > 1, "the longest block gives way first"


def test_what_ran_out_or_is_near_takes_no_room_from_the_others() -> None:
    limits = (LIMIT, BAIL) * 50
    found = fitted(lambda blocks: replace(full(WEEKDAY, blocks), limits=limits), POLICY)
    assert found == replace(fitted(lambda blocks: full(WEEKDAY, blocks), POLICY), limits=limits)


def test_each_block_of_what_is_owed_keeps_one_matter_however_few_words_there_may_be() -> None:
    found = fitted(lambda blocks: full(WEEKDAY, blocks), POLICY.model_copy(update={"words": 1}))
    assert (len(found.victim), len(found.yours), len(found.resolved)) == (1, 1, 0)


def test_others_have_no_most_words() -> None:
    longest = POLICY.longest.model_copy(update={"victim": 40})
    found = fitted(lambda blocks: full(OFFICER, blocks), POLICY.model_copy(update={"longest": longest}))
    assert len(found.victim) == 40
