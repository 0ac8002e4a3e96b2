"""A proposed profile of files whose keys are written in several ways, and of rows of which a limit may be hidden."""

import pytest

from flows.configured import configured
from tasks.intake.profiles.proposal.composing import propose
from tests.unit.intake.profiles.proposing import proposal, written

__all__ = ["proposal"]
CRIMES = [
    "OCC_ID,CRIME_NO,CREATED_DTM,OFFENCE_CD,OIC",
    *(f"8841{n},45/100{n}/26,0{n}/11/2026 08:00,PH97010,{470 + n}" for n in range(1, 6)),
]  # fmt: skip
LINKS = ["OCC_KEY,PERS_ID,ROLE_CD,CHARGE_DT", *(f"0000884{n},3100{n},SUS,02/11/2026" for n in range(11, 16))]
BAILS = [
    "PERS_ID,OCC_ID,FROM_DT,BAIL_TO",
    *(f"0003100{n},884{n},01/11/2026,1{n - 10}/12/2026" for n in range(11, 16)),
]


def look_ups(found, read):
    return {one.in_: one for one in next(file for file in found.files if file.read == read).look_up}


def test_keys_that_differ_by_zeros_are_padded_and_a_person_is_found_by_the_case_too(proposal, tmp_path):
    files = {"occ.csv": CRIMES, "links.csv": LINKS, "pcb.csv": BAILS}
    _, found = proposal(written(tmp_path / "rms-45", files))
    found = look_ups(found, "links.csv")
    (case,) = found["occ.csv"].by
    assert (case.own.from_, case.theirs.from_, case.theirs.pad) == (("OCC_KEY",), ("OCC_ID",), 9)
    bail = {key.own.from_[0]: (key.own.pad, key.theirs.pad) for key in found["pcb.csv"].by}
    assert bail == {"OCC_KEY": (None, 9), "PERS_ID": (9, None)}


def test_a_number_of_staff_behind_letters_is_found_by_its_digits(proposal, tmp_path):
    staff = ["Collar,Name,Duty", *(f"0047{n},Al Fox,OIC" for n in range(1, 6))]
    mail = ["User,Mail", *(f"WM47{n},a{n}@northshire.police.uk" for n in range(1, 6))]
    _, found = proposal(written(tmp_path / "rms-45", {"staff.csv": staff, "mail.csv": mail, "occ.csv": CRIMES}))
    (key,) = look_ups(found, "staff.csv")["mail.csv"].by
    assert (key.own.from_, key.theirs.digits, key.theirs.pad) == (("Collar",), True, 5)


def test_numbers_with_other_letters_are_not_one(tmp_path):
    lines = ["LOG_ID,OCC_ID,RISK", *(f"L{n},X{n}8841{n},High" for n in range(1, 6))]
    assert (
        "look_up" not in propose(configured(), written(tmp_path / "rms-45", {"occ.csv": CRIMES, "l.csv": lines})).text
    )


MATTERS = ["CaseId,URN,Charged,Prosecutor", *(f"70010{n},45AB100{n}126,0{n}/11/2026,L01" for n in range(1, 6))]


@pytest.mark.parametrize(
    ("header", "column"), [("CTLExpiry", "ctl_expires_on"), ("HearingDate", "next_hearing_on")],
)  # fmt: skip
def test_of_several_limits_of_a_case_none_is_hidden_by_a_later_one(tmp_path, header, column):
    lines = [f"CaseId,{header},Registered", *(f"70010{n},1{n}/12/2026,0{n}/11/2026" for n in range(1, 6))]
    files = {"cases.csv": MATTERS, "more.csv": [*lines, "700101,30/12/2026,09/11/2026"]}
    proposed = propose(configured(), written(tmp_path / "cms-se", files))
    assert column in {question.column for question in proposed.questions}
    assert f"newest_by: {header}" not in proposed.text


HISTORY = [
    "OCC_ID,VER_NO,STAT_DT,Risk",
    *(f"8841{n},1,0{n}/11/2026,Standard" for n in range(1, 6)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "by"),
    [
        (["88411,2,01/11/2026,High"], ("STAT_DT", None)),
        (["88411,3,09/11/2026,High", "88411,2,10/11/2026,High"], (None, "VER_NO")),
    ],
)
def test_the_newest_day_counts_only_where_it_is_the_highest_version(proposal, tmp_path, rows, by):
    files = {"occ.csv": CRIMES, "history.csv": [*HISTORY, *rows]}
    _, found = proposal(written(tmp_path / "rms-45", files))
    (one,) = next(file for file in found.files if file.makes).look_up
    assert (one.newest_by, one.highest_by) == by


def test_the_form_of_days_that_is_always_read_is_named_where_one_says_which_row_counts(proposal, tmp_path):
    risk = ["OCC_ID,Assessed,Risk", *(f"8841{n},2026-11-0{n} 07:15:00,High" for n in range(1, 6))]
    files = {"occ.csv": CRIMES, "risk.csv": [*risk, "88411,2026-11-09 07:15:00,Standard"]}
    _, found = proposal(written(tmp_path / "rms-45", files))
    assert [form.text for form in next(file for file in found.files if file.read == "risk.csv").days] == ["YYYY-MM-DD"]


def test_a_file_of_which_somebody_has_to_say_how_it_is_looked_up_is_a_comment_until_then(proposal, tmp_path):
    links = ["OCC_ID,Relationship", *(f"8841{n},Ex-partner" for n in range(1, 6)), "88411,Stranger"]
    text, found = proposal(written(tmp_path / "rms-45", {"occ.csv": CRIMES, "links.csv": links}))
    assert [file.read for file in found.files] == ["occ.csv"]
    assert "\n  #- read: links.csv\n" in text
