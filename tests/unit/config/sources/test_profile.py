"""A profile's file: every fault is named with its place, and what people write by hand is taken as it is meant."""

import pytest

from config.sources.profile import load_profile
from config.strict_yaml import Faults

PROFILE = """
agency: police
covers: [45]
files:
  - read: "crimes.csv"
    separator: tab
    encoding: latin-1
    header: [2, 3]
    leave_out: {column: Status, is: Deleted}
    makes:
      - rows_of: cases.csv
        columns:
          force_code: {always: 45}
          restricted: {from: Flag, codes: {Y: yes, N: no}, otherwise: no}
          case_ref: Crime No
"""


def faults_of(tmp_path, text):
    path = tmp_path / "crimes.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(Faults) as found:
        load_profile(path)
    return str(found.value)


def test_numbers_yes_and_no_are_the_texts_that_were_meant(tmp_path):
    (tmp_path / "crimes.yaml").write_text(PROFILE, "utf-8")
    (file,) = load_profile(tmp_path / "crimes.yaml").files
    columns = file.makes[0].columns
    assert (file.separator, file.encoding, file.header) == ("\t", "iso8859-1", (2, 3))
    assert columns["force_code"].always == "45"
    assert (columns["restricted"].codes, columns["restricted"].otherwise) == ({"Y": "yes", "N": "no"}, "no")
    assert columns["case_ref"].from_ == ("Crime No",)


def test_a_bare_null_among_blanks_is_the_text_that_was_meant(tmp_path):
    (tmp_path / "crimes.yaml").write_text(f'{PROFILE}\nblanks: [NULL, "-", n/a]\n', "utf-8")
    assert load_profile(tmp_path / "crimes.yaml").blanks == ("NULL", "-", "n/a")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("case_ref: Crime No", "case_ref:", "columns.case_ref   names no column"),
        ("case_ref: Crime No", "case_ref: {from: A, always: B}", "columns.case_ref   is made from a column"),
        ("case_ref: Crime No", "case_ref: {from: A, split_at: '-'}", "split_at and part go together"),
        ("case_ref: Crime No", "case_ref: {from: A, split_at: '-', part: 0}", "split_at and part go together"),
        ("case_ref: Crime No", "case_ref: {from: A, otherwise: x}", "otherwise is for a cell"),
        ("case_ref: Crime No", "case_ref: {from: A, key: yes, codes: {}}", "is read in one way"),
        ("case_ref: Crime No", "case_ref: {from: A, joined: '-'}", "joined is for several columns"),
        ("case_ref: Crime No", "case_ref: {from: [A, B], joined: ';', list_at: ';'}",
         "list_at a list of every column's members: leave joined out"),
        ("case_ref: Crime No", "case_ref: {from: A, take: first}", "name what they share in one_row_for"),
        ("case_ref: Crime No", "case_ref: {from: A, take: all}", "take: all is for a list"),
        ("case_ref: Crime No", "case_ref: {always: A, key: yes}", "always: nothing else is done"),
        ("case_ref: Crime No", "case_ref: {from: A, day: soon}", 'columns.case_ref.day   "soon" has s, o, o, n'),
        ("case_ref: Crime No", "case_ref: {from: A, pad: 1}", "columns.case_ref.pad   "),
        ("case_ref: Crime No", "case_ref: {from: A, replace: {}}", "columns.case_ref.replace   is empty"),
        ("case_ref: Crime No", "case_ref: {from: A, take: newest}", "name what they share in one_row_for"),
        ("      - rows_of: cases.csv", "      - take: all\n        one_row_for: A\n        rows_of: cases.csv",
         "makes[1]   take: all is for a list: write it in the column"),
        ("header: [2, 3]", "header: 2\n    struck_through: leave_out", "only a spreadsheet's own file has such cells"),
        ("header: [2, 3]", "header: 2\n    look_up: []", "files[1].look_up   is empty"),
        ("header: [2, 3]", "header: 2\n    look_up: {as: A, in: b, by: C, newest_by: D, all: yes}",
         "files[1].look_up[1]   one row of several counts by one of"),
        ("header: [2, 3]", "header: 2\n    look_up: {as: A, in: b, by: C, newest_by: D, highest_by: E}",
         "files[1].look_up[1]   one row of several counts by one of"),
        ("header: [2, 3]", "header: 2\n    look_up: {as: A, in: b, by: {own: C, theirs: {always: D}}}",
         "look_up[1].by[1]   is made from one cell of the row"),
        ("header: [2, 3]", "header: 2\n    look_up: {as: A, in: b, by: []}", "look_up[1].by   is empty"),
        ("        columns:", "        ask: {case_ref: [A, B]}\n        columns:",
         "makes[1]   ask: case_ref stands under columns too: take the question away"),
        ("is: Deleted", "is: Deleted, filled: no", "leave_out[1]   asks one thing"),
        ("is: Deleted", "is: []", "leave_out[1].is   is empty"),
        ("separator: tab", "separator: tabs", "files[1].separator   is comma, semicolon, tab or pipe"),
        ("encoding: latin-1", "encoding: ansi", 'files[1].encoding   "ansi" is no encoding'),
        ("encoding: latin-1", "encoding: base64", "is no encoding of text"),
        ("header: [2, 3]", "header: [3, 2]", "files[1].header   is the number of the header's line"),
        ("header: [2, 3]", "header: 0", "files[1].header   is at most three lines"),
        ("crimes.csv", "../crimes.csv", "files[1].read   is the name of a file"),
        ("crimes.csv", "crimes.xlsx", "encoding, separator: a spreadsheet's own file has none"),
        ("    separator: tab", "    sheet: A", "sheet: only an .xlsx file has sheets"),
        ("covers: [45]", "covers: [99]", "covers[1]"),
        ("agency: police", "agency: police\ncomplete_when: a\nunchanged_for: 9min", "write one of the two"),
        ("agency: police", "agency: police\ncodes: {risk: {V  High: high, v high: low}}", "codes   risk: two of its"),
        ("agency: police", "agency: police\nmode: all", "mode   "),
        ("agency: police", "agency: police\nnotes: x", "notes   is not a key that this file knows"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(tmp_path, old, new, fault):
    assert old in PROFILE
    assert fault in faults_of(tmp_path, PROFILE.replace(old, new))


def test_every_fault_is_named_at_once_and_none_twice(tmp_path):
    found = faults_of(tmp_path, PROFILE.replace("[45]", "[]").replace("tab", "tabs").replace("latin-1", "ansi"))
    assert found.count("\n") == 3
    assert "3 faults, nothing was changed" in found
