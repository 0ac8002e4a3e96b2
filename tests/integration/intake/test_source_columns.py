"""Which columns each source sends: what a file does not have says nothing, and keeps what was said."""

from datetime import timedelta

import pytest

from config.terms import Agency, OwedBy
from models.queries.driver import mapping
from models.queries.intake import source_columns, sources
from models.rules.sight import SentColumn
from tasks.intake.options import Allowed
from tests.worlds.extracts import AS_OF, TAKEN, a_case, a_contact, an_action
from tests.worlds.intake import Intake

DAY = "2026-11-24"
STATE = "select state, since::text from source_columns where file = '{}' and name = '{}'"
EVERYTHING = {
    "risk": "high", "risk_assessed_on": DAY, "restricted": "yes", "barred_refs": "P9", "bail_ends_on": "2026-12-24",
    "last_act_on": DAY, "urn": "45AB0012326/1", "classification": "harassment", "suspect_status": "bail",
    "victim_contact_days": "7",
}  # fmt: skip
STORED = """select risk, risk_assessed_on::text, restricted, barred_refs, bail_ends_on::text, last_act_on::text,
                   urn_suffix, urn_key_id is not null, classification, suspect_status, victim_contact_days from cases"""
ALL_OF_IT = ("high", DAY, True, ["P9"], "2026-12-24", DAY, "/1", True, "harassment", "bail", 7)


@pytest.fixture
def intake(database, tmp_path) -> Intake:
    return Intake(database, tmp_path)


def an_order(**said):
    return {"order_ref": "O1", "force_code": "45", "case_ref": "C1", "kind": "spo", **said}


def loaded(result):
    assert result.sentence == ""
    return result


def test_the_columns_of_every_file_are_known_from_the_first_extract_on(intake):
    loaded(intake.sends({"cases.csv": [a_case()]}, lacking={"cases.csv": ["risk"]}))
    assert intake.rows(STATE.format("cases.csv", "opened_on")) == [("sent", "2026-11-25")]
    assert intake.rows(STATE.format("cases.csv", "risk_assessed_on")) == [("sent", "2026-11-25")]
    assert intake.rows(STATE.format("cases.csv", "risk")) == [("lacking", "2026-11-25")]
    assert intake.rows(STATE.format("orders.csv", "made_on")) == [("lacking", "2026-11-25")]


def test_a_file_that_comes_later_and_a_column_that_a_delta_brings_count_from_then(intake):
    before = (TAKEN - timedelta(days=3)).isoformat()
    lacking = {"cases.csv": ["risk", "relationship"]}
    loaded(intake.sends({"cases.csv": [a_case()]}, lacking=lacking, extracted_at=before))
    delta = {"cases.csv": [a_case()], "actions.csv": [an_action()]}
    loaded(intake.sends(delta, mode="delta", lacking={"cases.csv": ["relationship"]}))
    assert intake.rows(STATE.format("cases.csv", "risk")) == [("sent", "2026-11-25")]
    assert intake.rows(STATE.format("actions.csv", "due_on")) == [("sent", "2026-11-25")]
    assert intake.rows(STATE.format("cases.csv", "relationship")) == [("lacking", "2026-11-22")]


def test_a_cell_that_a_delta_has_no_column_for_keeps_its_value(intake):
    loaded(intake.sends({"cases.csv": [a_case(**EVERYTHING)]}))
    intake.settle()
    result = loaded(intake.sends({"cases.csv": [a_case(), a_case("C2")]}, mode="delta",
                                 lacking={"cases.csv": list(EVERYTHING)}))  # fmt: skip
    assert (result.files[0].changed, result.files[0].added) == (0, 1)
    assert intake.rows(f"{STORED} where case_ref = 'C1'") == [ALL_OF_IT]
    assert intake.rows(f"{STORED} where case_ref = 'C2'")[0][:4] == ("unknown", None, False, [])
    assert intake.changed == ["C2"]
    loaded(intake.sends({"cases.csv": [a_case(oic_ref="P2")]}, mode="delta", lacking={"cases.csv": list(EVERYTHING)}))
    assert intake.rows(f"{STORED} where case_ref = 'C1'") == [ALL_OF_IT]
    assert intake.rows("select oic_ref from cases where case_ref = 'C1'") == ["P2"]


