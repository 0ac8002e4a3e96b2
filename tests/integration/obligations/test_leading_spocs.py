"""Whom a step reaches where one SPOC leads, and who is told it later: a new leader, a deputy, a lead who joins."""

import json
from typing import Any

import pytest

from models.queries.people import contacts
from tests.worlds.days import day
from tests.worlds.one_case import CASE, OneCase, away, contact
from tests.worlds.panels import TUESDAYS, PanelWorld

CRITICAL = "Thu 19 Mar 2026"  # the action is critically overdue


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch, database, run_cli, tmp_path) -> PanelWorld:
    made = PanelWorld(database, run_cli, tmp_path, monkeypatch)
    panel(made)
    contact(made, "SP2", "spoc")
    contact(made, "SP3", "spoc")
    made.say("update contacts set changed = false")
    return made


def panel(book: PanelWorld, **spocs: str) -> None:
    """A panel that does not sit before June, so that its cases have no sitting."""
    named: dict[str, Any] = {"spocs": spocs} if spocs else {}
    book.panels(TUESDAYS | {"from": "2026-06-02"} | named)


def lead(book: OneCase, ref: str | None) -> None:
    book.say("update cases set spoc_ref = :ref", ref=ref)
    book.changed()


def told(book: OneCase, happening: str = "step", step: str = "critical", rule: str = "action") -> dict[str, str]:
    found = book.ask(
        f"""select coalesce(n.contact_ref, 'operations'), n.note from notifications n
            join obligations o on o.id = n.obligation_id
            where o.rule = '{rule}' and n.step_name = '{step}' and n.happening = '{happening}'"""
    )
    return dict(found)


def test_the_spoc_whom_the_cases_row_names_is_told_and_no_other(book):
    lead(book, "SP2")
    book.rounds("Mon 16 Mar 2026", CRITICAL)
    assert told(book) == {"P1": "", "S1": "", "SP2": ""}


def test_where_nobody_is_named_all_are_told_and_read_it(book):
    book.rounds("Mon 16 Mar 2026", CRITICAL)
    why = "no police SPOC is named to lead"
    assert told(book) == {"P1": "", "S1": "", "SP1": why, "SP2": why, "SP3": why}


def test_at_the_last_step_every_spoc_is_told_of_both_agencies(book):
    lead(book, "SP2")
    book.rounds("Mon 16 Mar 2026", "Thu 26 Mar 2026")
    assert told(book, step="unresolved") == dict.fromkeys(("P1", "S1", "SP1", "SP2", "SP3", "L1", "CS1"), "")


def test_another_leader_in_the_row_is_told_the_present_step_once(book):
    lead(book, "SP2")
    book.rounds("Mon 16 Mar 2026", CRITICAL)
    lead(book, "SP3")
    book.rounds("Fri 20 Mar 2026", "Mon 23 Mar 2026")
    lead(book, "SP2")
    book.rounds("Tue 24 Mar 2026", "Wed 25 Mar 2026")
    assert told(book, "handed_over") == {"SP3": ""}


def test_before_a_spoc_was_told_another_leader_is_told_nothing(book):
    lead(book, "SP2")
    book.rounds("Mon 16 Mar 2026", "Tue 17 Mar 2026")
    lead(book, "SP3")
    book.round("Wed 18 Mar 2026")
    assert told(book, "handed_over", "overdue") == {}


def test_another_leader_in_the_panels_file_is_told_the_present_step_once(book):
    panel(book, police="SP2")
    book.rounds("Mon 16 Mar 2026", CRITICAL)
    assert told(book) == {"P1": "", "S1": "", "SP2": ""}
    panel(book, police="SP3", cps="CS1")
    book.rounds("Fri 20 Mar 2026", "Tue 24 Mar 2026")
    assert told(book, "handed_over") == {"SP3": ""}


def test_where_a_panel_no_longer_names_anybody_the_others_are_told_once(book):
    panel(book, police="SP2")
    book.rounds("Mon 16 Mar 2026", CRITICAL)
    panel(book)
    book.rounds("Fri 20 Mar 2026", "Mon 23 Mar 2026")
    why = "no police SPOC is named to lead"
    assert told(book, "handed_over") == {"SP1": why, "SP3": why}


