"""A proposed profile: the three exports of docs/adopting.md are recognised, and how sure it is of each column."""

import re
import shutil

import pytest

from config.sources.cells import Take
from flows.configured import configured
from models.errors import Refuse
from tasks.intake.profiles.checking import read_profile
from tasks.intake.profiles.proposal.composing import propose
from tests.house.source import ROOT

OURS = ROOT / "docs" / "adopting"


@pytest.fixture
def proposal(tmp_path):
    """The text that is proposed for a folder, and the profile that it is."""

    def made(folder):
        text, _ = propose(configured(), folder)
        path = tmp_path / f"{folder.name}.yaml"
        path.write_text(text, "utf-8")
        return text, read_profile(path)

    return made


def columns(profile, rows_of):
    return next(made.columns for file in profile.files for made in file.makes if made.rows_of == rows_of)


def said_of(text, column):
    return re.search(rf"^ +{column}: .*# (.*)$", text, re.MULTILINE)[1]


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("crimes-45", {"contacts.csv", "cases.csv", "incidents.csv", "orders.csv"}),
        ("cms-se", {"contacts.csv", "training.csv", "cps_cases.csv"}),
        ("tracker-45", {"actions.csv"}),
    ],
)
def test_what_is_proposed_is_a_profile_and_names_the_files_that_ours_names(proposal, source, made):
    _, found = proposal(OURS / source)
    ours = read_profile(OURS / f"{source}.yaml")
    assert {one.rows_of for file in found.files for one in file.makes} == made
    assert (found.agency, found.covers) == (ours.agency, ours.covers)
    assert {(one.read, one.separator, one.header) for one in found.files} == {
        (one.read, one.separator, one.header) for one in ours.files
    }


def test_most_columns_of_a_wide_table_are_made_as_ours_are(proposal):
    text, found = proposal(OURS / "crimes-45")
    ours, theirs = (columns(one, "cases.csv") for one in (read_profile(OURS / "crimes-45.yaml"), found))
    lacking = {name for name in ours if name not in theirs or theirs[name].from_ != ours[name].from_}
    assert lacking == {"relationship"} - theirs.keys()
    assert theirs["oic_ref"].part == 2
    assert theirs["suspect_key"].key
    assert said_of(text, "case_ref") == "sure (9 of 9 cells)"
    assert said_of(text, "risk") == "likely (7 of 8 cells; not known: Extreme)"
    assert columns(found, "contacts.csv")["name"].from_ == ("Forename", "Surname")


def test_the_days_of_a_log_are_found_by_its_events(proposal):
    text, found = proposal(OURS / "cms-se")
    made = columns(found, "cps_cases.csv")
    assert made["ctl_expires_on"].from_ == ("Due",)
    assert made["charged_on"].where[0].is_ == ("Charged",)
    assert "# not used: Note to file, PCD decision, PCD request received" in text


def test_names_and_free_text_are_nowhere_in_a_proposal(proposal):
    texts = " ".join(proposal(OURS / source)[0].lower() for source in ("crimes-45", "cms-se", "tracker-45"))
    assert not {"darrow", "lowe", "ahmed", "nair", "workplace", "conditions"} & set(re.findall(r"[a-z]+", texts))
    assert set("".join(re.findall(r"(\S+)@(\S+)", texts)[0])) <= set("a.-…,"), "an address is a shape"


def test_what_is_missing_is_named_and_a_file_of_which_nothing_is_known(proposal, tmp_path):
    folder = tmp_path / "some"
    folder.mkdir()
    (folder / "crimes.csv").write_text(
        "Crime No,Date Recorded,Offence\n45/1,3-NOV-26,PH97010\n45/2,14-NOV-26,PH97010\n"
    )
    (folder / "stock.csv").write_text("Item,Shelf\nPaper,1\n")
    (folder / "readme.md").write_text("x")
    text, found = proposal(folder)
    assert said_of(text, "oic_ref") == "missing: name the column that holds it"
    assert "# stock.csv: nothing that Casebeat reads was recognised in it." in text
    assert "readme" not in text
    assert columns(found, "cases.csv")["case_ref"].without == "45/"
    assert [form.text for form in found.files[0].days] == ["D-MMM-YY"]


def test_of_several_lines_for_a_case_its_status_is_the_newest_line_s(proposal, tmp_path):
    folder = tmp_path / "history"
    folder.mkdir()
    (folder / "crimes.csv").write_text(
        "Crime No,Date Recorded,Offence,Date Closed,Risk\n45/1/26,03/11/2026,PH97010,04/11/2026,High\n"
        "45/1/26,03/11/2026,PH97010,,High\n"
    )
    _, found = proposal(folder)
    made = columns(found, "cases.csv")
    assert (made["finalised_on"].take, made["risk"].take) == (Take.NEWEST, None)


