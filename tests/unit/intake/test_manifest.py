"""The manifest of an extract: what is taken, and the sentence about each fault."""

import json
import tracemalloc
from time import process_time

import pytest

from config.terms import Agency
from models.errors import Refuse
from tasks.intake.manifest import LARGEST, MOST_ROWS, Mode, parse, unknown_files
from tests.worlds.days import row

ORDINARY = {
    "extract_id": "niche-20260316", "source": "niche-45", "agency": "police", "mode": "snapshot",
    "extracted_at": "2026-03-16T05:10:00+01:00", "covers": ["46", "45", "45"], "files": {"cases.csv": 3},
}  # fmt: skip
NO_MOMENT = "extracted_at is not a moment like 2026-11-25T05:10:00+00:00"
NO_OFFSET = "extracted_at has an offset that no clock has: from -12:00 to +14:00"
NO_ID = "is not 1 to 100 letters, digits, dots, dashes or underscores, beginning with a letter or digit"
OWN_NAME = "is casebeat, which is what people record in Casebeat itself; give the sending system a name of its own"
NO_COUNT = "files gives a number of rows that is not a whole number"
NO_NAME = "files names a file outside the folder, or one whose name has strange characters"


def read(**changed):
    return parse(json.dumps({**ORDINARY, **changed}).encode())


def refusal(content):
    with pytest.raises(Refuse) as refused:
        parse(content if isinstance(content, bytes) else json.dumps(content).encode())
    return str(refused.value)


def test_a_manifest_is_read_into_its_types():
    found = read()
    assert found[:4] == ("niche-20260316", "niche-45", Agency.POLICE, Mode.SNAPSHOT)
    assert found.extracted_at.isoformat() == "2026-03-16T04:10:00+00:00"
    assert (found.covers, found.files) == (("45", "46"), {"cases.csv": 3})
    assert read(extracted_at="2026-06-01T23:30:00+00:00").day.isoformat() == "2026-06-02"
    assert parse(b"\xef\xbb\xbf" + json.dumps(ORDINARY).encode()) == found


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", "it is not JSON text"), (b"\xff", "it is not JSON text"), (b"[" * 200_000, "it is not JSON text"),
        (b"[]", "it is not one JSON object"), (b'{"a": 1, "a": 2}', "a key is written twice"),
    ],
)  # fmt: skip
def test_what_is_no_json_object_cannot_be_read(content, why):
    assert refusal(content) == f"manifest.json cannot be read: {why}."


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        row("an empty id", {"extract_id": ""}, f"extract_id {NO_ID}"),
        row("no text", {"extract_id": 7}, f"extract_id {NO_ID}"),
        row("a long id", {"extract_id": "a" * 101}, f"extract_id {NO_ID}"),
        row("a hidden id", {"extract_id": ".a"}, f"extract_id {NO_ID}"),
        row("a source with a space", {"source": "a b"}, f"source {NO_ID}"),
        row(
            "Casebeat's own", {"source": "CaseBeat"},
            f"source {OWN_NAME}",
        ),
        row("another agency", {"agency": "Police"}, "agency is not police or cps"),
        row("another mode", {"mode": "full"}, "mode is not snapshot or delta"),
        row("no moment", {"extracted_at": "today"}, NO_MOMENT),
        row("a number", {"extracted_at": 1}, NO_MOMENT),
        row(
            "no zone", {"extracted_at": "2026-03-16T05:10:00"},
            "extracted_at does not say its zone; write it like 2026-11-25T05:10:00+00:00",
        ),
        row("too far west", {"extracted_at": "2026-03-16T05:10:00-12:01"}, NO_OFFSET),
        row("too far east", {"extracted_at": "2026-03-16T05:10:00+14:01"}, NO_OFFSET),
        row(
            "long ago", {"extracted_at": "1999-12-31T23:59:59+00:00"}, "extracted_at is outside the years 2000 to 2099",
        ),
        row("far off", {"extracted_at": "2100-01-01T00:00:00+00:00"}, "extracted_at is outside the years 2000 to 2099"),
        row("the end of time", {"extracted_at": "9999-12-31T23:59:59-12:00"}, NO_MOMENT),
        row("no list", {"covers": "45"}, "covers is not a list of force codes"),
        row("an empty list", {"covers": []}, "covers is not a list of force codes"),
        row("no force", {"covers": ["45", "99"]}, "covers names what is no force's code"),
        row("no code", {"covers": [45]}, "covers names what is no force's code"),
        row("no counts", {"files": ["cases.csv"]}, "files does not give the data rows of each file"),
        row("a folder", {"files": {"../cases.csv": 1}}, NO_NAME),
        row("a long name", {"files": {"a" * 101: 1}}, NO_NAME),
        row("a half", {"files": {"cases.csv": 1.5}}, NO_COUNT),
        row("a truth", {"files": {"cases.csv": True}}, NO_COUNT),
        row("below none", {"files": {"cases.csv": -1}}, NO_COUNT),
        row("too many", {"files": {"a.csv": 1, "b.csv": MOST_ROWS + 1}}, "files gives more than 1,000,000,000 rows"),
        row("many files", {"files": dict.fromkeys(map(str, range(101)), 1)}, "files names more than 100 files"),
        row("no files", {"files": {}}, "files names none, and a snapshot without files says nothing"),
    ],
)  # fmt: skip
def test_a_fault_has_its_sentence(changed, fault):
    assert refusal({**ORDINARY, **changed}) == f"manifest.json cannot be used: {fault}."


