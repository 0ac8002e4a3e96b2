"""A proposed profile of an export that writes short: words, marks, days and references as nobody explains them."""

import re

import pytest

from config.sources.cells import Take
from flows.configured import configured
from tasks.intake.profiles.proposal.composing import propose
from tests.unit.intake.profiles.proposing import columns, part, proposal, said_of, written

__all__ = ["proposal"]
VERSIONS = [
    "OCC_ID,OCC_VER,CRIME_NO,REC_DTTM,STAT_DT,OIC,RSTRCT_FLG,HO_CLASS",
    "88411,1,45SC / 1001 / 26,01/11/2026 08:00,01/11/2026,471,N,008/65",
    "88411,2,45SC/1001/26,01/11/2026 08:00,05/11/2026,472,N,008/65",
    "88412,1,45SC/1002/26,02/11/2026 08:00,02/11/2026,472,R,008/65",
    "88413,1,45SC/1003/26,02/11/2026 08:00,02/11/2026,472,N,008/65",
]
GRADES = ["RA_ID,OCC_KEY,RA_DTTM,GRADE", *(f"R{n},00008841{n},0{n}/11/2026 09:00,{n}" for n in range(1, 4))]
CALLS = ["INC_NO,OCC_ID,CALL_DTTM,OCC_FROM_DT,BREACH_FLG", *(
    f"C{n},8841{n},0{n}/11/2026 20:00,0{n}/11/2026,{'B' if n > 2 else 'N'}" for n in range(1, 4)
)]  # fmt: skip


def test_versions_of_a_case_are_gathered_by_the_system_s_number_in_the_order_of_their_days(proposal, tmp_path):
    _, found = proposal(written(tmp_path / "rms-45", {"occ.csv": VERSIONS, "calls.csv": CALLS}))
    cases = part(found, "cases.csv")
    assert (cases.one_row_for, cases.in_order_of) == (("OCC_ID",), "STAT_DT")
    assert cases.columns["case_ref"].replace == {" ": ""}, "the same number, with gaps and without"
    assert cases.columns["restricted"].codes == {"N": "no", "R": "yes"}
    calls = next(file for file in found.files if file.read == "calls.csv")
    assert [(one.in_, one.newest_by) for one in calls.look_up] == [("occ.csv", "STAT_DT")]
    assert calls.makes[0].columns["breach"].codes == {"N": "no", "B": "yes"}
    assert calls.makes[0].columns["reported_on"].from_ == ("CALL_DTTM",)


def test_versions_that_no_day_puts_in_order_are_asked(tmp_path):
    late = [line.replace("05/11/2026", "01/10/2026") for line in VERSIONS]
    doubts = {
        one.column: one.doubt for one in propose(configured(), written(tmp_path / "rms", {"o.csv": late})).questions
    }
    assert doubts["oic_ref"] == "Lines of one case differ in it: which of them counts?"


def test_grades_that_are_numbers_are_asked_and_not_guessed(proposal, tmp_path):
    proposed = propose(configured(), written(tmp_path / "rms-45", {"occ.csv": VERSIONS, "risk.csv": GRADES}))
    (question,) = proposed.questions
    assert (question.column, question.choices) == ("risk", ("risk / GRADE",))
    assert question.doubt == "Nothing is known of 1 (2 rows), 2 (1 row), 3 (1 row): what does each mean?"
    assert "#   risk: risk / GRADE  " in proposed.text


DUE = ("TBC", "46372", "soon", "09/12/2026", "")
TASKS = ["TASK_NO,Crime No,Task,Raised,Due,TASK_ST,Owner", *(
    f"T{n},45/100{n}/26,CCTV,0{n}/11/2026,{day},{'Done' if n % 2 else 'Open'},47{n}0" for n, day in enumerate(DUE, 1)
)]  # fmt: skip


def test_a_word_in_a_column_of_days_is_empty_only_if_it_says_that_there_is_no_day_yet(proposal, tmp_path):
    _, found = proposal(written(tmp_path / "tasks-45", {"tasks.csv": TASKS}))
    assert columns(found, "actions.csv")["due_on"].codes == {"tbc": ""}


