"""A proposed profile: the three exports of docs/adopting.md are recognised, and how sure it is of each column."""

import re
import shutil
from datetime import date

import pytest

from config.sources.cells import Take
from config.sources.known_systems import known_systems
from config.strict_yaml import Faults
from flows.configured import configured
from models.errors import Refuse
from tasks.intake.files import FILES
from tasks.intake.profiles.checking import read_profile
from tasks.intake.profiles.file_names import file_name
from tasks.intake.profiles.proposal.composing import propose
from tasks.intake.profiles.proposal.dated_names import dated_name, newest_of
from tasks.intake.profiles.proposal.questions import NONE_OF_THEM
from tests.house.source import ROOT
from tests.unit.intake.profiles.proposing import columns, proposal, said_of, written
from tests.worlds.workbooks import of_sheets

__all__ = ["proposal"]
OURS = ROOT / "docs" / "adopting"


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
    assert said_of(text, "risk") == "likely (7 of 8 cells)"
    assert "          # unknown words: Extreme (1 row): each is a problem of its row until it is under codes\n" in text
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
        "Crime No,Date Recorded,Offence,Date Closed,Risk,Line Of\n"
        "45/1/26,03/11/2026,PH97010,04/11/2026,High,04/11/2026\n45/1/26,03/11/2026,PH97010,,High,06/11/2026\n"
    )
    _, found = proposal(folder)
    made = columns(found, "cases.csv")
    assert (made["finalised_on"].take, made["risk"].take) == (Take.NEWEST, None)


def test_a_file_that_cannot_be_read_is_left_out_with_its_reason(tmp_path):
    shutil.copytree(OURS / "tracker-45", tmp_path / "some")
    (tmp_path / "some" / "broken.xlsx").write_bytes(b"no")
    left_out = propose(configured(), tmp_path / "some").left_out
    assert left_out[1:] == ["broken.xlsx cannot be read as a spreadsheet: it is no .xlsx file, or is locked."]


CRIMES = [
    ["Stalking register", ""], [""], ["Force", "Crime No", "Recorded", "Offence", "Officers", ""],
    ["", "", "", "", "OIC", "Supervisor"],
    *(["45", f"45/100{n}/26", 46313 + n, "PH97010", "4471", "2201"] for n in range(1, 5)),
    ["45", "45/1005/26", "26.11.26", "PH97010", "4471", "2201"],
]  # fmt: skip
PEOPLE = [["Collar", "Name", "Mail", "Post"], ["4471", "Noor Ahmed", "noor.ahmed@northshire.police.uk", "Officer"]]
SHEETS = {"Read me": [["Ring ext 4410"]], "Crimes": CRIMES, "People": PEOPLE}


def test_each_sheet_of_a_workbook_that_is_a_table_is_looked_at_and_a_cover_sheet_is_a_note(proposal, tmp_path):
    folder = tmp_path / "register-45"
    folder.mkdir()
    of_sheets(folder / "Register.xlsx", SHEETS)
    text, found = proposal(folder)
    assert [(one.sheet, [made.rows_of for made in one.makes]) for one in found.files] == [
        ("Crimes", ["cases.csv"]), ("People", ["contacts.csv"]),
    ]  # fmt: skip
    assert "# left out: Read me of Register.xlsx holds no table.\n" in text
    assert columns(found, "cases.csv")["supervisor_ref"].from_ == ("Supervisor",), "of two lines of a header"
    assert said_of(text, "opened_on") == "sure (5 of 5 cells)", "a sheet's numbers of days are days"


def test_a_sheet_that_is_looked_up_is_named(proposal, tmp_path):
    folder = tmp_path / "register-45"
    folder.mkdir()
    rows = [["Crime No", "OIC", "Recorded"], *([f"45/100{n}/26", "4471", 46313] for n in range(1, 6))]
    codes = [["Crime No", "Offence"], *([f"45/100{n}/26", "PH97010"] for n in range(1, 6))]
    of_sheets(folder / "Register.xlsx", {"Crimes": rows, "Codes": codes})
    _, found = proposal(folder)
    (look_up,) = found.files[0].look_up
    assert (look_up.as_, look_up.in_, look_up.sheet) == ("Codes", "Register.xlsx", "Codes")


