"""Suspects and defendants made by profiles from sources' own exports: who is wanted, who is held, and what is seen."""

import json

import pytest

from flows.configured import configured
from tasks.intake.load import load_folders
from tests.integration.intake.profiles.own_export import OwnExport, own
from tests.worlds.extracts import AS_OF

__all__ = ["own"]
POLICE = """
agency: police
covers: [45]
days: DD/MM/YYYY
codes:
  status: {Bailed: bail, Circulated: wanted}
files:
  - read: crimes.csv
    separator: pipe
    makes:
      - rows_of: cases.csv
        one_row_for: Crime No
        columns:
          force_code: {always: 45}
          case_ref: Crime No
          opened_on: Created
          offence_codes: Offence
          oic_ref: OIC
          classification: {always: stalking}
          risk: {always: standard}
      - rows_of: suspects.csv
        only: {column: Suspect, filled: yes}
        columns:
          force_code: {always: 45}
          case_ref: Crime No
          suspect_ref: {from: [Crime No, Suspect No], joined: "/"}
          suspect_status: {from: Status, codes: status}
          status_changed_on: Since
          bail_ends_on: Bail To
          suspect_key: {from: Suspect, key: yes}
      - rows_of: incidents.csv
        one_row_for: [Crime No, Created]
        columns:
          force_code: {always: 45}
          case_ref: Crime No
          incident_ref: {from: [Crime No, Created], joined: "/"}
          occurred_on: Created
"""
CRIMES = [
    "Crime No|Created|Offence|OIC|Suspect No|Suspect|Status|Since|Bail To",
    "C1|02/11/2026|PH97010|77|1|SMITH John 1990|Bailed|03/11/2026|03/02/2027",
    "C1|02/11/2026|PH97010|77|2|GREY Ann 1985|Circulated|20/11/2026|",
    "C2|16/11/2026|PH97010|77|1|smith  john 1990|Bailed|17/11/2026|17/02/2027",
    "C3|16/11/2026|PH97010|77|||||",
]
CPS = """
agency: cps
covers: [45]
days: DD/MM/YYYY
files:
  - read: cases.csv
    makes:
      - rows_of: cps_cases.csv
        one_row_for: Crime
        columns:
          force_code: {always: 45}
          case_ref: Crime
          charged_on: Charged
          charged_codes: Charge
      - rows_of: defendants.csv
        columns:
          force_code: {always: 45}
          case_ref: Crime
          defendant_ref: {from: [Crime, Defendant], joined: "/"}
          in_custody: {from: Remand, codes: {C: yes, B: no}}
          ctl_expires_on: CTL
"""
CHARGES = [
    "Crime,Defendant,Charged,Charge,Remand,CTL",
    "C2,A,20/11/2026,PH97010,C,22/05/2027",
    "C2,B,20/11/2026,PH97010,B,",
]


@pytest.fixture
def sources(own: OwnExport, tmp_path) -> OwnExport:
    """A crime records system with a line for each suspect, and a list of CPS with one for each defendant."""
    cps = OwnExport(own.engine, tmp_path, "cms-se")
    for source, profile, name, rows in ((own, POLICE, "crimes.csv", CRIMES), (cps, CPS, "cases.csv", CHARGES)):
        waits = profile.replace("covers: [45]", "covers: [45]\ncomplete_when: export.done")
        (made,) = load_folders(configured(), [source.describes(waits).sends({name: rows})], AS_OF)
        assert (made.sentence, made.rejected) == ("", 0)
    return own


def test_each_suspect_and_each_defendant_is_a_row_of_its_own(sources: OwnExport) -> None:
    suspects = """select k.case_ref, s.suspect_ref, s.suspect_status, s.status_on::text, s.bail_ends_on::text
                  from suspects s join case_keys k on k.id = s.key_id order by 2"""
    assert sources.rows(suspects) == [
        ("C1", "C1/1", "bail", "2026-11-03", "2027-02-03"), ("C1", "C1/2", "wanted", "2026-11-20", None),
        ("C2", "C2/1", "bail", "2026-11-17", "2027-02-17"),
    ]  # fmt: skip
    defendants = "select defendant_ref, in_custody, ctl_expires_on::text from defendants order by 1"
    assert sources.rows(defendants) == [("C2/A", True, "2027-05-22"), ("C2/B", False, None)]


def test_what_they_owe_follows(sources: OwnExport, run_cli) -> None:
    ran = run_cli("obligations", "--json", "--as-of", "2026-11-25")
    assert ran.code == 0, ran.err
    owed = [json.loads(line) for line in ran.out.splitlines()]
    named = {(one["case_ref"], one["rule"], one["subject"], one["due_on"]) for one in owed}
    assert {
        ("C1", "bail-end", "suspect:C1/1", "2027-02-03"),
        ("C1", "suspect-wanted", "suspect:C1/2", "2026-11-27"),
        ("C2", "custody-limit", "defendant:C2/A", "2027-05-22"),
        ("C1", "danger", "case", "2026-11-17"),  # the same suspect, a fortnight later: two working days on
    } <= named, sorted(named)


def test_coverage_says_of_each_source_which_signs_of_danger_it_lets_be_seen(sources: OwnExport, run_cli) -> None:
    said = run_cli("coverage").out
    of_cps, of_police = said.partition("crimes-45 (police)")[::2]
    assert "  danger   " not in of_cps, "CPS's records tell of none"
    line = next(one for one in of_police.splitlines() if one.startswith("  danger   "))
    assert line.split(maxsplit=1)[1] == "reports yes, breaches no, the grade yes, other cases of the suspect yes"
