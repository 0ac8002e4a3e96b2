"""The one rule for a case that is not open: finalised administratively, it is listed, climbed, explained and ended."""

import json

import pytest

from config.days.london import at_london
from config.settings import HERE
from flows.configured import configured
from tasks.obligations.projection import project
from tests.worlds.days import day
from tests.worlds.extracts import a_case, write
from tests.worlds.one_case import OneCase

CLOSED = {"finalised_on": "2026-03-10", "finalised_reason": "administrative"}
SETTLED = "update contacts set changed = false"


@pytest.fixture
def closed(database, run_cli):
    """A stalking case that is open until Tue 10 Mar 2026, when it is finalised administratively."""
    book = OneCase(database, run_cli)
    book.round("Mon 9 Mar 2026")
    book.say("update cases set finalised_on = '2026-03-10', finalised_reason = 'administrative'")
    book.changed()
    book.round("Tue 10 Mar 2026")
    return book


def listed(run_cli, on):
    ran = run_cli("obligations", "--json", "--as-of", day(on).isoformat())
    found = [json.loads(line) for line in ran.out.splitlines()]
    return [(one["rule"], one["due_on"], one["owed_by"], one["version"]) for one in found if one["case_ref"]]


def ended(book):
    return book.ask("select version, end_reason from obligations where rule = 'closed-silently' order by 1")


def test_finalising_ends_all_else_and_begins_what_a_silent_end_owes(closed, run_cli):
    assert set(closed.ask("select end_reason from obligations where rule <> 'closed-silently'")) == {"finalised"}
    assert listed(run_cli, "Tue 10 Mar 2026") == [("closed-silently", "2026-03-11", "both", 1)]


def test_it_climbs_like_any_other_and_is_told_to_both_sides(closed):
    closed.rounds("Wed 11 Mar 2026", "Fri 13 Mar 2026")
    assert [step[:2] for step in closed.steps("closed-silently")] == [
        (day("Tue 10 Mar 2026"), "reminder"),
        (day("Thu 12 Mar 2026"), "overdue"),
        (day("Fri 13 Mar 2026"), "critical"),
    ]
    who = closed.ask(
        """select distinct n.contact_ref from notifications n join obligations o on o.id = n.obligation_id
           where o.rule = 'closed-silently' and n.step_name = 'critical' order by 1"""
    )
    assert {"P1", "S1", "SP1", "CS1"} <= set(who)


def test_it_can_be_taken_on_and_is_explained(closed):
    assert closed.acknowledge("Thu 12 Mar 2026", "Fri 13 Mar 2026", what="closed-silently").code == 0
    told = closed.explain("Thu 12 Mar 2026").out
    assert "OWED (1)" in told
    assert (
        "case finalised administratively Tue 10 Mar 2026 + 1 working day = Wed 11 Mar 2026; no joint review since"
    ) in told
    assert "* Joint review by police and CPS: the case is finalised." in told
    closed.rounds("Wed 11 Mar 2026", "Fri 13 Mar 2026")
    assert [step[1:3] for step in closed.steps("closed-silently")][-1] == ("critical", "silent")


def test_a_joint_review_of_a_linked_case_ends_it_and_who_was_told_is_told(closed, run_cli):
    closed.rounds("Wed 11 Mar 2026", "Fri 13 Mar 2026")
    closed.say("update notifications set state = 'sent'")
    closed.case("45/9999", opened_on="2026-03-12", risk="standard")
    closed.say(
        """insert into case_keys (urn_root) values ('45ZZ0000001');
           update cases set urn_key_id = (select id from case_keys where urn_root = '45ZZ0000001')"""
    )
    closed.belongs(
        "reviews", "45/9999", review_ref="R1", kind="joint", held_on="2026-03-16", police_attended=True,
        cps_attended=True,
    )  # fmt: skip
    closed.round("Mon 16 Mar 2026")
    assert ended(closed) == [(1, "met")]
    assert (day("Mon 16 Mar 2026"), "resolved", "resolved") in closed.told("closed-silently")
    assert "closed-silently" not in {one[0] for one in listed(run_cli, "Mon 16 Mar 2026")}


