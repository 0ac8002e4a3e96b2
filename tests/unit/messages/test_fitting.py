"""A letter to a SPOC or lead has at most so many words, whatever there is to tell."""

from dataclasses import replace

from config.letters import LongestBlocks
from flows.configured import configured
from tasks.messages.letter import KIND, samples
from tasks.messages.letter.attached import attached
from tasks.messages.letter.contexts import LetterContext
from tasks.messages.letter.fitting import fitted, words
from tests.worlds.samples import BAIL, LIMIT, OFFICER, RESOLVED, REVIEW, WEEKDAY

POLICY = configured().policy.letter
ENDED = (RESOLVED,) * 5
MONDAY = samples()["letter-spoc-monday"]
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


def test_a_standing_gives_way_to_what_is_due_today() -> None:
    assert MONDAY.standing
    case = MONDAY.standing.stalled[0]
    stalled = tuple(replace(case, reference=f"45/S{number}") for number in range(12))

    def monday(longest: LongestBlocks) -> LetterContext:
        standing = replace(MONDAY.standing, stalled=stalled[: longest.standing], still_open=())
        return replace(MONDAY, yours=MANY[: longest.yours], victim=(), standing=standing, enclosed=(), pattern=None)

    found = fitted(monday, POLICY)
    assert words(monday(POLICY.longest)) > POLICY.words >= words(found)
    assert len(found.yours) == POLICY.longest.yours
    assert found.standing
    assert 0 < len(found.standing.stalled) < POLICY.longest.standing


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


def shortened_to(most: int) -> LetterContext:
    """The letter in which everything travels, within so many words."""
    everything = samples()["letter-of-everything"]
    return fitted(lambda _: everything, POLICY.model_copy(update={"words": most}))


def test_news_that_stands_in_an_attached_list_already_gives_way_first() -> None:
    everything = samples()["letter-of-everything"]
    found = shortened_to(words(everything) - 1)
    assert (found.enclosed, found.sittings, found.whole) == (everything.enclosed, everything.sittings, None)
    assert words(found) < words(everything)


def test_a_line_of_news_without_room_is_counted_and_attached_with_the_agendas() -> None:
    everything = samples()["letter-of-everything"]
    found = shortened_to(1)
    (counted,) = [count.number for count in found.rest if count.what == "news"]
    (listed,) = [file for file in attached(found, "") if file.name.startswith("news-")]
    assert len(listed.content.splitlines()) == 1 + counted
    assert [*KIND.holds(found)] == [*everything.enclosed]
    assert words(found) < words(everything) / 2


def test_the_meeting_whose_outcome_is_to_be_recorded_stays() -> None:
    everything = samples()["letter-of-everything"]
    record = replace(everything.sittings[0], record="mailto:replies@example.police.uk?subject=a")
    chaired = replace(everything, sittings=(record, *everything.sittings))
    found = fitted(lambda _: chaired, POLICY.model_copy(update={"words": 1}))
    assert found.sittings == (record,)
