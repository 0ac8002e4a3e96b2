"""Rows: their COPY text, their problems and warnings, and what a withdrawn row keeps."""

from datetime import date

import pytest

from models.errors import Refuse
from tasks.intake import rows as module
from tasks.intake.files import FILES
from tasks.intake.forms import CellSetting
from tasks.intake.manifest import Mode
from tasks.intake.rows import LONGEST_REMEMBERED, REMEMBERED, Cells, JudgedRow, RowJudge
from tasks.intake.sentences import without_cells

SETTING = CellSetting(date(2026, 3, 16), frozenset({"45"}), ("police.uk",))
ACTIONS = FILES["actions.csv"]
ORDINARY = {
    "action_ref": "A1", "force_code": "45", "case_ref": "1", "kind": "CCTV", "source": "investigation",
    "owner_agency": "police", "status": "pending", "raised_on": "2026-03-01",
}  # fmt: skip


def judge_of(header, mode=Mode.SNAPSHOT, file=ACTIONS):
    return RowJudge(file, list(header), mode, SETTING)


def judged(mode=Mode.SNAPSHOT, **changed):
    cells = {name: value for name, value in {**ORDINARY, **changed}.items() if value is not None}
    (found,) = judge_of(cells, mode).judge([(2, list(cells.values()))])
    return found


def value(found, name):
    """One column of a row's COPY text; before the file's columns are its line, whether it is bad, and withdrawn."""
    text = found if isinstance(found, str) else found.text
    names = ["line", "bad", "withdrawn"]
    for column in ACTIONS.columns:
        names += ["urn", "urn_suffix"] if column.name == "urn" else [column.name]
    return dict(zip(names, text.rstrip("\n").split("\t"), strict=True))[name]


def test_a_row_without_problems_is_only_its_text():
    found = judged()
    assert isinstance(found, str)
    assert found.endswith("\n")
    assert [value(found, name) for name in ("line", "bad", "withdrawn", "action_ref", "status")] == [
        "2", "f", "f", "A1", "pending",
    ]  # fmt: skip
    assert value(found, "closed_on") == "\\N", "a column that is not there is empty"
    assert list(judge_of(ORDINARY).judge([])) == []


def test_every_row_of_a_batch_keeps_its_line():
    rows = [(line, list({**ORDINARY, "action_ref": f"A{line}"}.values())) for line in (2, 5, 9)]
    found = list(judge_of(ORDINARY).judge(rows))
    assert [(value(each, "line"), value(each, "action_ref")) for each in found] == [
        ("2", "A2"),
        ("5", "A5"),
        ("9", "A9"),
    ]


def test_cells_are_trimmed_and_read_by_their_form():
    found = judged(action_ref=" A 1 ", status=" DONE ", closed_on="02/03/2026")
    assert [value(found, name) for name in ("action_ref", "status", "closed_on")] == ["A 1", "done", "2026-03-02"]


PROBLEMS = [
    'status "open?" is not one of pending, waiting_third_party, done, cancelled, not_possible',
    "raised_on is empty",
    "names no case: give force_code and case_ref, or urn",
]


def test_every_problem_of_a_row_is_gathered_and_its_key_is_kept():
    found = judged(status="open?", raised_on="", case_ref="")
    assert isinstance(found, JudgedRow)
    assert [str(each) for each in found.problems] == PROBLEMS
    assert (found.line, found.warnings, value(found, "bad"), value(found, "action_ref")) == (2, (), "t", "A1")
    assert value(found, "status") == "\\N"


def test_what_may_be_free_text_is_replaced_with_a_warning():
    found = judged(kind="spoke to Jane Smith at noon")
    assert isinstance(found, JudgedRow)
    assert (value(found, "kind"), value(found, "bad"), list(found.problems)) == ("UNSTATED", "f", [])
    assert [str(each) for each in found.warnings] == [
        (
            "kind is not a kind in one to four words of letters and digits, at most 64 characters: "
            "it was loaded as UNSTATED"
        )
    ]
    assert judged(kind="spoke to Jane Smith at noon", status="?").warnings == ()


A_CASE = {
    "force_code": "45", "case_ref": "C1", "opened_on": "2026-03-01", "offence_codes": "PH97010", "oic_ref": "P1",
    "urn": "45AB1234526", "supervisor_ref": "P2", "cps_area": "",
}  # fmt: skip
ROOT = "urn {}does not begin with a URN root: two digits, two letters or digits, seven digits"


@pytest.mark.parametrize(
    ("cell", "warning"),
    [
        ({"urn": "see file"}, ROOT.format('"see file" ')),
        ({"oic_ref": ""}, "oic_ref is empty"),
        (
            {"oic_ref": "x" * 65},
            f'oic_ref "{"x" * 40}…" is not a reference: 1 to 64 plain characters',
        ),
        ({"supervisor_ref": "Jane Smith"}, 'supervisor_ref "Jane Smith" is words without a number'),
    ],
)
def test_a_case_without_its_officer_or_with_a_bad_urn_is_loaded_with_a_warning(cell, warning):
    cells = {**A_CASE, **cell}
    (found,) = judge_of(cells, file=FILES["cases.csv"]).judge([(2, list(cells.values()))])
    assert isinstance(found, JudgedRow)
    (said,) = found.warnings
    assert said.startswith(warning)
    assert said.endswith(": it was loaded without")
    assert (list(found.problems), *found.text.split("\t")[:5]) == ([], "2", "f", "f", "45", "C1")


