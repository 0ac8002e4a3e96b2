"""A joint review that has a sitting: its reminder is a recorded silence, its outcome is awaited, and mails name it."""

import pytest

from config.settings import settings
from tests.integration.one_case import OneCase
from tests.unit.days import day

RULE = "joint-review"


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch, database, run_cli) -> OneCase:
    """Opened on Mon 2 Mar 2026, high risk: due on Mon 16 Mar 2026, the reminder on Mon 9 Mar 2026."""
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    settings.cache_clear()
    return OneCase(database, run_cli)


def sits(book: OneCase, on: str) -> None:
    book.say(
        """insert into sittings (ref, force_code, cps_area, day, starts_at, places, minutes_per_case, chair_ref, place)
           values ('45-south-east-' || :day, '45', 'South East', :day, cast(:day as date) + time '10:00', 12, 10, 'SP1',
                   'Room 2')""",
        day=day(on).isoformat(),
    )
    book.say(
        """insert into convenings (case_id, sitting_id, slot, due_on, deadline_on, because, convened_on)
           select c.id, s.id, 0, '2026-03-16', '2026-03-16', 'due', '2026-03-02' from cases c, sittings s"""
    )


def test_a_review_convened_in_time_needs_no_reminder_and_awaits_its_outcome(book):
    sits(book, "Fri 13 Mar 2026")
    book.rounds("Mon 2 Mar 2026", "Mon 16 Mar 2026")
    assert book.steps(RULE) == [(day("Mon 9 Mar 2026"), "reminder", "silent", "convened Fri 13 Mar 2026")]
    assert book.told(RULE) == []
    book.rounds("Tue 17 Mar 2026", "Wed 18 Mar 2026")
    assert [step[:3] for step in book.steps(RULE)[1:]] == [
        (day("Tue 17 Mar 2026"), "overdue", "taken"),
        (day("Wed 18 Mar 2026"), "critical", "taken"),
    ]


def test_a_review_convened_late_is_chased_until_its_sitting(book):
    sits(book, "Tue 17 Mar 2026")
    book.rounds("Mon 2 Mar 2026", "Wed 18 Mar 2026")
    assert [step[:3] for step in book.steps(RULE)] == [
        (day("Mon 9 Mar 2026"), "reminder", "taken"),
        (day("Tue 17 Mar 2026"), "overdue", "silent"),
        (day("Wed 18 Mar 2026"), "critical", "silent"),
    ]


def test_explain_tells_the_silence_and_what_comes_after_it(book):
    sits(book, "Fri 13 Mar 2026")
    book.rounds("Mon 2 Mar 2026", "Mon 9 Mar 2026")
    told = book.explain("Mon 9 Mar 2026").out
    assert "Mon 9 Mar 2026: reminder not said: convened Fri 13 Mar 2026" in told
    assert "Tue 17 Mar 2026: overdue notice, told to" in told
