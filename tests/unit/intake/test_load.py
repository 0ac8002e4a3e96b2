"""One folder after another: whether it is loaded, known already or refused, and whose fault a fault is."""

import errno
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import psycopg2
import pytest

from config.terms import Agency
from models.errors import Refuse
from tasks.intake import drop, load
from tasks.intake.extract import Content, Options
from tasks.intake.faults import refusal_of
from tasks.intake.folders import WaitingFolder
from tasks.intake.load import _load, _load_content
from tasks.intake.manifest import Manifest, Mode
from tasks.intake.results import Fate, LoadResult
from tasks.intake.tables import SentTables

AT = datetime(2026, 3, 16, 6, tzinfo=UTC)
MANIFEST = Manifest("E1", "niche-45", Agency.POLICE, Mode.SNAPSHOT, AT, ("45",), {"cases.csv": 3, "actions.csv": 4})
OPTIONS = Options(AT, Path("home"), (), None, False, False, False, lambda *_: None)
CONTENT = Content(SentTables(MANIFEST, {}), "digest", "marks")


@pytest.fixture
def book(monkeypatch):
    """What is known of the extract, and what is recorded of it."""
    made = SimpleNamespace(marks=None, content=None, fault=None, refused=[], kept=[], turns=[], read=[])
    monkeypatch.setattr(load, "transaction", nullcontext)
    monkeypatch.setattr("tasks.intake.load.extracts.loaded_marks", lambda *_: made.marks)
    monkeypatch.setattr("tasks.intake.load.extracts.loaded_content", lambda *_: made.content)
    monkeypatch.setattr("tasks.intake.load.extracts.take_turn", lambda _, rows: made.turns.append(rows))
    monkeypatch.setattr("tasks.intake.load.extracts.store_marks", lambda _, __, marks: made.kept.append(marks))
    monkeypatch.setattr("tasks.intake.load.recording.refused", lambda _, *given, **__: made.refused.append(given))
    monkeypatch.setattr(load, "open_files", lambda *_: {})
    monkeypatch.setattr(load, "marks_of", lambda *_: "marks")

    def content_of(*_):
        made.read.append("content")
        if made.fault:
            raise made.fault
        return CONTENT

    monkeypatch.setattr(load, "content_of", content_of)

    class Load:
        def __init__(self, *_):
            pass

        def load(self, folder):
            return LoadResult(folder, Fate.LOADED)

    monkeypatch.setattr(load, "ExtractLoad", Load)
    return made


def waiting(manifest=MANIFEST, **given):
    return WaitingFolder(Path("drop") / ("x" * 120), b"content", manifest, **given)


def test_a_new_extract_is_loaded_in_its_turn_by_its_number_of_rows(book):
    found = _load(waiting(), OPTIONS)
    assert (found.fate, found.folder) == (Fate.LOADED, "x" * 100 + "…")
    assert (book.turns, book.refused) == ([7], [])


def test_an_extract_whose_files_are_as_they_were_is_not_read_again(book):
    book.marks = "marks"
    found = _load(waiting(), OPTIONS)
    assert (found.fate, found.extract_id, found.source) == (Fate.ALREADY, "E1", "niche-45")
    assert (book.read, book.turns) == ([], [])


def test_a_copy_of_a_loaded_extract_is_known_by_its_content_and_from_then_on_by_its_marks(book):
    book.marks, book.content = "others", "digest"
    assert _load_content("f", MANIFEST, CONTENT, OPTIONS).fate is Fate.ALREADY
    assert book.kept == ["marks"]
    book.content = "another"
    with pytest.raises(Refuse, match="was loaded before with other content"):
        _load_content("f", MANIFEST, CONTENT, OPTIONS)


def test_a_folder_that_concerns_no_extract_is_told_to_the_command_alone(book):
    found = _load(waiting(None, sentence="not ready", fate=Fate.NOT_READY, recorded=False), OPTIONS)
    assert (found.fate, found.sentence, book.refused) == (Fate.NOT_READY, "not ready", [])


