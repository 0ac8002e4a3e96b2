"""Hostile and broken extracts: one clear sentence or a problem of the row, never a traceback, nothing lost."""

import json
import os
import resource
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from flows.configured import configured
from tasks.intake.load import load_folders
from tasks.intake.results import Fate, LoadResult
from tests.worlds.extracts import AS_OF, a_case, a_contact, an_action, write

HEADER = "action_ref,force_code,case_ref,kind,source,owner_agency,status,raised_on\r\n"
GOOD = "A1,45,C1,CCTV,investigation,police,pending,2026-11-03\r\n"


@pytest.fixture
def folder(database: Engine, tmp_path: Path) -> Path:
    return tmp_path / "x1"


def load(folder: Path) -> LoadResult:
    (result,) = load_folders(configured(), [folder], AS_OF)
    return result


def actions(folder: Path, content: bytes, rows: int) -> LoadResult:
    return load(write(folder, {"actions.csv": content}, rows={"actions.csv": rows}))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"extract_id": "../../etc"}, "extract_id is not 1 to 100 letters"),
        ({"extract_id": "..\n"}, "extract_id is not 1 to 100 letters"),
        ({"extract_id": 7}, "extract_id is not 1 to 100 letters"),
        ({"source": "a b"}, "source is not 1 to 100 letters"),
        ({"agency": "army"}, "agency is not police or cps"),
        ({"agency": {}}, "agency is not police or cps"),
        ({"mode": None}, "mode is not snapshot or delta"),
        ({"extracted_at": "2026-11-25T05:10:00"}, "does not say its zone"),
        ({"extracted_at": "0001-01-01T00:00:00+14:00"}, "extracted_at is"),
        ({"extracted_at": 5}, "is not a moment"),
        ({"covers": "45"}, "covers is not a list"),
        ({"covers": ["99"]}, "names what is no force's code"),
        ({"files": {"../x.csv": 1}}, "names a file outside the folder"),
        ({"files": {"actions.csv": -1}}, "not a whole number"),
        ({"files": {"actions.csv": True}}, "not a whole number"),
        ({"files": {"reviews.csv": 1}}, "reviews.csv is named but is not in the folder"),
        ({"agency": "cps"}, "cases.csv comes from police only"),
    ],
)
def test_a_manifest_that_lies_is_refused_in_one_sentence(folder: Path, said: dict[str, Any], sentence: str) -> None:
    result = load(write(folder, {"cases.csv": [a_case()]}, **said))
    assert result.fate is Fate.REFUSED
    assert sentence in result.sentence
    assert "\n" not in result.sentence


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a": 1, "a": 2}',
        b'{"a": ' + b"9" * 10_000 + b"}",
        b" " * 2_000_000,
    ],
)
def test_a_manifest_that_is_none_is_refused(folder: Path, content: bytes) -> None:
    write(folder, {"cases.csv": [a_case()]})
    (folder / "manifest.json").write_bytes(content)
    result = load(folder)
    assert (result.fate, result.sentence.startswith("manifest.json")) == (Fate.REFUSED, True)


def _link(path: Path) -> None:
    path.rename(path.with_name("real"))
    path.symlink_to("real")