def test_a_folder_without_a_table_is_refused(tmp_path):
    with pytest.raises(Refuse, match=r"There is no file in .* that could be read as a table"):
        propose(configured(), tmp_path)
    with pytest.raises(Refuse, match="cannot be opened"):
        propose(configured(), tmp_path / "gone")


def test_the_command_prints_it_or_writes_it_for_its_owner_alone(tmp_path, run_cli):
    shown = run_cli("profile", "--no-check", str(OURS / "tracker-45"))
    assert (shown.code, shown.out.startswith("# Proposed by casebeat profile")) == (0, True)
    to = tmp_path / "tracker-45.yaml"
    assert run_cli("profile", "--no-check", str(OURS / "tracker-45"), "--to", str(to)).code == 0
    assert to.read_text("utf-8") == shown.out
    assert to.stat().st_mode & 0o777 == 0o600
    assert run_cli("profile", "--no-check", str(OURS / "tracker-45"), "--to", str(to)).code == 2


def test_forces_that_are_not_clear_are_asked_for_and_the_proposal_is_not_tried_before(tmp_path, run_cli):
    folder = tmp_path / "crimes"
    folder.mkdir()
    lines = ["Crime No,Date Recorded,Offence", *(f"4{n % 2}/{n}/26,01/11/2026,PH97010" for n in range(6))]
    (folder / "crimes.csv").write_text("\n".join(lines))
    shown = run_cli("profile", str(folder))
    asked = 'the two-digit codes of the forces whose cases these are, as ["45"]; references begin with 40, 41'
    assert f"# covers: []      # missing: {asked}\n" in shown.out
    assert shown.err == f"casebeat: not tried: fill in first: covers, {asked}.\n"


def test_where_nothing_is_recognised_it_says_what_to_fill_in(tmp_path, run_cli):
    folder = tmp_path / "stock"
    folder.mkdir()
    (folder / "stock.csv").write_text("Item,Shelf,Case Ref\nPaper,1,45/1\n")
    shown = run_cli("profile", str(folder))
    assert shown.err == "casebeat: not tried: fill in first: files, with what is made from one of them.\n"


def test_the_code_of_a_force_is_found_in_headers_of_a_database(tmp_path):
    files = {"occ.csv": ["CRIME_NO,CJ_REF", "21/1/26,21AB1", "21/2/26,21AB2"]}
    assert 'covers: ["21"]' in propose(configured(), written(tmp_path / "some", files)).text


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("STAFF_021226.csv", "STAFF_{DDMMYY}.csv"),
        ("STAFF_261202.csv", "STAFF_{YYMMDD}.csv"),
        ("OFFICER_02DEC2026.csv", "OFFICER_{DDMMMYYYY}.csv"),
        ("tasks_2026-12-02.csv", "tasks_{YYYY-MM-DD}.csv"),
        ("TASKS_20261202.csv", "TASKS_{YYYYMMDD}.csv"),
        ("TASKS_02122026.csv", "TASKS_{DDMMYYYY}.csv"),
        ("TASKS_20261202_0615.csv", "TASKS_{YYYYMMDD}_*.csv"),
        ("register 2 Dec 2026.csv", "register {D MMM YYYY}.csv"),
        ("register 02.12.26.csv", "register {DD.MM.YY}.csv"),
        ("batch 123456 of 45.csv", "batch 123456 of 45.csv"),
        ("part 010203.csv", "part 010203.csv"),
    ],
)
def test_the_day_in_a_file_s_name_is_written_as_a_profile_writes_it(name, read):
    assert dated_name(name, date(2026, 12, 2)).read == read
    assert file_name(read).read(name) is not None


