"""`casebeat coverage`: what each source lets be seen, as a table and as JSON."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from flows.configured import configured
from models.queries.driver import fetch_as
from models.rules.obligations.coverage import Seen
from tasks.intake.load import load_folders
from tasks.obligations import coverage, organisation
from tests.worlds.extracts import AS_OF, a_case, write


class OwedColumns(NamedTuple):
    """A live obligation under `column-missing`."""

    subject: str
    owed_by: str
    due_on: str
    because: str


def missing(engine) -> dict[str, OwedColumns]:
    organisation.project(configured(), AS_OF.date(), AS_OF)
    with engine.begin() as connection:
        found = fetch_as(connection, OwedColumns, """
            select subject, owed_by, due_on::text, because::text from obligations
            where rule = 'column-missing' and ended_on is null""")  # fmt: skip
    return {one.subject: one for one in found}


@pytest.fixture
def two_sources(database, tmp_path: Path) -> None:
    referral = {"referral_ref": "R1", "force_code": "45", "case_ref": "C1", "submitted_on": "2026-11-20"}
    load_folders(configured(), [
        write(tmp_path / "1", {"cases.csv": [a_case()]}, lacking={"cases.csv": ["risk_assessed_on"]}),
        write(tmp_path / "2", {"referrals.csv": [referral]}, lacking={"referrals.csv": ["checklist_missing"]},
              source="cms-se", agency="cps"),
    ], AS_OF)  # fmt: skip


def test_before_the_first_extract_nothing_can_be_seen(run_cli, database):
    assert run_cli("coverage").out == "No source has sent an extract yet, so nothing can be seen.\n"
    assert run_cli("coverage", "--json").out == ""


def test_it_lists_what_cannot_be_seen_first_with_the_columns_that_are_lacking(run_cli, two_sources):
    lines = [line.split() for line in run_cli("coverage").out.splitlines()]
    assert lines[0] == ["cms-se", "(CPS),", "for", "force", "45"]
    assert ["cannot", "be", "seen", "referral-checklist", "referrals.csv:", "checklist_missing"] in lines
    police = lines[lines.index(["niche-45", "(police),", "for", "force", "45"]) :]
    assert ["cannot", "be", "seen", "risk-assessment", "cases.csv:", "risk_assessed_on"] in police
    assert police[-2][0] == "seen"
    kinds = [line[0] for line in police[1:-1]]
    assert kinds == sorted(kinds, key=["cannot", "partly", "seen"].index)


def test_it_says_of_each_police_source_which_signs_of_danger_can_be_seen(run_cli, database, tmp_path):
    incident = {"force_code": "45", "case_ref": "C1", "incident_ref": "I1", "occurred_on": "2026-11-20"}
    files = {"cases.csv": [a_case()], "incidents.csv": [incident]}
    lacking = {"incidents.csv": ["breach"], "cases.csv": ["suspect_key"]}
    load_folders(configured(), [write(tmp_path / "1", files, lacking=lacking)], AS_OF)
    (line,) = (one for one in run_cli("coverage").out.splitlines() if one.strip().startswith("danger   "))
    assert line.split(maxsplit=1)[1] == "reports yes, breaches no, the grade yes, other cases of the suspect no"


def test_as_json_it_is_one_object_for_each_source_and_rule(run_cli, two_sources):
    found = [json.loads(line) for line in run_cli("coverage", "--json").out.splitlines()]
    by_rule = {(one["source"], one["rule"]): (one["seen"], one["lacking"]) for one in found}
    assert by_rule["niche-45", "joint-review"] == ("seen", [])
    assert by_rule["niche-45", "pin-issued"] == ("seen", [])
    assert by_rule["niche-45", "risk-assessment"] == ("cannot be seen", ["cases.csv: risk_assessed_on"])
    assert by_rule["cms-se", "referral-checklist"] == ("cannot be seen", ["referrals.csv: checklist_missing"])
    assert by_rule["cms-se", "charging-decision"] == ("seen", [])
    assert found[0].keys() == {"source", "agency", "covers", "rule", "seen", "lacking"}


def test_operations_hear_once_of_what_cannot_be_seen_and_never_of_what_can(two_sources):
    found = coverage.news(configured())
    assert {one.seen for one in found.changed} == {Seen.BLIND, Seen.PARTLY}
    assert {("niche-45", "risk-assessment"), ("cms-se", "referral-checklist")} <= {
        (one.source, one.rule) for one in found.changed
    }
    coverage.keep_told(found, AS_OF)
    assert not coverage.news(configured())


def test_operations_owe_the_columns_of_each_source_until_the_policy_does_without(
    database, two_sources, run_cli, tmp_path, monkeypatch
):
    owed = missing(database)
    assert owed.keys() == {"source:niche-45", "source:cms-se"}
    police = owed["source:niche-45"]
    assert (police.owed_by, police.due_on) == ("operations", "2026-12-23")
    assert "risk_assessed_on of cases.csv" in police.because
    assert "checklist_missing of referrals.csv" in owed["source:cms-se"].because
    found = map(json.loads, run_cli("coverage", "--json").out.splitlines())
    accepted = ", ".join(one["rule"] for one in found if one["source"] == "cms-se")
    shipped = Path("config/policy.yaml").read_text("utf-8")
    (tmp_path / "policy.yaml").write_text(shipped.replace("unseen: {}", f"unseen: {{cms-se: [{accepted}]}}"), "utf-8")
    monkeypatch.setenv("CASEBEAT_POLICY", str(tmp_path / "policy.yaml"))
    assert missing(database).keys() == {"source:niche-45"}
