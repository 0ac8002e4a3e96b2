"""An extract of a moment that has not come is refused until it has, or a round would find this clock behind it."""

import time
from datetime import timedelta

import pytest

from flows.clock import moment
from flows.configured import configured
from tasks.intake.load import load_folders
from tests.worlds.extracts import a_case, write

FILES = {"cases.csv": [a_case()]}


@pytest.fixture
def sent(database, tmp_path):
    """Load an extract taken so long after now; the result."""

    def load(ahead):
        folder = write(tmp_path / "night", FILES, extracted_at=(moment() + ahead).isoformat())
        return load_folders(configured(), [folder], moment())[0]

    return load


def test_an_extract_of_another_year_is_refused_and_no_round_is_stopped(sent, run_cli):
    refused = sent(timedelta(days=400))
    assert refused.fate == "refused"
    assert ", which has not come (it is " in refused.sentence
    assert refused.sentence.endswith("either clock is wrong. It can be loaded once that moment has come.")
    ran = run_cli("run")
    assert (ran.code, "The book has no case" in ran.err, ran.out.count("failed in part")) == (1, True, 1)


def test_it_is_loaded_once_its_moment_has_come(sent, database, tmp_path):
    refused = sent(timedelta(minutes=10, seconds=4))
    assert refused.fate == "refused"
    time.sleep(5)
    assert [result.fate for result in load_folders(configured(), [tmp_path / "night"], moment())] == ["loaded"]


def test_a_source_whose_clock_is_a_few_minutes_ahead_is_loaded(sent):
    assert sent(timedelta(minutes=9)).fate == "loaded"


def test_a_virtual_clock_lets_extracts_of_later_days_in(sent, monkeypatch):
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    assert sent(timedelta(days=400)).fate == "loaded"