def test_of_files_of_several_days_the_newest_by_its_day_is_looked_at():
    changed = dict.fromkeys(("STAFF_011226.csv", "STAFF_301126.csv"), date(2026, 12, 2))
    assert newest_of(changed) == {"STAFF_{DDMMYY}.csv": "STAFF_011226.csv"}


STAFF = [
    "Collar No,Name,Email,Role,{}", "4471,Noor Ahmed,noor.ahmed@northshire.police.uk,officer,",
    "4472,Ed Ray,,officer,02/11/2026", "4473,Al Fox,al.fox@northshire.police.uk,officer,",
]  # fmt: skip


@pytest.mark.parametrize("header", ["LEFT_DT", "Leaving date", "End date"])
def test_of_people_nobody_is_left_out_and_when_somebody_left_is_found(proposal, tmp_path, header):
    cases = ["Crime No,Recorded,Offence", "45/1,03/11/2026,PH97010"]
    files = {"staff.csv": [line.format(header) for line in STAFF], "crimes.csv": cases}
    text, found = proposal(written(tmp_path / "staff-45", files))
    assert "leave_out" not in text
    assert columns(found, "contacts.csv")["active_to"].from_ == (header,)


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


DATABASE = {
    "OCC_HDR_021226.csv": [
        "OCC_ID,CRIME_NO,CREATED_DTM,OFFENCE_CD,OWNER_COLLAR,SGT_COLLAR,RISK_CD,FILE_URN,SENS_YN",
        *(f"70010{n},45/100{n}/26,0{n}/11/2026 08:00,PH97010,PC 4471,DS 0912,H,45AB100{n}126,N" for n in range(1, 6)),
    ],
    "OCC_PERSON_021226.csv": [
        "LINK_ID,OCC_ID,PERS_ID,ROLE_CD,CHARGED_DT", *(f"L{n},70010{n},N900{n},VIC," for n in range(1, 6)),
        *(f"L{n + 5},70010{n},N500{n},SUS,0{n}/11/2026" for n in range(1, 6)),
    ],
    "TASK_021226.csv": [
        "TASK_NO,OCC_ID,TASK_TYPE,SET_DTM,TGT_DT,RES_DTM,RES_CD,ASSGN_COLLAR",
        "T1,700101,PHN,02/11/2026 09:00,20/11/2026,,OPEN,PC 4471",
        "T2,700102,CCTV,03/11/2026 09:00,20/11/2026,10/11/2026 08:00,COMP,PC 4471",
        "T3,700103,BANK,03/11/2026 09:00,20/11/2026,10/11/2026 08:00,CANX,PC 4471",
    ],
}  # fmt: skip


def test_the_headers_of_a_database_are_known_without_the_letters_that_say_what_they_hold(proposal, tmp_path):
    text, found = proposal(written(tmp_path / "rms-45", DATABASE))
    cases, actions = columns(found, "cases.csv"), columns(found, "actions.csv")
    own = {
        name: cases[name].from_[0] for name in ("opened_on", "risk", "oic_ref", "supervisor_ref", "urn", "restricted")
    }
    assert [*own.values()] == ["CREATED_DTM", "RISK_CD", "OWNER_COLLAR", "SGT_COLLAR", "FILE_URN", "SENS_YN"]
    assert [actions[name].from_[0] for name in ("raised_on", "due_on", "closed_on")] == ["SET_DTM", "TGT_DT", "RES_DTM"]
    assert actions["status"].codes == {"OPEN": "pending", "COMP": "done", "CANX": "cancelled"}
    assert said_of(text, "opened_on") == "sure (5 of 5 cells)"


def test_of_the_persons_of_a_case_those_are_suspects_whose_role_says_so(proposal, tmp_path):
    _, found = proposal(written(tmp_path / "rms-45", DATABASE))
    (rows,) = (made for file in found.files for made in file.makes if made.rows_of == "suspects.csv")
    assert [(one.column, one.is_) for one in rows.only] == [("ROLE_CD", ("SUS",))]
    assert rows.columns["suspect_ref"].from_ == ("OCC_HDR / CRIME_NO", "PERS_ID")