def _hard_link(path: Path) -> None:
    os.link(path, path.with_name("other"))


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("trick", [_link, _hard_link, _pipe, _folder])
@pytest.mark.parametrize("name", ["cases.csv", "manifest.json"])
def test_what_is_no_plain_file_is_refused(folder: Path, trick: Any, name: str) -> None:
    write(folder, {"cases.csv": [a_case()]})
    trick(folder / name)
    result = load(folder)
    assert (result.fate, "plain file" in result.sentence) == (Fate.REFUSED, True)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (b"A\x002,45,C1,CCTV,investigation,police,pending,2026-11-03\r\n", "action_ref is not a reference"),
        (b"A2,45,C1," + b"x" * 10_000_000 + b",investigation,police,pending,2026-11-03\r\n", "a cell is longer than"),
        (b"A2,45,C1\r\n", "has 3 cells where the header has 8"),
        (b"A2,45,C1,CCTV,investigation,police,pending,2026-11-03,more\r\n", "has 9 cells where the header has 8"),
        (b"A2,45,C1,CCTV\rX,investigation,police,pending,2026-11-03\r\n", "a carriage return inside the row"),
        (b'A2,45,C1,"CC"TV,investigation,police,pending,2026-11-03\r\n', "a quotation mark is in the wrong place"),
        (b'A2,45,C1,"CCTV,investigation,police,pending,2026-11-03\r\n', "never closes it"),
        (b"A2,45,,CCTV,investigation,police,pending,2026-11-03\r\n", "names no case"),
        (
            b"A2,45,C1,CCTV,investigation,police,done,2026-11-03\r\n",
            "closed_on is empty, and the row's status needs it",
        ),
    ],
)
def test_a_broken_row_is_a_problem_of_the_row(folder: Path, database: Engine, row: bytes, words: str) -> None:
    result = actions(folder, (HEADER + GOOD).encode() + row, 2)
    assert (result.fate, result.sentence, result.rejected) == (Fate.LOADED, "", 1)
    assert words in result.files[0].examples[0]
    assert result.files[0].examples[0].startswith("line 3: ")
    with database.connect() as connection:
        assert connection.execute(text("select action_ref from actions")).scalars().all() == ["A1"]


@pytest.mark.parametrize("kind", ["x" * 300, "spoke to Jane Smith at noon", "Jane\x00", "\u202eCCTV"])
def test_a_kind_that_may_be_free_text_is_a_warning_and_its_row_is_loaded(
    folder: Path, database: Engine, kind: str
) -> None:
    row = f"A2,45,C1,{kind},investigation,police,pending,2026-11-03\r\n"
    result = actions(folder, (HEADER + GOOD + row).encode(), 2)
    (count,) = result.files
    assert (result.fate, count.rejected, count.warned) == (Fate.LOADED, 0, 1)
    (said,) = count.examples
    assert said.startswith("line 3: warning: kind is not a kind in one to four words of letters and digits")
    assert said.endswith(": it was loaded as UNSTATED")
    with database.connect() as connection:
        stored = connection.execute(text("select action_ref, kind from actions order by 1")).all()
    assert stored == [("A1", "CCTV"), ("A2", "UNSTATED")]


def test_a_row_after_a_broken_one_keeps_its_line(folder: Path) -> None:
    body = HEADER + 'A1,45,C1,CCTV,"investi\r\ngation",police,pending,2026-11-03\r\n\r\n' + GOOD.replace("45", "46")
    result = actions(folder, body.encode(), 2)
    assert [line.split(":")[0] for line in result.files[0].examples] == ["line 2", "line 5"]


def test_an_unclosed_quotation_mark_that_swallows_rows_refuses_the_extract(folder: Path) -> None:
    body = HEADER + '"A0,45,C1,CCTV,investigation,police,pending,2026-11-03\r\n' + GOOD
    assert actions(folder, body.encode(), 2).sentence == "actions.csv has 1 rows where the manifest says 2."


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty: it has no header row"),
        (b"action_ref,kind\r\n", "has no column source, owner_agency, status, raised_on, urn (or force_code and"),
        (b"action_ref,action_ref\r\n", "has the column action_ref more than once"),
        (b"a," * 600 + b"b\r\n", "has more than 500 columns"),
        ("action_ref".encode("utf-16"), "is UTF-16 text"),
        (b"\x81\xff\r\n", "is neither UTF-8 nor Windows-1252 text"),
        (
            HEADER.replace("\r\n", "\r").encode() + GOOD.replace("\r\n", "\r").encode(),
            "a carriage return inside the row",
        ),
    ],
)
def test_a_file_that_cannot_be_read_refuses_the_extract(folder: Path, content: bytes, sentence: str) -> None:
    result = actions(folder, content, 0)
    assert (result.fate, sentence in result.sentence) == (Fate.REFUSED, True)


