"""One file an entity, as a records system keeps them: cases, suspects and staff are made from files joined by keys."""

import csv
import re

import pytest

from flows.configured import configured
from tasks.intake.load import load_folders
from tasks.intake.results import Fate
from tests.integration.intake.profiles.own_export import OwnExport, own
from tests.worlds.extracts import AS_OF

__all__ = ["own"]
PROFILE = """
agency: police
covers: [45]
complete_when: export.done
days: [DD/MM/YYYY, "DD/MM/YYYY HH:mm"]
blanks: [NULL, "-"]
codes:
  risk: {High: high, Med: medium, Std: standard}
files:
  - read: occurrences.txt
    separator: pipe
    look_up:
      - {as: Class, in: classes.csv, by: Occ Id, where: {column: Cancelled, is_not: Y}, all: yes}
      - {as: Officer, in: staff.txt, by: {own: {from: OIC, digits: yes, pad: 6}, theirs: Collar}}
      - {as: Grade, in: grades.csv, by: Occ Id, worst_of: {column: Level, order: [High, Med, Std]}}
      - {as: Link, in: links.csv, by: Occ Id, where: {column: Role, is: Victim}, newest_by: Since}
      - {as: Victim, in: persons.csv, by: {own: Link / Person Id, theirs: Person Id}}
    makes:
      - rows_of: cases.csv
        merged_by: case_ref
        columns:
          force_code: {always: 45}
          case_ref: Occ No
          opened_on: Reported
          offence_codes: {from: Class / Code, list_at: ";"}
          oic_ref: Officer / Staff Id
          risk: {from: Grade / Level, codes: risk}
          victim_key: {from: [Victim / Surname, Victim / Born], joined: " ", key: yes}
  - read: statuses.csv
    look_up: {as: Occ, in: occurrences.txt, by: Occ Id}
    makes:
      - rows_of: cases.csv
        merged_by: case_ref
        one_row_for: Occ Id
        in_order_of: At
        take: newest
        columns:
          case_ref: Occ / Occ No
          finalised_on: Finalised
          finalised_reason: {from: Why, codes: {NFA: nfa_police}}
  - read: links.csv
    look_up:
      - {as: Occ, in: occurrences.txt, by: Occ Id}
      - {as: Person, in: persons.csv, by: Person Id}
    makes:
      - rows_of: suspects.csv
        only: [{column: Role, is: Suspect}, {column: Occ / Occ No, filled: yes}]
        columns:
          force_code: {always: 45}
          case_ref: Occ / Occ No
          suspect_ref: {from: [Occ Id, Person Id], joined: "-"}
          suspect_key: {from: [Person / Surname, Person / Born], joined: " ", key: yes}
  - read: staff.txt
    separator: pipe
    makes:
      - rows_of: contacts.csv
        columns:
          contact_ref: Staff Id
          agency: {always: police}
          name: Name
          email: Mail
          roles: {always: officer}
          force_code: {always: 45}
  - {read: classes.csv}
  - {read: grades.csv}
  - {read: persons.csv, separator: semicolon, encoding: utf-16}
"""
FILES = {
    "occurrences.txt": [
        "Occ Id|Occ No|Reported|OIC",
        "1|45/1/26|01/11/2026|PC 4471 AHMED",
        "2|45/2/26|02/11/2026|PC 12 RAY",
        "3|45/3/26|03/11/2026|NULL",
    ],
    "classes.csv": [
        "Occ Id,Code,Cancelled", "1,PH97010,", "1,PH97006,N", "1,PH97006,N", "1,CD98077,Y", "2,PH97010,NULL",
        "3,PH97010,",
    ],
    "statuses.csv": [
        "Occ Id,At,Finalised,Why", "1,03/11/2026 09:00,NULL,NULL", "1,02/11/2026 09:00,02/11/2026,NFA",
        "2,03/11/2026 09:00,-,", "2,03/11/2026 17:00,03/11/2026,NFA",
    ],
    "grades.csv": ["Occ Id,Level", "1,Std", "1,High", "1,Med", "2,NULL", "2,Std"],
    "links.csv": [
        "Occ Id,Person Id,Role,Since", "1,P1,Suspect,01/11/2026", "1,P2,Suspect,01/11/2026", "2,P1,Suspect,02/11/2026",
        "1,P3,Victim,01/11/2026", "1,P4,Victim,02/11/2026", "9,P1,Suspect,02/11/2026",
    ],
    "staff.txt": [
        "Staff Id|Collar|Name|Mail", "S1|004471|Noor Ahmed|noor.ahmed@northshire.police.uk",
        "S2|000012|Ed Ray|ed.ray@northshire.police.uk",
    ],
    "persons.csv": "Person Id;Surname;Born\nP1;Smith;01/02/1990\nP2;Jones;-\nP4;Lee;03/04/1985\n".encode("utf-16"),
}  # fmt: skip