def test_a_leader_who_goes_on_leave_is_stood_in_for_and_hears_nothing_twice(book):
    lead(book, "SP2")
    book.say("update contacts set deputy_ref = 'SP3' where contact_ref = 'SP2'")
    book.rounds("Mon 16 Mar 2026", CRITICAL)
    away(book, "SP2", "2026-03-20", "2026-03-23")
    book.rounds("Fri 20 Mar 2026", "Wed 25 Mar 2026")
    assert told(book, "handed_over") == {"SP3": "standing in for the police SPOC"}


def test_a_spoc_who_was_away_and_heard_of_its_end_alone_is_told_the_present_step_when_it_is_owed_again(book):
    lead(book, "SP2")
    book.say("update contacts set deputy_ref = 'SP3' where contact_ref = 'SP2'")
    book.rounds("Mon 16 Mar 2026", CRITICAL)
    away(book, "SP2", "2026-03-20", "2026-03-26")
    book.rounds("Fri 20 Mar 2026", "Thu 26 Mar 2026")
    book.say("update notifications set state = 'sent'")
    book.say("update actions set status = 'done', closed_on = '2026-03-26'")
    book.changed()
    book.round("Fri 27 Mar 2026")
    assert set(told(book, "resolved", "resolved")) >= {"SP2", "SP3"}
    book.say("update actions set status = 'pending', closed_on = null")
    book.changed()
    book.round("Mon 30 Mar 2026")
    assert told(book, "handed_over", "unresolved") == {"SP2": ""}


def test_a_lead_who_joins_is_told_of_what_stays_unresolved(book):
    book.rounds("Mon 16 Mar 2026", "Thu 26 Mar 2026")
    contact(book, "L2", "lead")
    book.rounds("Fri 27 Mar 2026", "Mon 30 Mar 2026")
    assert told(book, "handed_over", "unresolved") == {"L2": ""}


def test_the_leave_of_one_person_looks_at_what_reaches_people_through_them(book):
    lead(book, "SP2")
    book.case("45/9999", oic_ref="S1", supervisor_ref="P1", spoc_ref="SP3")
    book.belongs("actions", "45/9999", action_ref="A9", kind="CCTV", source="investigation", owner_agency="police",
                 status="pending", raised_on="2026-03-02", due_on="2026-03-16")  # fmt: skip
    book.rounds("Mon 16 Mar 2026", CRITICAL)
    away(book, "SP3", "2026-03-20", "2026-03-23")
    with book.engine.begin() as connection:
        keys = contacts.changed(connection, day("Thu 19 Mar 2026"), day("Fri 20 Mar 2026"))
        contacts.look_again(connection, "45", keys, day("Fri 20 Mar 2026"))
    assert set(keys) == {"SP3"}
    looked_at = book.ask(
        """select distinct c.case_ref from obligations o join cases c on c.id = o.case_id
           where o.next_step_on = '2026-03-20' and o.rule = 'action'"""
    )
    assert looked_at == ["45/9999"]


def test_a_supervisors_review_is_asked_of_the_supervisor_and_overdue_of_nobody_else(book):
    book.rounds("Fri 6 Mar 2026", "Tue 10 Mar 2026")
    assert told(book, step="reminder", rule="supervisor-review") == {"S1": ""}
    assert told(book, step="overdue", rule="supervisor-review") == {"S1": ""}


def test_explain_and_checklist_say_who_leads_and_where_they_are_named(book):
    panel(book, police="SP1", cps="CS1")
    lead(book, "SP2")
    book.round("Mon 16 Mar 2026")
    said = "Leading SPOCs: police SP2 (named for this case); CPS CS1 (named by the panel)."
    assert said in book.explain("Mon 16 Mar 2026").out
    assert said in book.cli("checklist", CASE, "--as-of", "2026-03-16").out
    told_as = json.loads(book.explain("Mon 16 Mar 2026", "--json").out)["leads"]
    assert told_as[1] == {"agency": "cps", "contact_ref": "CS1", "named": "panel", "away": False}


def test_whoever_cannot_lead_leads_on_nothing_and_explain_says_that_nobody_is_named(book):
    lead(book, "P1")
    book.round("Mon 16 Mar 2026")
    assert "Leading SPOCs: police nobody is named; CPS nobody is named." in book.explain("Mon 16 Mar 2026").out