@pytest.mark.parametrize(
    ("change", "end"),
    [
        ("finalised_on = null, finalised_reason = null", "out_of_scope"),
        ("finalised_reason = 'nfa_cps'", "out_of_scope"),
        ("classification = 'harassment'", "out_of_scope"),
    ],
)
def test_a_case_that_is_no_longer_one_it_is_for_leaves_it(closed, change, end):
    closed.say(f"update cases set {change}")
    closed.changed()
    closed.round("Wed 11 Mar 2026")
    assert ended(closed) == [(1, end)]


def test_the_account_counts_closed_cases_that_are_kept_and_open_ones_apart(database, run_cli):
    book = OneCase(database, run_cli, **CLOSED)
    book.case("45/9999")
    book.changed()
    made = project(configured(), "45", day("Tue 10 Mar 2026"), at_london(day("Tue 10 Mar 2026")))
    assert (made.to_project, made.open_cases) == (2, 1)
    assert (made.evaluated, made.unchanged, made.failed) == (2, 0, 0)
    assert made.balances
    again = project(configured(), "45", day("Tue 10 Mar 2026"), at_london(day("Tue 10 Mar 2026")), everything=True)
    assert (again.to_project, again.open_cases, again.evaluated, again.changes) == (2, 1, 2, 0)
    assert again.balances


def test_the_policy_may_turn_it_off_and_on_and_moves_its_day_on_a_case_long_closed(
    database, run_cli, monkeypatch, tmp_path
):
    book = OneCase(database, run_cli, **CLOSED)
    book.say(SETTLED)
    book.round("Tue 10 Mar 2026")
    shipped = (HERE / "policy.yaml").read_text("utf-8")
    for number, (on, change) in enumerate((
        ("Wed 11 Mar 2026", "enabled: false\n    within: 1wd"),
        ("Thu 12 Mar 2026", "within: 1wd"),
        ("Fri 13 Mar 2026", "within: 3wd"),
    )):  # fmt: skip
        at = shipped.index("  closed-silently:\n")
        file = tmp_path / f"policy{number}.yaml"
        file.write_text(shipped[:at] + shipped[at:].replace("within: 1wd", change, 1), "utf-8")
        monkeypatch.setenv("CASEBEAT_POLICY", str(file))
        book.round(on)
    assert ended(book) == [(1, "policy"), (2, "moved"), (3, None)]
    assert listed(run_cli, "Fri 13 Mar 2026") == [("closed-silently", "2026-03-13", "both", 3)]


def test_an_extract_that_finalises_a_case_and_one_that_reviews_it_later_are_both_seen(database, run_cli, tmp_path):
    case = a_case("C1")
    earlier = {"review_ref": "R0", "force_code": "45", "case_ref": "C1", "kind": "supervisor", "held_on": "2026-11-20",
               "police_attended": "", "cps_attended": ""}  # fmt: skip
    finalised = {**case, "finalised_on": "2026-11-24", "finalised_reason": "administrative"}
    for number, files in enumerate(
        (
            {"cases.csv": [case], "reviews.csv": [earlier]},
            {"cases.csv": [finalised], "reviews.csv": [earlier]},
        ),
        1,
    ):
        write(tmp_path / str(number), files, number=number)
        assert run_cli("intake", str(tmp_path / str(number))).code == 0
        run_cli("obligations", "--as-of", "2026-11-25")
    assert listed(run_cli, "Wed 25 Nov 2026") == [("closed-silently", "2026-11-25", "both", 1)]
    review = {"review_ref": "R1", "force_code": "45", "case_ref": "C1", "kind": "joint", "held_on": "2026-11-25",
              "police_attended": "yes", "cps_attended": "yes"}  # fmt: skip
    write(tmp_path / "3", {"reviews.csv": [review]}, number=3, mode="delta")
    assert run_cli("intake", str(tmp_path / "3")).code == 0
    assert listed(run_cli, "Wed 25 Nov 2026") == []
