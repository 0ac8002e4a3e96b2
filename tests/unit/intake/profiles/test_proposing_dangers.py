"""A proposed profile never takes for known what would silence a danger: who is a suspect, what is over, whose it is."""

import pytest

from flows.configured import configured
from tasks.intake.profiles.proposal.composing import propose
from tests.unit.intake.profiles.proposing import columns, part, proposal, said_of, written

__all__ = ["proposal"]
CRIMES = [
    "InvestigationId,Crime No,RecordedDtTm,Offence,StatusCode,FinalisedDtTm",
    *(f"8841{n},45/100{n}/26,0{n}/11/2026 08:00:00,PH97010,{state},{day}" for n, state, day in (
        (1, "OPEN", "01/01/1900 00:00:00"), (2, "OPEN", "01/01/1900 00:00:00"), (3, "OPEN", "01/01/1900 00:00:00"),
        (4, "FIN", "09/11/2026 10:00:00"), (5, "{}", "10/11/2026 10:00:00"),
    )),
]  # fmt: skip


def crimes(state="FIN"):
    return [line.format(state) for line in CRIMES]


def test_a_day_that_a_database_has_for_none_is_none(proposal, tmp_path):
    text, found = proposal(written(tmp_path / "rms-45", {"inv.csv": crimes()}))
    assert set(found.blanks) == {"01/01/1900 00:00:00"}
    assert said_of(text, "finalised_on") == "sure (2 of 2 cells)"


def test_a_day_of_closing_beside_states_that_may_go_on_is_asked(tmp_path):
    questions = propose(configured(), written(tmp_path / "rms-45", {"inv.csv": crimes("FLDC")})).questions
    (question,) = (one for one in questions if one.column == "finalised_on")
    assert question.doubt == "It is filled where StatusCode is FIN (1 row), FLDC (1 row): is a case over in each?"


PERSONS = ["InvestigationId,PersonId,InvolvedAs,SuspStatus,LinkDeleted", *(
    f"8841{n},N{n},{'SUS' if n % 2 else 'VIC'},{'Wanted' if n % 2 else ''},{'1' if n == 5 else ''}" for n in range(1, 6)
)]  # fmt: skip


@pytest.mark.parametrize("header", ["InvolvedAs", "LinkRoleCode"])
def test_persons_are_suspects_by_their_roles_whatever_the_header(proposal, tmp_path, header):
    lines = [line.replace("InvolvedAs", header) for line in PERSONS]
    _, found = proposal(written(tmp_path / "rms-45", {"inv.csv": crimes(), "persons.csv": lines}))
    only = [(one.column, one.is_, one.is_not) for one in part(found, "suspects.csv").only]
    assert only == [(header, ("SUS",), None), ("LinkDeleted", None, ("1",))]


def test_suspects_are_made_of_the_file_that_has_them_all(proposal, tmp_path):
    bail = ["InvestigationId,PersonId,ReleaseDt,BailTo,VictimViews", "88411,N1,01/11/2026,11/12/2026,01/11/2026"]
    bail.append("88413,N3,02/11/2026,12/12/2026,")
    _, found = proposal(written(tmp_path / "rms-45", {"inv.csv": crimes(), "bail.csv": bail, "persons.csv": PERSONS}))
    (file,) = (file for file in found.files for made in file.makes if made.rows_of == "suspects.csv")
    assert (file.read, columns(found, "suspects.csv")["bail_ends_on"].from_) == ("persons.csv", ("bail / BailTo",))


def test_a_number_in_brackets_after_a_name_is_a_reference(proposal, tmp_path):
    lines = ["URN,Charged,AllocatedLawyer", *(f'45AB100{n}126,0{n}/11/2026,"ORR, Amy (WX2{n})"' for n in range(1, 6))]
    _, found = proposal(written(tmp_path / "cms-se", {"cases.csv": lines}))
    made = columns(found, "cps_cases.csv")["prosecutor_ref"]
    assert (made.replace, made.part) == ({"(": "", ")": ""}, 3)