def test_serials_beside_written_days_are_days(proposal, tmp_path):
    lines = [line.replace("soon", "46373").replace("TBC", "") for line in TASKS]
    _, found = proposal(written(tmp_path / "tasks-45", {"tasks.csv": lines}))
    assert [form.text for form in found.files[0].days] == ["DD/MM/YYYY", "serial"]


def test_states_of_tasks_that_nobody_knows_are_asked_though_a_day_of_closing_is_there(tmp_path):
    lines = [line.replace("Done", "C").replace("Open", "N") for line in TASKS]
    proposed = propose(configured(), written(tmp_path / "tasks-45", {"tasks.csv": lines}))
    assert [question.column for question in proposed.questions] == ["status"]


PLAN = ["ApId;URN;Item;Requested;ResponseBy;Status;Lawyer", "1;45AB1001126;CCTV;01-Nov-2026;02-Dec-2026;Open;L1"]


@pytest.mark.parametrize(
    ("name", "owner"), [("ActionPlanRequests.csv", "likely: it is what CPS ask of the police"), ("work.csv", "missing")]
)
def test_whose_a_task_of_a_prosecution_system_is_is_said_only_of_an_action_plan(proposal, tmp_path, name, owner):
    text, _ = proposal(written(tmp_path / "cms-se", {name: PLAN}))
    assert said_of(text, "owner_agency").startswith(owner)
    assert ("source: {always: action_plan}" in text) is (name != "work.csv")


STAFF = ["Collar,Name,Duty,Line manager", *(f"0047{n},Al Fox,OIC,00471" for n in range(1, 6))]
MAIL = ["User,Mail", *(f"WM47{n},a{n}@northshire.police.uk" for n in range(1, 5))]


def test_an_address_is_looked_up_by_one_s_own_number_and_not_by_one_s_manager_s(proposal, tmp_path):
    text, found = proposal(written(tmp_path / "rms-45", {"staff.csv": STAFF, "mail.csv": MAIL, "occ.csv": VERSIONS}))
    (look_up,) = next(file for file in found.files if file.read == "staff.csv").look_up
    assert look_up.by[0].own.from_ == ("Collar",)
    assert columns(found, "contacts.csv")["email"].from_ == ("mail / Mail",)
    only = [line.replace("WM47", "WM67") for line in MAIL[:-1]] + ["WM471,b@northshire.police.uk"]
    text, _ = proposal(written(tmp_path / "rms-46", {"staff.csv": STAFF, "mail.csv": only, "occ.csv": VERSIONS}))
    assert "email: mail" not in text


def test_a_case_is_not_given_a_day_of_one_of_its_tasks(proposal, tmp_path):
    tasks = [TASKS[0].replace("Due", "Closed Date"), *TASKS[1:2], TASKS[1].replace("T1", "T6"), *TASKS[4:]]
    crimes = ["Crime No,Recorded,Offence", *(f"45/100{n}/26,01/11/2026,PH97010" for n in range(1, 6))]
    _, found = proposal(written(tmp_path / "rms-45", {"crimes.csv": crimes, "tasks.csv": tasks}))
    assert "finalised_on" not in columns(found, "cases.csv")


def test_the_name_of_a_file_says_of_what_its_columns_are(proposal, tmp_path):
    crimes = ["OCC_ID,Crime No,Recorded,Offence", *(f"8841{n},45/100{n}/26,01/11/2026,PH97010" for n in range(1, 6))]
    bail = ["OCC_ID,Susp Id,FROM_DT,TO_DT", *(f"8841{n},S{n},01/11/2026,1{n}/12/2026" for n in range(1, 6))]
    _, found = proposal(written(tmp_path / "rms-45", {"crimes.csv": crimes, "PCB_021226.csv": bail}))
    assert columns(found, "suspects.csv")["bail_ends_on"].from_ == ("TO_DT",)


def test_a_history_of_statuses_takes_the_newest(proposal, tmp_path):
    lines = ["OCC_KEY,PERS_ID,ST_SEQ,STAT_CD,EFF_DT", "88411,N1,1,CHG,01/11/2026", "88411,N1,2,REM,01/11/2026"]
    lines += ["88412,N2,1,WNT,02/11/2026", "88413,N3,1,RUI,02/11/2026", "88413,N3,2,VA,03/11/2026"]
    _, found = proposal(written(tmp_path / "rms-45", {"occ.csv": VERSIONS, "status.csv": lines}))
    made = part(found, "suspects.csv")
    assert (made.one_row_for, made.in_order_of) == (("OCC_KEY", "PERS_ID"), "EFF_DT")
    assert (made.columns["suspect_status"].take, made.columns["charged_on"].take) == (Take.NEWEST, Take.FIRST)