def test_persons_of_whom_none_is_a_suspect_make_no_suspects(proposal, tmp_path):
    persons = [line for line in DATABASE["OCC_PERSON_021226.csv"] if ",SUS," not in line]
    text, _ = proposal(written(tmp_path / "rms-45", DATABASE | {"OCC_PERSON_021226.csv": persons}))
    assert "rows_of: suspects.csv" not in text
    assert '# It shares keys: {as: OCC_HDR, in: "OCC_HDR_{DDMMYY}.csv", by: OCC_ID}      # likely: 5 of 5 keys' in text


def test_rows_of_a_file_are_made_from_the_file_that_fits_best_and_the_other_is_named(proposal, tmp_path):
    bails = [f"70010{n},N500{n},1{n}/12/2026,A" for n in range(1, 6)]
    files = DATABASE | {"PCB_021226.csv": ["OCC_ID,PERS_ID,BAIL_TO,PCB_STATE", *bails]}
    files["CUSTODY_021226.csv"] = [
        "OCC_ID,PERS_ID,DISP_CD,DISP_DTM,CHARGE_DT",
        *(f"70010{n},N500{n},RUI,0{n}/11/2026 10:00," for n in range(1, 6)), "700101,N5001,BAIL,09/11/2026 10:00,",
    ]  # fmt: skip
    text, found = proposal(written(tmp_path / "rms-45", files))
    (rows,) = (made for file in found.files for made in file.makes if made.rows_of == "suspects.csv")
    assert (rows.in_order_of, rows.columns["suspect_status"].take) == ("DISP_DTM", Take.NEWEST)
    assert "# It may be made into suspects.csv too, which another file fits better.\n" in text


PROSECUTION = {
    "FEE_EARNERS_20261202.txt": [
        "Ident;Full Name;E-mail;Post", "L061;Grace Adeyemi;g.adeyemi@cps.gov.uk;Reviewing lawyer",
        "L070;Ann Castle;a.castle@cps.gov.uk;DCP",
    ],
    "ADVICE_20261202.txt": [
        "Request;Matter URN;Rec'd;Reply Wanted;Replied;Reply",
        "AR1;45CD1001126;04-Nov-2026;25-Nov-2026;22-Nov-2026;NFA",
    ],
    "DEFENDANTS_20261202.txt": [
        "Defendant No;Matter URN;Remand Position;Custody Limit;Fee Earner", "D1;45CD1001126;Custody;10-Dec-2026;L061",
        "D2;45CD1002126;Conditional bail;;L061",
    ],
    "TASKLIST_20261202.txt": [
        "Task;Matter URN;Wording;For;Set;Target;Finished;State",
        "T501;45CD1001126;Phone download;Police;22-Nov-2026;30-Nov-2026;;Outstanding",
        "T502;45CD1002126;Disclosure review;CPS;12-Nov-2026;27-Nov-2026;;Outstanding",
    ],
}  # fmt: skip


def test_the_words_of_a_prosecution_system_are_known(proposal, tmp_path):
    _, found = proposal(written(tmp_path / "pros-se", PROSECUTION))
    roles = columns(found, "contacts.csv")["roles"].codes
    assert roles == {"Reviewing lawyer": "prosecutor", "DCP": "legal_manager"}
    assert columns(found, "referrals.csv")["decision_required_by"].from_ == ("Reply Wanted",)
    assert columns(found, "defendants.csv")["in_custody"].codes == {"Custody": "yes", "Conditional bail": "no"}
    actions = columns(found, "actions.csv")
    assert (actions["action_ref"].from_, actions["kind"].from_) == (("Task",), ("Wording",)), "a number is no kind"
    assert actions["owner_agency"].codes == {"Police": "police", "CPS": "cps"}