def test_a_review_of_something_is_no_joint_review(proposal, tmp_path):
    lines = ["InvestigationId,ReleaseReviewDt", *(f"8841{n},1{n}/11/2026" for n in range(1, 6))]
    text, _ = proposal(written(tmp_path / "rms-45", {"inv.csv": crimes(), "release.csv": lines}))
    assert "reviews.csv\n" not in text
    lines[0] = "InvestigationId,Review Date"
    text, _ = proposal(written(tmp_path / "rms-46", {"inv.csv": crimes(), "meetings.csv": lines}))
    assert said_of(text, "kind") == "missing: name the column that holds it"
    text, _ = proposal(written(tmp_path / "rms-47", {"inv.csv": crimes(), "joint meetings.csv": lines}))
    assert said_of(text, "kind") == "a guess"


TASKS = [
    "TaskId,Crime No,Task,RaisedDtTm,TargetDt,StatusCode,AssignedTo",
    *(f"T{n},45/100{n}/26,CCTV,0{n}/11/2026 09:00:00,1{n}/12/2026,{'CO' if n % 2 else 'NW'},{n}2" for n in range(1, 6)),
]
STAFF = ["Collar No,Email,Role", *(f"00{n}2,a{n}@northshire.police.uk,OIC" for n in range(1, 6)), "Q-1,,OIC"]


def test_whom_a_case_is_kept_from_is_known_though_a_zero_was_lost(proposal, tmp_path):
    denied = [
        f"{line},{cell}" for line, cell in zip(crimes(), ["DenyCollarList", "12|22", "", "0032", "", ""], strict=True)
    ]
    _, found = proposal(written(tmp_path / "rms-45", {"inv.csv": denied, "staff.csv": STAFF}))
    barred = columns(found, "cases.csv")["barred_refs"]
    assert (barred.from_, barred.list_at, barred.pad) == (("DenyCollarList",), "|", 4)


def test_marks_of_which_more_than_one_may_say_yes_are_asked(tmp_path):
    marks = zip(crimes(), ["RSTRCT_FLG", "N", "R", "C", "N", "N"], strict=True)
    folder = written(tmp_path / "rms-45", {"inv.csv": [f"{line},{mark}" for line, mark in marks]})
    (question,) = (one for one in propose(configured(), folder).questions if one.column == "restricted")
    assert question.doubt == "Nothing is known of R (1 row), C (1 row): what does each mean?"


def test_a_task_s_state_is_not_its_case_s_and_its_owner_s_lost_zeros_are_put_back(tmp_path):
    files = {"inv.csv": crimes(), "tasks.csv": TASKS, "staff.csv": STAFF}
    proposed = propose(configured(), written(tmp_path / "rms-45", files))
    (question,) = (one for one in proposed.questions if one.rows_of == "actions.csv")
    assert (question.column, question.choices) == ("status", ("StatusCode",))
    assert "owner_ref: {from: AssignedTo, pad: 4}" in proposed.text


CALLS = ["Log No,Crime No,Incident From", *(f"000{1 + n % 2},45/100{n}/26,0{n}/11/2026" for n in range(1, 6))]


def test_a_reference_that_begins_again_each_day_is_one_with_the_case_s(proposal, tmp_path):
    _, found = proposal(written(tmp_path / "cc-45", {"calls.csv": CALLS, "inv.csv": crimes()}))
    made = columns(found, "incidents.csv")["incident_ref"]
    assert (made.from_, made.joined) == (("Crime No", "Log No"), "-")


def test_a_reference_that_several_rows_of_a_case_have_is_asked(tmp_path):
    calls = [*CALLS, "0002,45/1001/26,09/11/2026"]
    proposed = propose(configured(), written(tmp_path / "cc-45", {"calls.csv": calls, "inv.csv": crimes()}))
    (question,) = (one for one in proposed.questions if one.rows_of == "incidents.csv")
    assert (question.column, question.doubt) == (
        "incident_ref", "Several rows have the same: which column beside it tells them apart?",
    )  # fmt: skip