def test_a_manifest_that_cannot_be_read_is_recorded_as_refused_without_a_source(book):
    one = waiting(None, sentence="it is no JSON")
    found = _load(one, OPTIONS)
    assert (found.fate, found.extract_id, found.source, found.sentence) == (Fate.REFUSED, "", "", "it is no JSON")
    assert book.refused == [("x" * 100 + "…", None, one.digest, "it is no JSON", AT)]


def test_a_refused_extract_is_recorded_with_its_source_and_the_reason(book):
    book.fault = Refuse("cases.csv is empty")
    one = waiting()
    found = _load(one, OPTIONS)
    assert (found.fate, found.extract_id, found.source) == (Fate.REFUSED, "E1", "niche-45")
    assert book.refused == [("x" * 100 + "…", MANIFEST, one.digest, "cases.csv is empty", AT)]


@pytest.mark.parametrize("progress", [None, print])
def test_progress_is_reported_to_whoever_asks_for_it(monkeypatch, tmp_path, progress):
    asked = []
    monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path))
    monkeypatch.setattr(load, "in_order", lambda folders, *_: folders)
    monkeypatch.setattr(load, "_load", lambda waiting, options: asked.append((waiting, options.progress)))
    load.load_folders(["a", "b"], AT, progress=progress)
    assert [folder for folder, _ in asked] == ["a", "b"]
    assert all((made is progress) is (progress is not None) for _, made in asked)
    asked[0][1]("cases.csv", 1, 2)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (Refuse("why"), "why"),
        (ValueError("secret"), "An unexpected fault ended its loading (ValueError"),
        (OSError(errno.EIO, "x"), "An unexpected fault ended its loading (OSError"),
    ],
)
def test_a_fault_of_the_folder_is_its_refusal(error, sentence):
    assert refusal_of(error).startswith(sentence)
    assert "secret" not in refusal_of(error)


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), psycopg2.OperationalError("gone")])
def test_a_fault_of_the_machine_or_the_database_is_no_folders(error):
    with pytest.raises(type(error)):
        refusal_of(error)
    other = ValueError("x")
    other.errno = errno.ENOSPC  # type: ignore[attr-defined]
    assert refusal_of(other).startswith("An unexpected fault")


def result(fate, source="niche-45", rejected=0):
    files = (SimpleNamespace(rejected=rejected),)
    return LoadResult("f", fate, "E1" if source else "", source, files=files)


@pytest.mark.parametrize("there", [True, False])
def test_a_drop_folder_that_is_set_has_to_be_there(monkeypatch, tmp_path, there):
    folder = tmp_path if there else tmp_path / "gone"
    monkeypatch.setattr(drop, "settings", lambda: SimpleNamespace(drop=folder))
    monkeypatch.setattr(drop, "load_folders", lambda *_: [])
    if there:
        assert drop.load_dropped(AT) == drop.DropCounts(0, 0, 0, 0)
    else:
        with pytest.raises(Refuse, match="is not there: is its share mounted"):
            drop.load_dropped(AT)


def test_what_was_dropped_is_counted_by_its_fate(monkeypatch, tmp_path):
    made = [
        result(Fate.LOADED, rejected=2), result(Fate.LOADED), result(Fate.ALREADY), result(Fate.REFUSED, rejected=3),
        result(Fate.REFUSED, ""),
    ]  # fmt: skip
    monkeypatch.setattr(drop, "settings", lambda: SimpleNamespace(drop=tmp_path))
    monkeypatch.setattr(drop, "load_folders", lambda *_: made)
    assert drop.load_dropped(AT) == drop.DropCounts(
        2, 1, 2, 5, ("E1 of niche-45", "one without a readable manifest"), 1
    )  # fmt: skip
    monkeypatch.setattr(drop, "settings", lambda: SimpleNamespace(drop=None))
    assert drop.load_dropped(AT) == drop.DropCounts(0, 0, 0, 0)
