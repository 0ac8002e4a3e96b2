"""Another policy or calendar: live obligations climb, stall and are hard by the new numbers."""

import pytest

from config.settings import HERE
from models.queries.obligations import organisation_facts
from models.queries.people import cover_gaps
from models.queries.reviews import capacity
from tests.worlds.days import day
from tests.worlds.one_case import OneCase
from tests.worlds.review_rows import ReviewRows

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

    return change


def test_a_bank_holiday_proclaimed_late_brings_the_last_working_day_of_a_hard_clock_forward(
    database, run_cli, monkeypatch, tmp_path
):
    book = OneCase(database, run_cli, suspect_status="bail", bail_ends_on="2026-03-17")
    book.say(SETTLED)
    book.rounds("Tue 10 Mar 2026", "Thu 12 Mar 2026")
    (tmp_path / "calendar.yaml").write_text("holidays: [2026-03-16]\n", "utf-8")
    monkeypatch.setenv("CASEBEAT_CALENDAR", str(tmp_path / "calendar.yaml"))
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


REMINDER = "    - {step: reminder, day: remind, to: [owner], manner: digest, duty: chase}\n"
NUDGE = "    - {step: nudge, day: remind + 1d, to: [owner], manner: digest, duty: chase}\n"


@pytest.mark.parametrize("now", ["", f"{NUDGE}{REMINDER}{NUDGE.replace('nudge', 'again')}"], ids=["fewer", "more"])
def test_on_a_ladder_with_other_steps_each_keeps_its_name_and_none_is_said_twice_or_left_out(
    database, run_cli, other, now
):
    book = OneCase(database, run_cli)
    book.say(SETTLED)
    book.rounds("Thu 12 Mar 2026", "Tue 17 Mar 2026")
    other(REMINDER, now, after="  soft:\n")
    book.rounds("Wed 18 Mar 2026", "Thu 19 Mar 2026")
    assert [step[:2] for step in book.steps()] == [
        (day("Thu 12 Mar 2026"), "reminder"),
        (day("Tue 17 Mar 2026"), "overdue"),
        (day("Thu 19 Mar 2026"), "critical"),
    ]
    assert book.ask("select last_step from obligations where rule = 'action'") == [5 if now else 2]


JOINT = """select c.case_ref from obligations o join cases c on c.id = o.case_id
    where o.rule = 'joint-review' and o.ended_on is null"""


def test_a_force_that_adds_harassment_to_its_scope_reviews_those_cases_too(database, run_cli, other, monkeypatch):
    book = OneCase(database, run_cli, classification="harassment")
    book.round("Thu 12 Mar 2026")
    assert book.ask(JOINT) == []
    other("overrides: {}", 'overrides: {"45": {scope: [stalking, harassment]}}', after="\noverrides")
    book.round("Fri 13 Mar 2026")
    assert book.ask(JOINT) == ["45/1234"]
    monkeypatch.delenv("CASEBEAT_POLICY")
    book.round("Mon 16 Mar 2026")
    assert book.ask("select ended_on, end_reason from obligations where rule = 'joint-review'") == [
        (day("Mon 16 Mar 2026"), "out_of_scope")
    ]


def test_of_linked_cases_the_principal_is_the_first_in_scope(database, run_cli, other):
    book = OneCase(database, run_cli, classification="harassment")
    book.case("45/LATER", opened_on="2026-03-05")
    book.say("insert into case_keys (urn_root) values ('45ZZ0000126')")
    book.say("update cases set urn_key_id = (select id from case_keys where urn_root = '45ZZ0000126')")
    book.round("Thu 12 Mar 2026")
    assert book.ask(JOINT) == ["45/LATER"]
    other("overrides: {}", 'overrides: {"45": {scope: [stalking, harassment]}}', after="\noverrides")
    book.round("Fri 13 Mar 2026")
    assert book.ask(JOINT) == ["45/1234"]


def test_places_with_cases_in_scope_alone_need_a_panel_and_a_spoc(database, run_cli):
    book = OneCase(database, run_cli, classification="harassment")
    book.say("delete from contacts where 'spoc' = any(roles)")
    today = day("Thu 12 Mar 2026")
    with book.engine.begin() as connection:
        for harassment_in, places in (((), set()), (("43",), set()), (("45",), {"45", "South East"})):
            posts = organisation_facts.posts(connection, today, harassment_in)
            assert {one.place: one.earliest_opened_on for one in posts} == dict.fromkeys(places, day("Mon 2 Mar 2026"))
            assert {one.place for one in cover_gaps.vacant(connection, today, harassment_in)} == places
            assert {place for pair in capacity.in_scope(connection, harassment_in) for place in pair} == places


def test_places_are_found_in_whatever_order_their_cases_are_stored(connection):
    rows = ReviewRows(connection)
    pairs = [("47", "Mersey"), ("45", "South East"), ("45", "London North"), ("46", "Wales")]
    for number, (force, area) in enumerate(pairs):
        rows.case_of(f"C{number}", force, area)
    assert list(map(tuple, capacity.in_scope(connection, []))) == sorted(pairs)
