"""People and panels: SPOCs, leads, deputies, mail domains, and the panels that name them."""

from datetime import timedelta

import pytest

from config.days.london import london_day
from flows.clock import moment
from tests.worlds.one_case import away, contact
from tests.worlds.panels import TUESDAYS, PanelWorld


@pytest.fixture
def world(at, database, run_cli, monkeypatch) -> PanelWorld:
    folder = at.folder / "panels"
    folder.mkdir()
    made = PanelWorld(database, run_cli, folder, monkeypatch)
    monkeypatch.delenv("CASEBEAT_CLOCK")
    made.panels(TUESDAYS)
    return made


def test_a_place_with_cases_and_no_spoc_is_found(at, book):
    at.is_well("spocs")
    book.say("update contacts set roles = '{officer}' where contact_ref = 'SP1'")
    at.finds("spocs", "warn", "No SPOC is recorded for Surrey (45)", "contacts.csv at its source")
    contact(book, "SP2", "spoc")
    at.is_well("spocs")


def test_restricted_cases_that_nobody_may_read_are_found(at, book):
    at.is_well("restricted")
    book.say("update cases set restricted = true")
    at.finds("restricted", "warn", "no SPOC or lead may read: Surrey (45): 1.", "contacts.csv at its source")
    book.say("update contacts set restricted_access = true where contact_ref = 'SP1'")
    at.is_well("restricted")


def test_an_expected_force_without_a_lead_is_found(at, book):
    at.is_well("leads")
    book.say("update contacts set active_to = '2026-03-31' where contact_ref = 'L1'")
    at.finds("leads", "warn", "No lead is recorded for force 45")
    contact(book, "L2", "lead")
    at.is_well("leads")


def test_an_absent_spoc_without_a_deputy_is_found(at, book):
    today = london_day(moment())
    at.is_well("deputies")
    away(book, "SP1", today - timedelta(days=2), today + timedelta(days=2))
    at.finds("deputies", "warn", "Away today, without a deputy who is there: SP1.")
    contact(book, "SP2", "officer")
    book.say("update contacts set deputy_ref = 'SP2' where contact_ref = 'SP1'")
    at.is_well("deputies")


def test_contacts_whom_no_mail_may_reach_are_found(at, book):
    at.is_well("mail-domains")
    book.say("update contacts set email = 'robin@surrey.example' where contact_ref in ('P1', 'S1')")
    at.finds("mail-domains", "warn", "no allowed domain is theirs: 2 (surrey.example)")
    at.set(MAIL__ALLOWED_DOMAINS="police.uk,surrey.example")
    at.is_well("mail-domains")


def test_a_custody_limit_of_a_case_that_police_do_not_send_is_found_with_its_urn(at, book):
    at.is_well("waiting")
    ends = london_day(moment()) + timedelta(days=3)
    book.say("insert into case_keys (id, urn_root) values (900, '45AB0000126')")
    book.say(f"""insert into cps_cases (key_id, source_id, in_custody, ctl_expires_on)
                 select 900, id, true, '{ends}' from sources limit 1""")
    at.finds("waiting", "warn", "that no police source has sent: 45AB0000126 (", "Nobody else is told")


def test_a_pair_without_a_panel_is_found(at, world):
    at.is_well("panels")
    world.panels()
    at.finds("panels", "warn", "No panel reviews the cases of Surrey (45) and CPS South East", "add one to")
    world.panels(TUESDAYS)
    at.is_well("panels")


def test_a_panel_that_names_somebody_unknown_is_found(at, world):
    at.is_well("panel-people")
    world.panels({**TUESDAYS, "chair": "SP9"})
    at.finds("panel-people", "warn", "names SP9, no active contact", "correct the reference")
    world.panels({**TUESDAYS, "spocs": {"police": "P1"}})
    at.finds("panel-people", "warn", "names P1 for Surrey (45) and CPS South East, no SPOC of that agency there")
    world.panels(TUESDAYS)
    at.is_well("panel-people")


def test_a_panel_with_too_few_places_is_found(at, world):
    at.is_well("places")
    world.several(9, risk="high")
    world.round("Tue 17 Mar 2026")
    at.finds(
        "places", "warn", "Joint reviews of Surrey (45) and CPS South East without a place in time: ", "more often"
    )
    world.panels({**TUESDAYS, "cases": 12})
    world.round("Wed 18 Mar 2026")
    at.is_well("places")