def test_an_empty_reference_of_a_case_above_its_suspects_is_filled_down(proposal, tmp_path):
    folder = tmp_path / "register-45"
    folder.mkdir()
    suspects = [["Crime No", "Suspect ID", "Status", "Bail until"], *(
        [f"45/100{n}/26" if n % 2 else "", f"S{n}", "Police bail", 46378 + n] for n in range(1, 6)
    )]  # fmt: skip
    of_sheets(folder / "Register.xlsx", {"Crimes": CRIMES, "Suspects": suspects})
    _, found = proposal(folder)
    (file,) = (file for file in found.files if file.sheet == "Suspects")
    assert (file.fill_down, file.leave_out) == (("Crime No",), None)


TWO_DAYS = {
    "occurrences.csv": [
        "Occurrence Id,Occurrence No,Force,Recorded Date,Reported Date,Offence,Risk,Cancelled",
        "101,45/1001/26,45,01/11/2026,02/11/2026,PH97010,High,N",
        "102,45/1002/26,45,02/11/2026,03/11/2026,PH97010,NULL,N",
        "103,45/1003/26,45,03/11/2026,03/11/2026,PH97010,-,Y",
        "104,45/1004/26,45,03/11/2026,03/11/2026,PH97010,-,N",
        "105,45/1005/26,45,03/11/2026,03/11/2026,PH97010,-,N",
    ],
    "gradings.csv": ["Occ,Assessed", "101,04/11/2026", "102,05/11/2026", "103,05/11/2026", "104,06/11/2026"],
}  # fmt: skip


@pytest.fixture
def two_days(tmp_path):
    return written(tmp_path / "crimes-45", TWO_DAYS)


def test_where_two_columns_fit_alike_it_asks_and_makes_neither(proposal, two_days):
    proposed = propose(configured(), two_days)
    (question,) = proposed.questions
    assert (question.rows_of, question.column) == ("cases.csv", "opened_on")
    assert question.told[0] == "Recorded Date: 5 of 5 filled, 3 different: 99/99/9999"
    assert "          opened_on: [Recorded Date, Reported Date]\n" in proposed.text
    assert re.search("#   opened_on: Reported Date +# sure [(]5 of 5 cells[)]: 99/99/9999", proposed.text)
    with pytest.raises(Faults, match="opened_on is an open question: Recorded Date or Reported Date"):
        proposal(two_days)


@pytest.mark.parametrize(("answer", "made"), [(1, "Recorded Date"), (2, "Reported Date"), (NONE_OF_THEM, None)])
def test_an_answer_is_what_the_column_is_made_from(two_days, answer, made):
    proposed = propose(configured(), two_days, lambda _: answer)
    assert proposed.questions == []
    assert (f"opened_on: {made} " in proposed.text) is bool(made)
    assert ('opened_on: {always: ""}' in proposed.text) is not made


def test_columns_with_the_same_cells_and_those_of_a_joined_file_raise_no_question(tmp_path):
    same = [line.replace("Reported Date", "Created") for line in TWO_DAYS["occurrences.csv"]]
    rows = [[*line.split(",")[:4], line.split(",")[3], *line.split(",")[5:]] for line in same[1:]]
    joined = ["Occurrence Id,Reported Date", *(f"{101 + n},0{n + 1}/10/2026" for n in range(5))]
    folder = written(tmp_path / "same", {"occurrences.csv": [same[0], *map(",".join, rows)], "calls.csv": joined})
    assert propose(configured(), folder).questions == []


def test_files_are_joined_by_columns_of_other_names_whose_keys_are_there(two_days):
    text = propose(configured(), two_days).text
    assert "by: {own: Occurrence Id, theirs: Occ}}      # a guess, since the headers differ: 4 of 4 keys" in text
    with (two_days / "gradings.csv").open("a") as file:
        file.write("109,06/11/2026\n")
    assert "theirs: Occ" not in propose(configured(), two_days).text, "4 of 5 are too few"


