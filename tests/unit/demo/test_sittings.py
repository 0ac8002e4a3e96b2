"""The demo's people hold their sittings, and record outcomes in Casebeat."""

from collections import Counter
from datetime import date, timedelta

import pytest

from config.panels import Panels
from config.sittings import Enquiries, ReviewDecision
from config.strict_yaml import load
from models.queries.demo import CaseAtSitting, NotifiedStep
from models.rules.reviews.record_review import ReviewReport
from tasks.demo.book import answer_night, write_book
from tasks.demo.people import FALLING_BEHIND
from tasks.demo.reports import DemoCompletion, DemoReview
from tasks.demo.sittings import PANELS, hold

START = date(2026, 3, 23)
SITTING = "45-south-east-2026-03-23"


@pytest.fixture
def state(tmp_path):
    made, _ = write_book(tmp_path, START, seed=7, cases=300)
    return made


def willing(book):
    return [ref for ref, file in book.cases.items() if file.stalking and file.open and file.team not in FALLING_BEHIND]


def test_the_panels_are_read_as_operations_ones_are(tmp_path):
    (tmp_path / "panels.yaml").write_text(PANELS, encoding="utf-8")
    found = load(tmp_path / "panels.yaml", Panels)
    assert Counter(one.cps_area for one in found.of("45")) == {"South East": 1, "London South": 2}


def test_of_each_case_before_a_sitting_the_records_system_or_somebody_tells_or_nobody_does(state):
    book = state.book
    held = {ref: len(book.cases[ref].reviews) for ref in willing(book)}
    book.today = START + timedelta(days=1)
    hold(book, START, [CaseAtSitting(SITTING, ref, "P45-SPOC1") for ref in held])
    by_extract = {ref for ref, before in held.items() if len(book.cases[ref].reviews) > before}
    by_word = {word.case_ref for word in book.reports}
    assert by_extract
    assert by_word
    assert by_extract.isdisjoint(by_word)
    assert held.keys() - by_extract - by_word  # outcomes that everyone forgot
    assert {word.report.by for word in book.reports} == {"P45-SPOC1"}
    not_held = [word.report for word in book.reports if not word.report.held]
    assert {word.decisions for word in not_held} == {frozenset({ReviewDecision.NOT_REACHED})}
    assert {book.cases[word.case_ref].failed for word in book.reports if not word.report.held} == {True}


def said_within_a_week(state, told):
    said = []
    for number in range(8):
        answer_night(state, START + timedelta(days=number), told if number == 0 else ())
        said += state.book.reports
    return said


def test_who_is_asked_for_a_forgotten_outcome_says_it_to_casebeat(state):
    refs = willing(state.book)
    said = said_within_a_week(state, [NotifiedStep(ref, "outcome-unrecorded", f"sitting:{SITTING}", 2) for ref in refs])
    assert 0.3 * len(refs) < len(said) < 0.8 * len(refs)
    assert {word.sitting_ref for word in said} == {SITTING}
    one = said[0]
    assert one == DemoReview(
        SITTING, one.case_ref,
        ReviewReport(state.book.cases[one.case_ref].case.supervisor_ref, held=True, police=True, cps=True,
             decisions=frozenset({ReviewDecision.CONTINUE}), enquiries=Enquiries.NOT_LOOKED_AT),
    )  # fmt: skip


def test_that_an_action_of_a_review_is_done_is_said_to_casebeat_which_raised_it(state):
    refs = willing(state.book)
    said = said_within_a_week(state, [NotifiedStep(ref, "action", f"action:JR-{SITTING}-{ref}-1", 2) for ref in refs])
    assert all(
        isinstance(word, DemoCompletion) and word.action_ref == f"JR-{SITTING}-{word.case_ref}-1" for word in said
    )
    assert len({word.case_ref for word in said}) == len(said) > 0.3 * len(refs)
