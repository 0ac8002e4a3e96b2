"""Titles of offences: each that is known means one offence of the lists, and no other is guessed."""

import pytest

from config.sources.offence_titles import code_of_title, compared, offence_titles
from models.rules.offences import BREACHES_OF_ORDERS, HARASSMENT, LISTED, STALKING


@pytest.mark.parametrize(
    ("title", "code"),
    [("Stalking involving fear of violence", "PH97010"), ("STALKING WITHOUT FEAR/ALARM/DISTRESS", "PH97006"),
     ("Stalking involving serious alarm / distress", "PH97011"), ("Harassment - without violence", "PH97004"),
     ("Harassment - Putting people in fear of violence - Protection from Harassment Act 1997 Sec 4", "PH97009"),
     ("Breach of a restraining order", "SE20002"), ("Breach a non-molestation order - Family Law Act 1996", "FL96001")],
)  # fmt: skip
def test_a_title_is_known_as_it_may_be_written(title: str, code: str) -> None:
    assert code_of_title(title) == code


@pytest.mark.parametrize(
    "title",
    ["Harassment", "Stalking", "Stalking and harassment", "Harassment - Protection from Harassment Act 1997 Sec 2",
     "Racially or religiously aggravated harassment or stalking without violence", "Harassment, alarm or distress", ""],
)  # fmt: skip
def test_a_title_of_several_offences_or_of_another_is_none(title: str) -> None:
    assert code_of_title(title) is None


def test_each_title_is_of_one_code_that_counts_as_the_title_says() -> None:
    every = [compared(title) for titles in offence_titles().titles.values() for title in titles]
    assert len(set(every)) == len(every)
    for code, titles in offence_titles().titles.items():
        assert code in LISTED
        for title in map(str.lower, titles):
            assert ("breach" in title and "conduct" not in title) is (code in BREACHES_OF_ORDERS)
            assert "stalking" not in title or code in STALKING
            assert "harassment" not in title or code in HARASSMENT