def load(own: OwnExport):
    (made,) = load_folders(configured(), [own.folder], AS_OF)
    return made


def counts(made):
    return {file.name: (file.rows, file.rejected) for file in made.files}


def test_files_that_are_joined_by_keys_become_cases_suspects_and_staff(own: OwnExport) -> None:
    own.describes(PROFILE).sends(FILES)
    made = load(own)
    assert (made.fate, made.sentence) == (Fate.LOADED, "")
    assert counts(made) == {"contacts.csv": (2, 0), "cases.csv": (3, 0), "suspects.csv": (3, 0)}
    assert own.rows("""select case_ref, offence_codes, oic_ref, risk, finalised_on::text, victim_key is not null
                       from cases order by 1""") == [
        ("45/1/26", ["PH97010", "PH97006"], "S1", "high", None, True),
        ("45/2/26", ["PH97010"], "S2", "standard", "2026-11-03", False),
        ("45/3/26", ["PH97010"], "", "unknown", None, False),
    ]  # fmt: skip
    found = own.rows("select suspect_ref, suspect_key from suspects order by 1")
    assert [ref for ref, _ in found] == ["1-P1", "1-P2", "2-P1"]
    assert found[0][1] == found[2][1], "one person in two cases"
    (cases,) = (file for file in made.files if file.name == "cases.csv")
    (note,) = cases.notes
    assert note.startswith("made from occurrences.txt and classes.csv and staff.txt and grades.csv and links.csv and")


def test_a_row_for_which_it_is_not_sure_what_counts_is_rejected_in_words(own: OwnExport) -> None:
    profile = PROFILE.replace(", worst_of: {column: Level, order: [High, Med, Std]}", "")
    folder = own.describes(profile).sends(FILES)
    made = load(own)
    assert counts(made)["cases.csv"] == (5, 4), "two, and what else there is of these cases"
    rejected = folder.parent.parent / "home" / "rejected" / made.extract_id
    row, _ = csv.DictReader((rejected / "cases-1.csv").read_text("utf-8").splitlines())
    assert (row["Occ No"], row["line"]) == ("45/1/26", "2 of occurrences.txt")
    assert row["problems"].startswith("Grade finds rows of grades.csv that differ (lines 2 and 3)")
    other, _ = csv.DictReader((rejected / "cases-2.csv").read_text("utf-8").splitlines())
    assert other["problems"] == "is one row with another of which it is not sure what was found for it"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("in: grades.csv", "in: grade.csv", '"grade.csv" is none of the files'),
        ("as: Grade", "as: Class", '"Class" is the name of another look_up too'),
        ("own: Link / Person Id", "own: Grade 2 / Person Id", 'occurrences.txt has no column "grade 2 / person id"'),
        ("Grade / Level", "Grade / Levels", 'grades.csv has no column "levels"'),
        ("- {read: grades.csv}", "- {read: grades.csv}\n  - {read: spare.csv}", "makes nothing, and nothing is looked"),
        ("          case_ref: Occ No\n", "", "merged_by case_ref is none of its columns"),
        ("        merged_by: case_ref\n        one_row_for", "        one_row_for", "merged_by differs from that"),
    ],
)
def test_a_join_that_cannot_be_made_refuses_the_export_in_a_sentence(own: OwnExport, old, new, sentence) -> None:
    assert old in PROFILE
    own.describes(PROFILE.replace(old, new)).sends(FILES)
    made = load(own)
    assert made.fate is Fate.REFUSED
    assert sentence in made.sentence


def test_a_look_up_by_what_is_looked_up_after_it_is_refused(own: OwnExport) -> None:
    first = "      - {as: Link, in"
    (line,) = (line for line in PROFILE.splitlines() if line.startswith(first))
    own.describes(PROFILE.replace(f"{line}\n", "").replace("    makes:", f"{line}\n    makes:", 1)).sends(FILES)
    assert 'look_up[4].by "Link" is not looked up before it' in load(own).sentence


FLAGS = ["Occ Id,Flag,Barred", "1,,", "1,Y,S2", "2,N,", "3,,"]


def flagged(profile=PROFILE):
    """The profile, in which marks are looked up that nothing says which of several counts."""
    return (
        profile.replace("    look_up:\n", "    look_up:\n      - {as: Flag, in: flags.csv, by: Occ Id}\n", 1)
        .replace("          case_ref: Occ No\n", f"          case_ref: Occ No\n{MARKS}", 1)
        .replace("  - {read: classes.csv}\n", "  - {read: classes.csv}\n  - {read: flags.csv}\n")
    )