def test_a_custody_limit_beside_a_state_of_its_own_is_asked(tmp_path):
    lines = ["DefendantId,URN,Custody,CtlStatus,CtlExpiry,Lawyer", *(
        f"D{n},45AB100{n}126,Custody,{'LIFT' if n % 2 else 'ACT'},1{n}/12/2026,L1" for n in range(1, 6)
    )]  # fmt: skip
    (question,) = propose(configured(), written(tmp_path / "cms-se", {"defendants.csv": lines})).questions
    assert (question.column, question.doubt) == (
        "ctl_expires_on", "Of CtlStatus some rows are LIFT (3 rows), ACT (2 rows): which of them count?",
    )  # fmt: skip


@pytest.mark.parametrize(("case", "made"), [("45/1009/26", False), ("", True)])
def test_orders_of_which_some_name_their_case_by_its_urn_alone_have_both(proposal, tmp_path, case, made):
    orders = [
        "OrderId,Crime No,CMS URN,OrderType,AppliedDt,ExpiryDt",
        f"O9,{case},45AB1009126,SPO,01/11/2026,01/12/2028",
    ]
    orders += [f"O{n},45/100{n}/26,45AB100{n}126,SPO,0{n}/11/2026,1{n}/12/2028" for n in range(1, 6)]
    _, found = proposal(written(tmp_path / "rms-45", {"orders.csv": orders}))
    assert ("urn" in columns(found, "orders.csv")) is made


def test_an_order_that_is_refused_or_deleted_is_none_by_either_column(proposal, tmp_path):
    orders = ["OrderId,Crime No,OrderType,StateCode,AppliedDt,ExpiryDt,DeletedInd", *(
        f"O{n},45/100{n}/26,SPO,{'REFU' if n == 5 else 'SERV'},0{n}/11/2026,1{n}/12/2028,{'Y' if n == 1 else ''}"
        for n in range(1, 6)
    )]  # fmt: skip
    text = propose(configured(), written(tmp_path / "rms-45", {"orders.csv": orders})).text
    assert '{column: StateCode, is_not: [REFU]}, {column: DeletedInd, is_not: ["Y"]}]' in text


def test_a_file_of_which_one_late_row_has_a_quoted_separator_is_read_with_quotes(proposal, tmp_path):
    lines = [f'{line},The 6" knife' for line in crimes()]
    lines += [lines[1].replace("88411", f"88{n}").replace("1001", f"{n}") for n in range(1100, 1160)]
    lines[0] = lines[0].replace('The 6" knife', "Summary")
    _, found = proposal(written(tmp_path / "rms-45", {"inv.csv": lines}))
    assert not found.files[0].quotes
    lines[50] = lines[50].replace('The 6" knife', '"Knife, seized"')
    _, found = proposal(written(tmp_path / "rms-46", {"inv.csv": lines}))
    assert found.files[0].quotes


def test_cases_that_are_deleted_or_merged_into_others_are_left_out_with_their_number(proposal, tmp_path):
    marks = zip(crimes(), ["DelInd,MergedIntoRef", "N,", "N,45/1002/26", "Y,", "N,", "N,"], strict=True)
    folder = written(tmp_path / "rms-45", {"inv.csv": [f"{line},{mark}" for line, mark in marks]})
    text, found = proposal(folder)
    left = [(one.column, one.is_, one.filled) for one in found.files[0].leave_out or ()]
    assert left == [("DelInd", ("Y",), None), ("MergedIntoRef", None, True)]
    assert "# 1 of 5 rows say so; 1 of 5 rows have one; a case that was loaded before stays open" in text


def test_calls_of_which_many_name_no_case_are_asked_whose_they_are_and_told_apart_by_their_day(tmp_path):
    calls = ["Log No,Log Date,Crime No,Incident From", *(
        f"000{1 + n % 2},0{n}/11/2026,{'45/100' if n < 3 else '45 100'}{n}/26,0{n}/11/2026" for n in range(1, 6)
    )]  # fmt: skip
    proposed = propose(configured(), written(tmp_path / "cc-45", {"calls.csv": calls, "inv.csv": crimes()}))
    (question,) = (one for one in proposed.questions if one.rows_of == "incidents.csv")
    assert question.column == "case_ref"
    assert question.doubt.startswith("2 of 5 references are found in inv.csv: ")
    assert 'incident_ref: {from: [Log Date, Log No], joined: "-"}' in proposed.text