def test_a_bom_windows_1252_and_unknown_columns_are_borne_and_reported(folder: Path, database: Engine) -> None:
    bom = b"\xef\xbb\xbf" + HEADER.encode() + GOOD.encode()
    rows = "contact_ref,agency,name,email,roles,shoe\nP1,police,Ren\xe9e,p1@police.uk,officer,5\n".encode("cp1252")
    result = load(write(folder, {"actions.csv": bom, "contacts.csv": rows}))
    assert (result.fate, result.rejected) == (Fate.LOADED, 0)
    assert result.files[0].notes == [
        "is Windows-1252 text, and was read as that; UTF-8 is better",
        "unknown columns, ignored: shoe",
    ]
    with database.connect() as connection:
        assert connection.scalar(text("select name from contacts")) == "Renée"


def test_no_cell_of_a_rejects_file_begins_a_formula(folder: Path, tmp_path: Path) -> None:
    risky = ["=1", "+1", "-1", "@1", "%1", "|1", "\uff1d1", "\t=1", " =1", "a\r\n=1"]
    load(write(folder, {"actions.csv": [an_action(ref, status="x") for ref in risky]}))
    lines = (tmp_path / "home/rejected/niche-45-1/actions.csv").read_text("utf-8").splitlines()[1:]
    assert len(lines) == len(risky)
    assert all(line.startswith(("\"'", '"a ')) for line in lines)


@pytest.mark.parametrize(
    ("email", "said"),
    [
        ("pat@evilpolice.uk", "is not in an allowed domain (police.uk, cps.gov.uk, cjsm.net)"),
        ("pat%evil.test@police.uk", "is not one plain e-mail address"),
        ("evil.test!pat@police.uk", "is not one plain e-mail address"),
    ],
)
def test_an_address_outside_the_allowed_domains_is_refused_and_not_repeated(
    folder: Path, email: str, said: str
) -> None:
    result = load(write(folder, {"contacts.csv": [a_contact(email=email)]}))
    assert result.files[0].examples == [f"line 2: email {said}"]


def test_the_command_reports_in_plain_sentences_and_ends_with_the_right_code(
    folder: Path, run_cli: Any, tmp_path: Path
) -> None:
    write(folder, {"cases.csv": [a_case(oic_ref="P9"), a_case("C2", risk="V.High")]})
    ran = run_cli("intake", str(folder))
    assert (ran.code, ran.err) == (1, "")
    assert "niche-45-1: loaded" in ran.out
    assert "line 3: risk is not one of high, medium, standard" in ran.out
    again = run_cli("intake", str(folder), "--json")
    assert (again.code, json.loads(again.out)["state"]) == (0, "already loaded")
    assert run_cli("intake", str(tmp_path / "nowhere")).code == 2
    (tmp_path / "empty").mkdir()
    nothing = run_cli("intake", str(tmp_path / "empty"))
    assert (nothing.code, nothing.out) == (2, "")
    assert nothing.err.startswith(f"casebeat: There is no extract in {tmp_path}/empty: no manifest.json in it")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (b"A%d,45,C1,CCTV,investigation,police,lost,2026-13-03\r\n", "more than 200,000 rows were rejected"),
        (b"A1,45,C1,CCTV,investigation,police,pending,2026-11-03\r\n", "more than 200,000 rows were rejected"),
    ],
)
def test_a_file_of_bad_rows_is_refused_before_it_fills_the_memory(folder: Path, row: bytes, words: str) -> None:
    numbered = row.count(b"%d")
    rows = b"".join(row % ((number,) * numbered) for number in range(300_000))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    result = actions(folder, HEADER.encode() + rows, 300_000)
    assert (result.fate, words in result.sentence) == (Fate.REFUSED, True)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kilobytes