LOG = ["LOG_ID,OCC_ID,LOG_TYP,Victim Contact", *(
    f"V{n},8841{1 + n % 3},{'UPD' if n % 2 else 'SUP'},{n:02}/11/2026" for n in range(1, 7)
)]  # fmt: skip


def test_of_a_log_of_several_kinds_no_newest_day_is_taken(tmp_path):
    folder = written(tmp_path / "rms-45", {"occ.csv": VERSIONS, "vic.csv": LOG})
    doubts = {one.column: one.doubt for one in propose(configured(), folder).questions}
    assert (
        doubts["victim_contacted_on"] == "Of LOG_TYP the rows are UPD (3 rows), SUP (3 rows): of which of them is it?"
    )


def test_notes_of_a_log_are_no_kinds_and_its_newest_day_is_taken(proposal, tmp_path):
    log = [line.replace("UPD", "rang her at work").replace("SUP", "rang her at home") for line in LOG]
    _, found = proposal(written(tmp_path / "rms-45", {"occ.csv": VERSIONS, "vic.csv": log}))
    assert columns(found, "cases.csv")["victim_contacted_on"].from_ == ("vic / Victim Contact",)


def test_the_name_of_a_looked_up_file_alone_names_none_of_its_columns(proposal, tmp_path):
    log = [line.replace("Victim Contact", "When").replace("LOG_TYP", "BY") for line in LOG]
    text, _ = proposal(written(tmp_path / "rms-45", {"occ.csv": VERSIONS, "victim contact.csv": log}))
    assert "victim_contacted_on:" not in text
    assert "victim_key:" not in text


def test_who_may_read_restricted_cases_is_asked(tmp_path):
    lines = [
        "Collar,Name,Email,Post",
        "4471,Al Fox,a@northshire.police.uk,OIC",
        "4472,Ed Ray,e@northshire.police.uk,SPOC",
    ]
    proposed = propose(configured(), written(tmp_path / "staff-45", {"staff.csv": lines}))
    (question,) = proposed.questions
    assert (question.column, question.doubt) == (
        "restricted_access", "May SPOC read restricted cases, and nobody else?",
    )  # fmt: skip
    assert 'restricted_access: {from: Post, codes: {SPOC: "yes"}, otherwise: "no"}' in proposed.text


PLEAS = [
    "OutcomeId;URN;Kind;OutcomeDate;OnCharge;PleaTo;VictimConsulted;Lawyer",
    "O1;45AB1001126;PLEA;27-Nov-2026;PH97011;PH97004;;L1", "O2;45AB1002126;RO;01-Nov-2026;;;;L1",
]  # fmt: skip


def test_a_day_without_which_rows_are_none_is_asked_of_the_days_that_nothing_else_names(tmp_path):
    proposed = propose(configured(), written(tmp_path / "cms-se", {"outcomes.csv": PLEAS}))
    (question,) = (one for one in proposed.questions if one.rows_of == "pleas.csv")
    assert (question.column, question.choices) == ("offered_on", ("OutcomeDate",))
    assert "only: {column: Kind, is: [PLEA]}" in proposed.text
    assert re.search("plea_code: PleaTo  .*# sure", proposed.text)


def test_offences_by_their_section_and_words_are_looked_up_as_a_list(proposal, tmp_path):
    titles = ["Stalking s.4A(1)(b)(i) PHA 97 - fear of violence", "Stalking s.2A PHA 97 - no fear/alarm", "Theft"]
    rows = [f"00008841{n},{titles[n - 1]}" for n in (1, 2, 3)]
    files = {"occ.csv": [line.rpartition(",")[0] for line in VERSIONS]}
    files["classifn.csv"] = ["OCC_KEY,WORDING", *rows, f"000088411,{titles[1]}"]
    _, found = proposal(written(tmp_path / "rms-45", files))
    made = columns(found, "cases.csv")["offence_codes"]
    assert (made.list_at, made.codes) == (";", {titles[0]: "PH97010", titles[1]: "PH97006"})
