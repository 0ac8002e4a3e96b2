"""Rows of one key that share the day by which one of them should count: one is taken, and a warning says so."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.intake.profiles.own_export import OwnExport, own

__all__ = ["own"]
PROFILE = """
agency: police
covers: [45]
complete_when: export.done
days: DD/MM/YYYY
files:
  - read: crimes.csv
    makes:
      - rows_of: cases.csv
        columns: {force_code: {always: 45}, case_ref: Crime No, opened_on: Created, offence_codes: Code, oic_ref: OIC}
  - read: suspects.csv
    look_up: {as: Bail, in: bail.csv, by: Person, newest_by: Released}
    makes:
      - rows_of: suspects.csv
        columns: {force_code: {always: 45}, case_ref: Crime No, suspect_ref: Person, bail_ends_on: Bail / Ends}
  - {read: bail.csv}
"""
FILES = {
    "crimes.csv": ["Crime No,Created,Code,OIC", "C1,01/11/2026,PH97010,4471"],
    "suspects.csv": ["Crime No,Person", "C1,N1", "C1,N2", "C1,N3"],
    "bail.csv": [
        "Person,Released,Ends,Extension", "N1,02/11/2026,02/02/2027,", "N1,02/11/2026,02/05/2027,Refused",
        "N2,02/11/2026,02/02/2027,", "N2,02/11/2026,02/02/2027,Refused", "N3,02/11/2026,02/02/2027,",
    ],
}  # fmt: skip
GATHERED = "        one_row_for: Person\n        columns: {force_code: {always: 45}, case_ref: Crime No, suspect_ref"
MERGED = "        merged_by: suspect_ref\n        columns: {force_code: {always: 45}, case_ref: Crime No, suspect_ref"


@pytest.mark.parametrize("made", ["", GATHERED, MERGED])
def test_a_tie_of_look_ups_is_warned_of_with_its_line_and_its_row_is_loaded(
    own: OwnExport, run_cli: Callable[..., Any], made: str
) -> None:
    usual = "        columns: {force_code: {always: 45}, case_ref: Crime No, suspect_ref"
    folder = own.describes(PROFILE.replace(usual, made or usual)).sends(FILES)
    ran = run_cli("intake", "--check", str(folder))
    warning = (
        "Bail: 2 rows of bail.csv share the newest Released and differ in Ends: the last in the file was taken. Say in "
        "the look_up which of them counts: by where, or by a column that differs (line 2)"
    )
    assert warning in " ".join(ran.out.split())
    assert run_cli("intake", str(folder)).code == 0
    assert len(own.rows("select bail_ends_on from suspects where bail_ends_on is not null")) == 3


def test_lines_of_one_day_that_become_one_row_and_differ_are_warned_of(
    own: OwnExport, run_cli: Callable[..., Any]
) -> None:
    profile = PROFILE.replace("    look_up: {as: Bail, in: bail.csv, by: Person, newest_by: Released}\n", "")
    profile = profile.replace("  - {read: bail.csv}\n", "").replace("Bail / Ends", "Ends")
    head, usual = profile.rsplit("        columns: {", 1)
    made = "        one_row_for: Person\n        in_order_of: Released\n        columns: {"
    bail = ["Crime No,Person,Released,Ends", *(f"C1,N1,02/11/2026,02/0{month}/2027" for month in (2, 5))]
    folder = own.describes(head + made + usual).sends({"crimes.csv": FILES["crimes.csv"], "suspects.csv": bail})
    ran = run_cli("intake", "--check", str(folder))
    warning = "lines that become one row share their Released and differ in bail_ends_on: they were taken in the order"
    assert warning in " ".join(ran.out.split())