def test_a_supervisor_who_is_nobody_is_no_warning():
    cells = {**A_CASE, "supervisor_ref": ""}
    (found,) = judge_of(cells, file=FILES["cases.csv"]).judge([(2, list(cells.values()))])
    assert isinstance(found, str)


def test_a_bad_urn_is_a_problem_only_of_a_row_that_names_its_case_by_nothing_else():
    (warning,) = judged(urn="45AB").warnings
    assert without_cells(warning) == ROOT.format("") + ": it was loaded without"
    (problem,) = judged(force_code=None, case_ref=None, urn="45AB").problems
    assert (str(problem), without_cells(problem)) == (ROOT.format('"45AB" '), ROOT.format(""))


def test_a_urn_of_no_force_is_only_a_warning():
    found = judged(force_code=None, case_ref=None, urn="99AB1234526")
    assert isinstance(found, JudgedRow)
    assert (list(found.problems), len(found.warnings), value(found, "bad")) == ([], 1, "f")
    assert value(found, "urn") == "99AB1234526"


def test_a_cell_that_is_never_shown_is_not_in_its_problem():
    contacts = FILES["contacts.csv"]
    header = [column.name for column in contacts.columns if column.required]
    cells = ["secret@elsewhere.test" if name == "email" else "?" for name in header]
    (found,) = judge_of(header, file=contacts).judge([(2, cells)])
    (problem,) = [each for each in found.problems if each.startswith("email")]
    assert problem == "email is not in an allowed domain (police.uk)"


def test_a_withdrawn_row_of_a_delta_needs_only_its_key():
    found = judged(Mode.DELTA, withdrawn="yes", status="?", raised_on="")
    assert isinstance(found, JudgedRow)
    assert (list(found.problems), value(found, "withdrawn"), value(found, "bad")) == ([], "t", "f")
    assert (value(found, "action_ref"), value(found, "status")) == ("A1", "\\N")
    assert judged(Mode.DELTA, withdrawn="no") == judged()
    assert value(judged(Mode.DELTA, withdrawn="yes"), "status") == "\\N"


def test_a_snapshot_has_no_column_of_withdrawn_rows():
    judge = judge_of([*ORDINARY, "withdrawn", "colour"])
    assert judge.unknown == ["withdrawn", "colour"]
    assert judge_of([*ORDINARY, "withdrawn", "colour"], Mode.DELTA).unknown == ["colour"]
    (found,) = judge.judge([(2, [*ORDINARY.values(), "yes", "red"])])
    assert value(found, "withdrawn") == "f"


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (
            [*ORDINARY, "status", "kind", "status", "colour", "colour"],
            "actions.csv has the column kind, status more than once.",
        ),
        (
            [name for name in ORDINARY if name not in {"status", "raised_on"}],
            "actions.csv has no column status, raised_on, which it must have.",
        ),
        (
            [name for name in ORDINARY if name != "case_ref"],
            "actions.csv has no column urn (or force_code and case_ref), which it must have.",
        ),
    ],
)
def test_a_header_that_cannot_be_read_is_refused(header, sentence):
    with pytest.raises(Refuse) as refused:
        judge_of(header)
    assert str(refused.value) == sentence


def test_a_header_may_name_the_case_by_urn_alone():
    assert judge_of([*(name for name in ORDINARY if name not in {"force_code", "case_ref"}), "urn"]).unknown == []


def column(name):
    return next(one for one in ACTIONS.columns if one.name == name)


def test_short_cells_of_a_few_values_are_remembered_and_others_read_again(monkeypatch):
    assert (REMEMBERED, LONGEST_REMEMBERED) == (20_000, 80)
    kept = Cells(column("status"), SETTING)
    assert kept["done"] == "done"
    assert list(kept) == ["done"]
    padded = " " * 76 + "done"
    assert (kept[padded], kept[padded + " "]) == ("done", "done")
    assert list(kept) == ["done", padded]
    refs = Cells(column("action_ref"), SETTING)
    assert (refs["A1"], refs["A 1"]) == ("A1", "A 1")
    assert list(refs) == []
    assert refs[""].reason == "action_ref is empty"
    assert list(refs) == [""]
    monkeypatch.setattr(module, "REMEMBERED", 2)
    kept["pending"]
    assert list(kept) == ["pending"], "a full cache is cleared"


def test_a_withdrawn_row_keeps_what_names_it_and_a_row_of_a_case_its_case_alone():
    cps = FILES["cps_cases.csv"]
    header = [*(one.name for one in cps.columns if one.required or one.name == "urn"), "withdrawn"]
    (found,) = judge_of(header, Mode.DELTA, cps).judge([(2, ["45AB1234526" if n == "urn" else "yes" for n in header])])
    assert (list(found.problems), "45AB1234526" in found.text) == ([], True)
    (nobodys,) = judge_of(header, Mode.DELTA, cps).judge([(2, ["" if n == "urn" else "yes" for n in header])])
    assert list(nobodys.problems) == ["names no case: give force_code and case_ref, or urn"]
    action = judged(Mode.DELTA, withdrawn="yes")
    assert [value(action, name) for name in ("action_ref", "case_ref", "force_code")] == ["A1", "\\N", "\\N"]
