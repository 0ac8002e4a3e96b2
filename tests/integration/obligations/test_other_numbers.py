"""Another policy or calendar: live obligations climb, stall and are hard by the new numbers."""

import pytest

from config.settings import HERE, settings
from tests.integration.one_case import OneCase
from tests.unit.days import day

SETTLED = "update contacts set changed = false"  # otherwise every round would read all that they own


@pytest.fixture
def other(monkeypatch, tmp_path):
    """Change the policy from now on: `other("stalls: true", "stalls: false", after="  action:")`."""

    def change(was, now, after):
        text = (HERE / "policy.yaml").read_text("utf-8")
        start = text.index(after)
        assert was in text[start:]
        (tmp_path / "policy.yaml").write_text(text[:start] + text[start:].replace(was, now, 1), "utf-8")
        monkeypatch.setenv("CASEBEAT_POLICY", str(tmp_path / "policy.yaml"))
        settings.cache_clear()

    return change


def test_a_bank_holiday_proclaimed_late_brings_the_last_working_day_of_a_hard_clock_forward(
    database, run_cli, monkeypatch, tmp_path
):
    book = OneCase(database, run_cli, suspect_status="bail", bail_ends_on="2026-03-17")
    book.say(SETTLED)
    book.rounds("Tue 10 Mar 2026", "Thu 12 Mar 2026")
    (tmp_path / "calendar.yaml").write_text("holidays: [2026-03-16]\n", "utf-8")
    monkeypatch.setenv("CASEBEAT_CALENDAR", str(tmp_path / "calendar.yaml"))
    settings.cache_clear()
    book.rounds("Fri 13 Mar 2026", "Mon 16 Mar 2026")
    assert book.steps("bail-end")[-1][:2] == (day("Fri 13 Mar 2026"), "last-day")


def test_a_rule_that_no_longer_stalls_stalls_no_case_and_one_that_does_again_does(
    database, run_cli, other, monkeypatch
):
    book = OneCase(database, run_cli)
    stalled = "select count(*) from obligations where rule = 'action' and ended_on is null and stalls"
    book.round("Thu 12 Mar 2026")
    assert book.ask(stalled) == [1]
    other("stalls: true", "stalls: false", after="  action:\n")
    book.round("Fri 13 Mar 2026")
    assert book.ask(stalled) == [0]
    monkeypatch.delenv("CASEBEAT_POLICY")
    settings.cache_clear()
    book.round("Mon 16 Mar 2026")
    assert book.ask(stalled) == [1]


def test_a_ladder_with_other_days_is_climbed_by_what_is_live_already(database, run_cli, other):
    book = OneCase(database, run_cli)
    book.say(SETTLED)
    book.rounds("Thu 12 Mar 2026", "Fri 13 Mar 2026")
    other("step: overdue, day: due + 1d", "step: overdue, day: due", after="  soft:\n")
    book.round("Sat 14 Mar 2026")
    book.round("Mon 16 Mar 2026")
    assert [step[:2] for step in book.steps()] == [
        (day("Thu 12 Mar 2026"), "reminder"),
        (day("Mon 16 Mar 2026"), "overdue"),
    ]