@pytest.mark.parametrize(
    "changed",
    [
        {"extract_id": "a" * 100}, {"extract_id": "7._-"}, {"extracted_at": "2026-03-16T05:10:00-12:00"},
        {"extracted_at": "2026-03-16T05:10:00+14:00"}, {"extracted_at": "2000-01-01T00:00:00+00:00"},
        {"extracted_at": "2099-12-31T23:59:59+00:00"}, {"files": {"cases.csv": 0}}, {"files": {"a": MOST_ROWS}},
        {"files": {"a" * 100: 1}}, {"files": dict.fromkeys(map(str, range(100)), 1)},
        {"files": {}, "mode": "delta"}, {"agency": "cps", "mode": "delta"},
    ],
)  # fmt: skip
def test_what_lies_on_a_limit_is_taken(changed):
    assert read(**changed)


def test_every_fault_is_in_the_one_sentence():
    few = {name: value for name, value in ORDINARY.items() if name not in {"extract_id", "files"}}
    assert refusal({**few, "mode": "x"}) == (
        "manifest.json cannot be used: extract_id is missing; mode is not snapshot or delta; files is missing."
    )


def test_files_that_are_not_read_are_named_and_a_manifest_has_at_most_a_mebibyte():
    assert unknown_files(read(files={"z.csv": 1, "cases.csv": 1, "a.csv": 1})) == ["a.csv", "z.csv"]
    assert LARGEST == 1024 * 1024


_ONE = b'{"files":'


@pytest.mark.parametrize(
    "content",
    [
        b"[" * LARGEST,
        _ONE * (LARGEST // len(_ONE)),
        b"[" * (LARGEST // 2) + b"]" * (LARGEST // 2),
        b"[" + b"[]," * (LARGEST // 3) + b"[]]",
        b"9" * LARGEST,
        b"-1e" + b"9" * (LARGEST - 3),
        b'"' + b"\\ud800" * (LARGEST // 6) + b'"',
        b"{" + b'"a":0,' * (LARGEST // 6) + b'"a":0}',
        b'{"files":{' + b",".join(b'"%d":1' % number for number in range(LARGEST // 12)) + b"}}",
        b'{"extracted_at":"' + b"2" * (LARGEST - 20) + b'"}',
    ],
    ids=lambda content: content[:12].decode(),
)  # fmt: skip
def test_no_manifest_of_a_mebibyte_takes_long_or_much_memory(content):
    """Measured: at most 0.23 seconds and 22 MiB, of a list of lists."""
    tracemalloc.start()
    begun = process_time()
    try:
        with pytest.raises(Refuse) as refused:
            parse(content)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert str(refused.value).startswith("manifest.json cannot be ")
    assert len(str(refused.value)) < 1_000
    assert most < 60_000_000
    assert process_time() - begun < 10