def test_a_file_that_cannot_be_read_is_left_out_with_its_reason(tmp_path):
    shutil.copytree(OURS / "tracker-45", tmp_path / "some")
    (tmp_path / "some" / "broken.xlsx").write_bytes(b"no")
    _, left_out = propose(configured(), tmp_path / "some")
    assert left_out == ["broken.xlsx cannot be read as a spreadsheet: it is no .xlsx file, or is locked."]


def test_a_folder_without_a_table_is_refused(tmp_path):
    with pytest.raises(Refuse, match=r"There is no file in .* that could be read as a table"):
        propose(configured(), tmp_path)
    with pytest.raises(Refuse, match="cannot be opened"):
        propose(configured(), tmp_path / "gone")


def test_the_command_prints_it_or_writes_it_for_its_owner_alone(tmp_path, run_cli):
    shown = run_cli("profile", str(OURS / "tracker-45"))
    assert (shown.code, shown.out.startswith("# Proposed by casebeat profile")) == (0, True)
    to = tmp_path / "tracker-45.yaml"
    assert run_cli("profile", str(OURS / "tracker-45"), "--to", str(to)).code == 0
    assert to.read_text("utf-8") == shown.out
    assert to.stat().st_mode & 0o777 == 0o600
    assert run_cli("profile", str(OURS / "tracker-45"), "--to", str(to)).code == 2


RELATIONAL = {
    "occurrences.txt": [
        "OccId|Occurrence No|Reported Date|OIC|Sensitive", "1|45/1/26|01/11/2026|PC 4471 AHMED|N",
        "2|45/2/26|02/11/2026|PC 12 RAY|Y", "3|45/3/26|03/11/2026||N",
    ],
    "classes.csv": ["OccId,HO Class", "1,008/65", "2,195/94", "2,008/31", "3,00866"],
    "staff.csv": [
        "Collar No,Name,Email,Role", "004471,Noor Ahmed,noor.ahmed@northshire.police.uk,officer",
        "000012,Ed Ray,ed.ray@northshire.police.uk,officer",
    ],
    "risk.csv": ["OccId,Assessed,Grade", "1,01/11/2026,Standard", "1,05/11/2026,High", "2,02/11/2026,Medium"],
    "tasks.csv": [
        "Task No,OccId,Task,Allocated To,Set,Target Date,Completed", "T1,1,CCTV,4471,02/11/2026,09/11/2026,",
        "T2,2,Phone download,12,03/11/2026,20/11/2026,10/11/2026",
    ],
    "notes.csv": ["Ref,Words", "a1,Said that she was afraid", "a2,"],
}  # fmt: skip


@pytest.fixture
def relational(proposal, tmp_path):
    folder = tmp_path / "crimes-45"
    folder.mkdir()
    for name, lines in RELATIONAL.items():
        (folder / name).write_text("\n".join([*lines, ""]), "utf-8")
    return proposal(folder)


def test_one_file_an_entity_is_joined_by_the_columns_whose_keys_are_the_same(relational):
    text, found = relational
    occurrences, tasks = (
        next(file for file in found.files if file.read == name) for name in ("occurrences.txt", "tasks.csv")
    )
    assert [(one.as_, one.in_, one.all_, one.newest_by) for one in occurrences.look_up] == [
        ("classes", "classes.csv", True, None), ("risk", "risk.csv", False, "Assessed"),
    ]  # fmt: skip
    assert [one.in_ for one in tasks.look_up] == ["occurrences.txt"]
    assert "3 of 3 keys that were looked at are there" in text
    assert {one.rows_of for file in found.files for one in file.makes} == {"contacts.csv", "cases.csv", "actions.csv"}


def test_what_is_joined_is_made_into_what_casebeat_reads(relational):
    _, found = relational
    cases, actions = columns(found, "cases.csv"), columns(found, "actions.csv")
    assert (cases["offence_codes"].from_, cases["offence_codes"].codes) == (("classes / HO Class",), "home_office")
    assert (cases["risk"].from_, cases["risk_assessed_on"].from_) == (("risk / Grade",), ("risk / Assessed",))
    assert (cases["oic_ref"].digits, cases["oic_ref"].pad) == (True, 6), "as the collar numbers are"
    assert actions["case_ref"].from_ == ("occurrences / Occurrence No",)
    assert (actions["status"].when_filled, actions["status"].when_empty) == ("done", "pending")
    assert all(not file.leave_out for file in found.files), "a case without its officer is one"


def test_a_file_of_which_nothing_is_made_is_shown_by_its_columns_shapes(relational):
    text, _ = relational
    assert "  # Ref: 2 of 2 filled, 2 different: a9" in text
    assert "  # Words: 1 of 2 filled, 1 different: Aaaa aaaa aaa aaa aaaaaa" in text
    assert "afraid" not in text


def test_what_is_lacking_is_told_for_each_duty(relational):
    text, _ = relational
    assert "#   bail-end: cases.csv suspect_status, cases.csv bail_ends_on" in text
    assert "#   risk-assessment:" not in text
