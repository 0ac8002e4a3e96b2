"""Fourteen reviews of killings by stalkers, lived as made-up cases: who would have been told, and on which day."""

from collections import Counter
from datetime import timedelta

import pytest

from tests.whole.histories.history import FAILURES, histories
from tests.whole.histories.lived import Lived, installed
from tests.whole.histories.page import PAGE, in_time, page

HISTORIES = histories()
KNOWN = [one for one in HISTORIES if not one.unknown]
UNKNOWN = [one for one in HISTORIES if one.unknown]


@pytest.fixture(scope="module")
def lived(server, copies, tmp_path_factory):
    copies.give("histories")
    folder = tmp_path_factory.mktemp("histories")
    with installed(folder / "home", server, "histories"):
        done = Lived(folder, HISTORIES).run()
    copies.take_back("histories")
    return done


@pytest.mark.parametrize(
    ("history", "message"),
    [
        pytest.param(one, message, id=f"{one.ref} {message.role} by {message.by}")
        for one in KNOWN
        for message in one.messages
    ],
)
def test_a_letter_says_it_by_its_day(lived, history, message):
    told = lived.first(history, message)
    assert told, f"no letter to the {message.role} says {message.says!r}"
    assert told.on <= message.by
    assert told.on < history.death


@pytest.mark.parametrize("history", KNOWN, ids=lambda one: one.ref)
def test_the_spoc_who_leads_is_told_by_the_day_after_the_report(lived, history):
    assert in_time(history, lived)


@pytest.mark.parametrize("history", UNKNOWN, ids=lambda one: one.ref)
def test_what_no_extract_knows_is_told_to_nobody_before_the_day_of_the_death(lived, history):
    assert [one for one in lived.named(history) if one.on < history.death] == []


def test_twelve_of_fourteen_are_known_on_the_morning_after(lived):
    assert (len(HISTORIES), sum(in_time(one, lived) for one in HISTORIES), len(UNKNOWN)) == (14, 12, 2)


def test_the_failures_are_as_often_as_the_reviews_found_them():
    counts = Counter(failure for one in HISTORIES for failure in one.failures)
    assert [counts[failure] for failure in FAILURES] == [7, 5, 5, 5, 1, 3, 3, 1, 2]


def test_a_report_comes_with_the_extract_of_the_next_morning():
    assert {one.reported_on + timedelta(days=1) in one.nights for one in KNOWN} == {True}


def test_the_page_tells_what_was_measured(lived):
    assert page(lived) == PAGE.read_text("utf-8"), "make histories writes it again"
