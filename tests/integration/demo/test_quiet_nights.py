"""Thirty nights of the demo's force, whose people close, downgrade and reclassify cases: none is unlike its source."""

from datetime import timedelta

import pytest

from config.days.london import at_london
from flows.configured import configured
from flows.demo import START
from tasks.demo.book import answer_night, write_book
from tasks.intake.load import load_folders
from tasks.intake.results import Fate

pytestmark = pytest.mark.timeout(300)
CASES, NIGHTS = 250, 30


def test_no_extract_is_held(database, tmp_path, monkeypatch):
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    state, sent = write_book(tmp_path, START, 7, cases=CASES)
    results = []
    for day in (START + timedelta(days=number) for number in range(NIGHTS)):
        results += load_folders(configured(), sent[:1], at_london(day))  # the crime system, which sends the cases
        sent = answer_night(state, day, ())
    assert [result.sentence for result in results if result.fate is not Fate.LOADED] == []
    changed = [file for result in results for file in result.files if file.closed or file.emptied]
    assert changed, "cases are closed, and cells emptied, in these nights"
