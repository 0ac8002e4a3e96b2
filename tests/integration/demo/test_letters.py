"""The demo's letters, read by the reader that believes nothing; a part of its links is answered on the day."""

import os
from collections import Counter
from datetime import UTC, datetime
from random import Random

import pytest

from tests.whole.truth.lived import Acts
from tests.whole.truth.weeks import answers, read_days

pytestmark = pytest.mark.timeout(900)
SEED = os.environ.get("LETTERS_SEED", f"{datetime.now(UTC):%Y-%m-%d}")
READ = 3  # a third of the people: make letters reads all
SHOWN = 25


@pytest.fixture(scope="module")
def read(weeks):
    """What is wrong in the letters of some, drawn by the seed, and how each obligation ended."""
    chance = Random(f"{SEED} readers")  # noqa: S311
    chosen = {contact.email for contact in weeks.book.people.contacts if chance.randrange(READ) == 0}
    wrong, endings = [], {}
    for world, _, found in read_days(weeks.home, Acts.of(weeks.engine), Counter(), chosen):
        wrong += found
        endings = world.endings
    return wrong, endings


def test_every_sentence_of_the_weeks_is_so(read):
    wrong, _ = read
    assert not wrong, "\n".join([f"LETTERS_SEED={SEED}: {len(wrong)} are wrong", *wrong[:SHOWN]])


def test_every_answer_to_a_reply_says_what_was_done(weeks, read):
    _, endings = read
    wrong = [f"{mail}: {why}" for mail, _, why in answers(weeks.home, Acts.of(weeks.engine), endings) if why]
    assert not wrong, "\n".join(wrong)


def test_every_link_that_was_answered_on_its_day_was_done(weeks):
    assert weeks.answered
    refused = [f"{each.day} {each.link}: {each.answered} {each.because}" for each in weeks.answered if not each.done]
    assert not refused, "\n".join([f"LETTERS_SEED={SEED}: {len(refused)} are refused", *refused[:SHOWN]])