def test_a_cell_that_a_delta_has_empty_loses_its_value(intake):
    loaded(intake.sends({"cases.csv": [a_case(**EVERYTHING)]}))
    loaded(intake.sends({"cases.csv": [a_case()]}, mode="delta"))
    assert intake.rows(STORED)[0][:4] == ("unknown", None, False, [])


@pytest.mark.parametrize(("lacking", "follows"), [([], "stalking"), (["classification"], "harassment")])
def test_what_follows_from_the_offence_codes_follows_again_unless_the_source_says_it_itself(intake, lacking, follows):
    kind = {} if lacking else {"classification": "stalking"}
    loaded(intake.sends({"cases.csv": [a_case(**kind)]}, lacking={"cases.csv": lacking}))
    other = a_case(offence_codes="PH97004")
    loaded(intake.sends({"cases.csv": [other]}, mode="delta", lacking={"cases.csv": ["classification"]}))
    assert intake.rows("select classification from cases") == [follows]


def test_a_delta_without_the_columns_of_a_report_keeps_what_its_source_said(intake):
    loaded(intake.sends({"cases.csv": [a_case()], "actions.csv": [an_action(due_on="2026-12-01")]}))
    loaded(intake.sends({"actions.csv": [an_action(owner_agency="cps")]}, mode="delta",
                        lacking={"actions.csv": ["due_on"]}))  # fmt: skip
    assert intake.rows("select due_on::text, owner_agency from actions") == [("2026-12-01", "cps")]


def test_a_snapshot_that_has_lost_columns_is_refused_in_one_sentence_and_changes_nothing(intake):
    loaded(intake.sends({"cases.csv": [a_case(**EVERYTHING)], "contacts.csv": [a_contact()]}))
    lost = {"cases.csv": ["risk_assessed_on", "risk"], "contacts.csv": ["deputy_ref"]}
    result = intake.sends({"cases.csv": [a_case()], "contacts.csv": [a_contact()]}, lacking=lost)
    assert result.sentence == (
        "cases.csv has no column risk, risk_assessed_on; contacts.csv has no column deputy_ref, which source niche-45 "
        "sent before; --allow-fewer-columns loads it all the same, and what these columns told is then unknown."
    )
    assert intake.rows(STORED) == [ALL_OF_IT]
    assert intake.rows(STATE.format("cases.csv", "risk")) == [("sent", "2026-11-25")]


def test_a_column_that_was_never_sent_is_not_lost(intake):
    for _ in range(2):
        loaded(intake.sends({"cases.csv": [a_case()]}, lacking={"cases.csv": ["risk"]}))


def test_where_it_is_allowed_hard_days_orders_and_barriers_stay_and_the_rest_is_unknown(intake):
    order = {"made_on": DAY, "served_on": DAY, "expires_on": "2027-11-24", "renewal_decided_on": DAY}
    loaded(intake.sends({"cases.csv": [a_case(**EVERYTHING)], "orders.csv": [an_order(**order)]}))
    lost = {"cases.csv": [name for name in EVERYTHING if name != "urn"], "orders.csv": list(order)}
    for _ in range(2):
        loaded(intake.sends({"cases.csv": [a_case()], "orders.csv": [an_order()]}, lacking=lost,
                            allowed=Allowed(fewer_columns=True)))  # fmt: skip
        assert intake.rows(STORED)[0][:6] == ("unknown", None, True, ["P9"], "2026-12-24", DAY)
        days = "made_on::text, served_on::text, expires_on::text, renewal_decided_on::text"
        assert intake.rows(f"select {days} from orders") == [(DAY, DAY, "2027-11-24", DAY)]
    assert intake.rows(STATE.format("cases.csv", "risk_assessed_on")) == [("lacking", "2026-11-25")]