MARKS = "          restricted: Flag / Flag\n          barred_refs: Flag / Barred\n"


def guarded(own):
    return own.rows("select case_ref, restricted, barred_refs from rejected_marks order by 1")


def test_a_case_that_is_rejected_for_its_look_up_is_as_restricted_as_it_may_be(own: OwnExport) -> None:
    own.describes(flagged()).sends(FILES | {"flags.csv": FLAGS})
    assert counts(load(own))["cases.csv"] == (4, 2), "it, and what else there is of it"
    assert guarded(own) == [("45/1/26", True, ["S2"])]
    assert own.rows("select case_ref, restricted from cases order by 1") == [("45/2/26", False), ("45/3/26", False)]


def test_a_mark_that_is_sure_counts_where_another_look_up_is_not(own: OwnExport) -> None:
    profile = flagged().replace(", worst_of: {column: Level, order: [High, Med, Std]}", "")
    own.describes(profile).sends(FILES | {"flags.csv": ["Occ Id,Flag,Barred", "1,Y,S1", "2,,S2"]})
    load(own)
    assert guarded(own) == [("45/1/26", True, ["S1"]), ("45/2/26", False, ["S2"])]


def test_a_mark_behind_a_look_up_that_is_not_sure_counts(own: OwnExport) -> None:
    profile = (
        PROFILE.replace("where: {column: Role, is: Victim}, newest_by: Since", "where: {column: Role, is: Victim}")
        .replace("          case_ref: Occ No\n", "          case_ref: Occ No\n          restricted: Victim / Flag\n", 1)
    )  # fmt: skip
    persons = "Person Id;Surname;Born;Flag\nP1;Smith;01/02/1990;\nP3;Ray;;Y\nP4;Lee;03/04/1985;N\n".encode("utf-16")
    own.describes(profile).sends(FILES | {"persons.csv": persons})
    load(own)
    assert guarded(own) == [("45/1/26", True, [])]


def test_a_line_of_a_case_that_is_not_sure_rejects_the_case_and_marks_it(own: OwnExport) -> None:
    own.describes(LOG).sends(
        {
            "log.csv": ["Occ,At,Code,Ref", "C1,01/11/2026,PH97010,1", "C1,02/11/2026,PH97010,2",
                        "C2,01/11/2026,PH97010,2", "C2,soon,PH97006,3", "C3,01/11/2026,PH97010,2"],
            "flags.csv": ["Ref,Flag", "1,Y", "1,N", "2,N", "3,Y"],
        }
    )  # fmt: skip
    made = load(own)
    assert counts(made) == {"cases.csv": (5, 2)}
    assert own.rows("select case_ref, restricted from cases order by 1") == [("C2", True), ("C3", False)]
    assert guarded(own) == [("C1", True, [])]


def test_a_row_that_may_be_of_several_cases_restricts_none_of_them(own: OwnExport) -> None:
    profile = re.sub("        one_row_for.*\n        in_order_of.*\n", "", LOG)
    profile = profile.replace("case_ref: Occ", "case_ref: Flag / Occ").replace(", take: first", "")
    own.describes(profile).sends(
        {
            "log.csv": ["At,Code,Ref", "01/11/2026,PH97010,1", "01/11/2026,PH97010,2"],
            "flags.csv": ["Ref,Occ,Flag", "1,C1,Y", "1,C2,Y", "2,C3,Y"],
        }
    )
    assert counts(load(own)) == {"cases.csv": (2, 1)}
    assert guarded(own) == []


def test_a_looked_up_day_is_read_as_its_own_file_writes_days(own: OwnExport) -> None:
    profile = re.sub("        one_row_for.*\n        in_order_of.*\n", "", LOG)
    profile = profile.replace("{from: At, take: first}", "Flag / Opened").replace(
        "read: flags.csv", "read: flags.csv, days: YYYY.MM.DD"
    )
    own.describes(profile).sends(
        {"log.csv": ["Occ,At,Code,Ref", "C1,,PH97010,1"], "flags.csv": ["Ref,Flag,Opened", "1,,2026.11.02"]}
    )
    load(own)
    assert own.rows("select case_ref, opened_on::text from cases") == [("C1", "2026-11-02")]


LOG = """
agency: police
covers: [45]
complete_when: export.done
days: DD/MM/YYYY
files:
  - read: log.csv
    look_up: {as: Flag, in: flags.csv, by: Ref}
    makes:
      - rows_of: cases.csv
        one_row_for: Occ
        in_order_of: At
        columns:
          force_code: {always: 45}
          case_ref: Occ
          opened_on: {from: At, take: first}
          offence_codes: Code
          oic_ref: {always: S1}
          restricted: Flag / Flag
  - {read: flags.csv}
"""
