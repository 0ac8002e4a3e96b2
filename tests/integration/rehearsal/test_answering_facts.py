"""Each rule's answer in a rehearsal is a fact that ends what the rule owes, by the rule itself."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from config.days.london import at_london
from flows.configured import configured
from flows.round_steps import joint_reviews
from models.queries.obligations.worklist import mark_changed
from models.queries.rehearsal.answering_facts import FACTS, write
from models.rules.obligations.rulebook import RULES
from tasks.intake.load import load_folders
from tasks.obligations.projection import project
from tasks.rehearsal.copied_book import copied, one_snapshot
from tests.worlds.extracts import a_case, a_contact, an_action
from tests.worlds.extracts import write as write_extract

DAY = date(2026, 11, 24)
DONE = dict.fromkeys(("risk_assessed_on", "victim_contacted_on", "victim_told_on", "spo_considered_on"), "2026-11-02")
POLICE = {
    "contacts.csv": [a_contact("P1")],
    "cases.csv": [
        a_case("NEW", risk="high", suspect_status="bail", status_changed_on="2026-11-03", pin_issued_on="2026-11-04"),
        a_case("OUT", risk="high", suspect_status="rui", status_changed_on="2026-11-03"),
        a_case("BREACH", **DONE),
        a_case("HARASSMENT", offence_codes="PH97004", relationship="ex_partner", suspect_status="rui"),
        a_case("CHARGED"),
        a_case("AUTHORISED"),
        a_case("NFA", finalised_on="2026-11-10", finalised_reason="nfa_police"),
        a_case("SOUGHT", suspect_status="wanted", status_changed_on="2026-11-03"),
        a_case("SILENT", finalised_on="2026-11-10", finalised_reason="administrative"),
    ],
    "incidents.csv": [
        {"incident_ref": f"I{at}", "force_code": "45", "case_ref": "BREACH", "occurred_on": f"2026-11-0{at}",
         "reported_on": f"2026-11-0{at}", "breach": "yes"} for at in (4, 6)
    ],
    "actions.csv": [an_action("A1", "NEW"), an_action("A2", "OUT", source="action_plan"), an_action("A:3", "NEW")],
    "reviews.csv": [
        {"review_ref": "RV1", "force_code": "45", "case_ref": "SILENT", "kind": "supervisor", "held_on": "2026-11-03",
         "police_attended": "yes", "cps_attended": "no"}
    ],
    "orders.csv": [
        {"order_ref": "O1", "force_code": "45", "case_ref": "OUT", "kind": "spo", "made_on": "2026-11-09",
         "served_on": "2026-11-10", "expires_on": "2026-12-20"},
        {"order_ref": "O2", "force_code": "45", "case_ref": "NEW", "kind": "spo", "made_on": "2026-11-09",
         "expires_on": "2028-11-09"},
    ],
}  # fmt: skip
CPS = {
    "cps_cases.csv": [
        {"force_code": "45", "case_ref": "CHARGED", "charged_on": "2026-11-09", "next_hearing_on": "2026-12-01"},
        {"force_code": "45", "case_ref": "AUTHORISED", "charge_authorised_on": "2026-11-09"},
        {"force_code": "45", "case_ref": "BREACH", "charged_on": "2026-11-09", "charged_codes": "PH97009"},
    ],
    "referrals.csv": [
        {"referral_ref": "R1", "force_code": "45", "case_ref": "NEW", "submitted_on": "2026-11-09",
         "checklist_missing": "C02;C14"}
    ],
    "pleas.csv": [
        {"plea_ref": "L1", "force_code": "45", "case_ref": "CHARGED", "offered_on": "2026-11-12",
         "charged_code": "PH97006", "plea_code": "PH97009"}
    ],
}  # fmt: skip
SITTING = """
with sat as (
    insert into sittings (ref, force_code, cps_area, day, starts_at, places, minutes_per_case, chair_ref, place)
    values ('S1', '45', 'South East', '2026-11-20', '2026-11-20 10:00+00', 9, 6, 'P1', 'here') returning id)
insert into convenings (case_id, sitting_id, slot, due_on, deadline_on, because, convened_on)
select c.id, sat.id, 0, '2026-11-20', '2026-11-20', 'due', '2026-11-10' from sat, cases c where c.case_ref = 'NEW'"""
OWED = "select id, case_id, subject from obligations where rule = :rule and ended_on is null order by id"
BECAME = """select count(*) as owed, count(*) filter (where end_reason = 'met') as met from obligations
            where id = any(:ids)"""


@pytest.fixture
def book(database, tmp_path: Path):
    """A few cases that owe something under every rule that is answered in a rehearsal, and nothing of no progress."""
    folders = [
        write_extract(tmp_path / "police", POLICE),
        write_extract(tmp_path / "cps", CPS, number=2, source="cms-se", agency="cps"),
    ]
    for loaded in load_folders(configured(), folders, at_london(DAY)):
        assert (loaded.sentence, loaded.rejected) == ("", 0)
    with database.begin() as connection:
        connection.execute(text(SITTING))
    project(configured(), "45", DAY, at_london(DAY))
    return database


def test_the_fact_that_answers_a_rule_ends_what_it_owes_as_met(book):
    found = {}
    with one_snapshot() as whole, copied(whole.id) as connection:
        for rule in FACTS:
            with connection.begin_nested() as tried:
                found[rule] = _answered(connection, rule)
                tried.rollback()
    assert {rule: result for rule, result in found.items() if result.owed == 0 or result.met < result.owed} == {}


def _answered(connection, rule):
    owed = connection.execute(text(OWED), {"rule": rule}).all()
    write(connection, rule, [(one.case_id, one.subject.partition(":")[2]) for one in owed], DAY)
    mark_changed(connection, [one.case_id for one in owed])
    tomorrow = DAY + timedelta(days=1)
    joint_reviews(configured(), "45", tomorrow, at_london(tomorrow))
    return connection.execute(text(BECAME), {"ids": [one.id for one in owed]}).one()


def test_what_no_one_fact_answers_is_known_by_name():
    assert set(RULES) - set(FACTS) == {
        "no-progress",  # whatever else is answered is progress
        "summary-time-limit", "bail-end", "custody-limit",  # a charge, a release or another day: nobody knows which
        "time-limit-unknown", "bail-end-unknown", "custody-limit-unknown",  # a day that nobody knows
        "feed-stale", "column-missing", "prosecutor-training", "spoc-role", "spoc-vacancy",  # of no case
    }  # fmt: skip