def test_short_numbers_under_headers_that_share_no_word_are_not_joined(tmp_path):
    files = TWO_DAYS | {"gradings.csv": ["Row,Assessed", *(f"{101 + n},04/11/2026" for n in range(5))]}
    assert "look_up" not in propose(configured(), written(tmp_path / "some", files)).text


def test_where_two_columns_hold_the_keys_the_joins_are_written_down_for_somebody_to_choose(tmp_path):
    rows = [f"45/100{n}/26,45/100{6 - n}/26,04/11/2026" for n in range(1, 6)]
    files = TWO_DAYS | {"gradings.csv": ["First,Second,Assessed", *rows]}
    text = propose(configured(), written(tmp_path / "some", files)).text
    assert "    # look_up: which of these columns belong together with gradings.csv?\n" in text
    assert all(f"theirs: {name}" in text for name in ("First", "Second"))
    assert "\n    look_up:" not in text


def test_what_a_database_writes_for_nothing_is_blank_and_other_words_are_a_suggestion(two_days):
    text = propose(configured(), two_days).text
    assert 'blanks: ["NULL"]      # "NULL" is 1 cell of 1 column\n' in text
    assert '# blanks: ["NULL", "-"]      # a suggestion: "-" is 3 cells of 1 column\n' in text
    assert "  # Risk: 4 of 5 filled" in text


def test_cases_that_count_no_longer_are_to_be_finalised_and_not_left_out(two_days):
    text = propose(configured(), two_days).text
    assert (
        '    # a case with {column: Cancelled, is: ["y"]} is to be finalised, docs/adopting.md, "A case that is' in text
    )
    assert "leave_out: {column: Cancelled" not in text


def test_other_rows_that_count_no_longer_are_left_out_with_their_number(tmp_path):
    tasks = [
        "Task Ref,Crime No,Raised,Due,Status,Void",
        *(f"T{n},45/100{n}/26,03/11/2026,09/11/2026,Open,N" for n in range(1, 5)),
    ]
    files = {"tasks.csv": [*tasks, "T5,45/1001/26,03/11/2026,09/11/2026,Open,Y"]}
    text = propose(configured(), written(tmp_path / "tasks", files)).text
    assert '    leave_out: {column: Void, is: ["Y"]}      # 1 of 5 rows say so' in text
    notes = ["Ref,State", "a1,Live", "a2,Cancelled by Ann Lee"]
    text = propose(configured(), written(tmp_path / "some", TWO_DAYS | {"notes.csv": notes})).text
    assert "Ann" not in text


def test_a_usual_header_of_a_known_system_is_known_and_says_where_from(tmp_path):
    lines = [
        "Urn,EarliestCtlDate,NextHearingDate,Charged,Prosecutor",
        "45AB1000126,01/12/2026,02/12/2026,03/11/2026,L01",
    ]
    text = propose(configured(), written(tmp_path / "cms", {"cases.csv": lines})).text
    why = "sure (1 cell), a usual header of CMS (Polaris, Crown Prosecution Service, 2026)"
    assert said_of(text, "ctl_expires_on") == said_of(text, "next_hearing_on") == why


def test_each_known_system_names_its_document_and_columns_of_ours():
    columns = {column.name for file in FILES.values() for column in file.columns}
    assert {one.system for one in known_systems()} >= {"CMS", "NicheRMS"}
    for one in known_systems():
        assert set(one.headers) <= columns, one.system
        assert one.title
        assert one.address


def test_of_two_columns_of_one_name_the_second_is_named_so(tmp_path):
    lines = [
        "Crime No,Recorded,Offence,Recorded",
        "45/1,03/11/2026,PH97010,04/11/2026",
        "45/2,03/11/2026,PH97010,05/11/2026",
    ]
    (question,) = propose(configured(), written(tmp_path / "some", {"crimes.csv": lines})).questions
    assert question.choices == ("Recorded", "Recorded (2)")
