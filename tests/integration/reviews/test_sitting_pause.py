"""A joint review with a sitting: its reminder is a recorded silence, its outcome is awaited, and mails name it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from config.policy import SHIPPED
from tests.worlds.days import day
from tests.worlds.one_case import OneCase

RULE = "joint-review"


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch, database, run_cli, tmp_path: Path) -> OneCase:
    """Opened on Mon 2 Mar 2026, high risk: due on Mon 16 Mar 2026, the reminder on Mon 9 Mar 2026."""
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    monkeypatch.setenv("CASEBEAT_PANELS", str(tmp_path / "panels.yaml"))
    return OneCase(database, run_cli)


@pytest.fixture
def sits(tmp_path: Path) -> Callable[[str], None]:
    """A panel that sits on one day alone."""

    def on(written: str) -> None:
        (tmp_path / "panels.yaml").write_text(
            f"""panels: [{{force_code: "45", cps_area: South East, from: {day(written)}, rrule: "FREQ=DAILY;COUNT=1",
                 starts: "10:00", cases: 12, minutes_per_case: 10, chair: SP1, place: Room 2}}]"""
        )

    return on


def test_a_review_convened_in_time_needs_no_reminder_and_awaits_its_outcome(book, sits):
    sits("Fri 13 Mar 2026")
    book.rounds("Mon 2 Mar 2026", "Mon 16 Mar 2026")
    assert book.steps(RULE) == [(day("Mon 9 Mar 2026"), "reminder", "silent", "convened Fri 13 Mar 2026")]
    assert book.told(RULE) == []
    book.rounds("Tue 17 Mar 2026", "Wed 18 Mar 2026")
    assert [step[:3] for step in book.steps(RULE)[1:]] == [
        (day("Tue 17 Mar 2026"), "overdue", "taken"),
        (day("Wed 18 Mar 2026"), "critical", "taken"),
    ]


def test_a_review_convened_late_is_chased_until_its_sitting(book, sits):
    sits("Tue 17 Mar 2026")
    book.rounds("Mon 2 Mar 2026", "Wed 18 Mar 2026")
    assert [step[:3] for step in book.steps(RULE)] == [
        (day("Mon 9 Mar 2026"), "reminder", "taken"),
        (day("Tue 17 Mar 2026"), "overdue", "silent"),
        (day("Wed 18 Mar 2026"), "critical", "silent"),
    ]


def test_explain_tells_the_silence_and_what_comes_after_it(book, sits):
    sits("Fri 13 Mar 2026")
    book.rounds("Mon 2 Mar 2026", "Mon 9 Mar 2026")
    told = book.explain("Mon 9 Mar 2026").out
    assert "Mon 9 Mar 2026: reminder not said: listed for Fri 13 Mar 2026" in told
    assert "Listed:    Fri 13 Mar 2026 at 10:00 GMT (45-south-east-2026-03-13)." in told
    assert "Tue 17 Mar 2026: overdue notice, told to" in told


def test_the_outcome_is_awaited_for_as_long_as_the_policy_gives_it(book, sits, monkeypatch, tmp_path):
    own = 'overrides: {"45": {outcome-unrecorded: {within: 3wd}}}'
    others = tmp_path / "policy.yaml"
    others.write_text(SHIPPED.read_text("utf-8").replace("overrides: {}", own), "utf-8")
    monkeypatch.setenv("CASEBEAT_POLICY", str(others))
    sits("Fri 13 Mar 2026")
    book.rounds("Mon 2 Mar 2026", "Wed 18 Mar 2026")
    assert {step[2] for step in book.steps(RULE)} == {"silent"}
    book.round("Thu 19 Mar 2026")
    assert [step[1:3] for step in book.steps(RULE)][-1] == ("critical", "taken")