def test_a_status_that_a_source_tells_for_the_first_time_is_no_change(intake):
    before = (TAKEN - timedelta(days=3)).isoformat()
    lacking = {"cases.csv": ["suspect_status"]}
    loaded(intake.sends({"cases.csv": [a_case()]}, lacking=lacking, extracted_at=before))
    loaded(intake.sends({"cases.csv": [a_case(suspect_status="bail")]}))
    assert intake.rows("select status_on::text, status_seen_on from cases") == [("2026-11-25", None)]


def test_what_rules_see_more_or_less_of_marks_the_cases_of_the_sources_forces(intake):
    lacking = {"cases.csv": ["bail_ends_on"]}
    loaded(intake.sends({"cases.csv": [a_case()]}, lacking=lacking))
    intake.settle()
    loaded(intake.sends({"cases.csv": [a_case()]}, lacking=lacking))
    assert intake.changed == []
    loaded(intake.sends({"cases.csv": [a_case()]}))
    assert intake.changed == ["C1"]
    intake.settle()
    loaded(intake.sends({"cases.csv": [a_case()]}, lacking=lacking, allowed=Allowed(fewer_columns=True)))
    assert intake.changed == ["C1"]


def test_a_column_that_no_rule_looks_at_marks_no_case(intake):
    loaded(intake.sends({"cases.csv": [a_case()]}, lacking={"cases.csv": ["spoc_ref"]}))
    intake.settle()
    loaded(intake.sends({"cases.csv": [a_case()]}))
    assert intake.changed == []


def test_a_source_that_covers_another_force_marks_its_cases(intake):
    loaded(intake.sends({"cases.csv": [a_case()]}))
    cps = {"source": "cms-se", "agency": "cps", "mode": "delta"}
    loaded(intake.sends({}, **{**cps, "covers": ["01"]}))
    intake.settle()
    loaded(intake.sends({}, **{**cps, "covers": ["01", "45"]}))
    assert intake.changed == ["C1"]


def test_the_command_allows_fewer_columns(run_cli, intake):
    loaded(intake.sends({"cases.csv": [a_case()]}))
    refused = intake.sends({"cases.csv": [a_case()]}, lacking={"cases.csv": ["risk"]})
    assert "cases.csv has no column risk" in refused.sentence
    assert run_cli("intake", str(intake.path / "x2")).code == 2
    assert run_cli("intake", "--allow-fewer-columns", str(intake.path / "x2")).code == 0


def test_what_the_sources_let_rules_see_of_a_forces_cases(intake):
    loaded(intake.sends({"cases.csv": [a_case()]}, lacking={"cases.csv": ["risk_assessed_on"]}))
    referral = {"referral_ref": "R1", "urn": "45AB0012326", "submitted_on": DAY}
    loaded(intake.sends({"referrals.csv": [referral]}, source="cms-se", agency="cps", covers=["45", "01"]))
    with intake.engine.begin() as connection:
        own = sources.own(connection, AS_OF)
        seen = source_columns.sights(connection, ["45", "01"])
        ids = mapping(connection, "name", "id", "select name, id from sources")
    police, cps = ids["niche-45"], ids["cms-se"]
    assert seen["45"].covering == {Agency.POLICE: (police,), Agency.CPS: (cps,)}
    assert seen["01"].covering == {Agency.POLICE: (), Agency.CPS: (cps,)}
    assessed, decided = SentColumn("cases.csv", "risk_assessed_on"), SentColumn("referrals.csv", "decision_on")
    assert [seen["45"].sees(assessed, one, OwedBy.POLICE) for one in (police, own, None)] == [False, True, False]
    assert [seen["45"].sees(decided, one, OwedBy.CPS) for one in (police, own, None)] == [False, True, True]
    assert seen["01"].sees(decided, None, OwedBy.BOTH)
    assert seen["45"].blind(assessed, police, OwedBy.POLICE) == (
        "cannot be seen: cases.csv of niche-45 has no column risk_assessed_on"
    )
