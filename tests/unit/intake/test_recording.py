"""What is recorded of an extract, and what operations are notified of: ids, counts and sentences."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from config.terms import Agency
from tasks.intake import recording
from tasks.intake.manifest import Manifest, Mode
from tasks.intake.results import Fate, FileCount, LoadResult

AT = datetime(2026, 3, 16, 6, tzinfo=UTC)
MANIFEST = Manifest("E1", "niche-45", Agency.POLICE, Mode.SNAPSHOT, AT, ("45",), {})


@pytest.fixture
def kept(monkeypatch):
    """The rows, messages and audit entries that are written."""
    made = SimpleNamespace(rows=[], told=[], audited=[])
    monkeypatch.setattr("tasks.intake.recording.extracts.record_extract", lambda _, **row: made.rows.append(row))
    monkeypatch.setattr(
        "tasks.intake.recording.extracts.tell_operations",
        lambda _, key, __, words, *___: made.told.append((key, words)),
    )
    monkeypatch.setattr("tasks.intake.recording.audit.record", lambda _, entry: made.audited.append(entry.detail))
    return made


def test_a_loaded_extract_is_audited_by_the_rows_that_were_taken(kept):
    files = (FileCount("cases.csv", rows=9, rejected=2), FileCount("actions.csv", rows=4))
    recording.loaded(None, MANIFEST, "digest", LoadResult("f", Fate.LOADED, files=files), AT)
    assert kept.audited == [{"source": "niche-45", "rows": {"cases.csv": 7, "actions.csv": 4}}]
    (row,) = kept.rows
    assert (row["state"], row["source_name"], row["extracted_at"], row["refusal"]) == ("loaded", "niche-45", AT, None)
    assert kept.told == []


def test_operations_hear_of_cases_that_went_missing(kept):
    recording.loaded(None, MANIFEST, "digest", LoadResult("f", Fate.LOADED, cases_missing=3), AT)
    ((key, words),) = kept.told
    assert key == "missing:digest"
    assert "3 cases" in words


@pytest.mark.parametrize(
    ("manifest", "folder", "extract_id", "source"),
    [
        (MANIFEST, "f", "E1", "niche-45"), (None, "a b/é.csv", "a_b__.csv", None), (None, "x" * 200, "x" * 100, None),
        (None, "", "_", None),
    ],
)  # fmt: skip
def test_a_refusal_is_recorded_by_the_manifest_or_else_by_the_folders_name(kept, manifest, folder, extract_id, source):
    recording.refused(None, folder, manifest, "digest", "why.", AT)
    (row,) = kept.rows
    assert (row["extract_id"], row["source_name"], row["state"], row["refusal"]) == (
        extract_id, source, "refused", "why.",
    )  # fmt: skip
    assert row["extracted_at"] == (AT if manifest else None)
    of_source = " of source niche-45" if manifest else ""
    words = f"Extract {extract_id}{of_source} was refused, and nothing of it was loaded. why."
    assert kept.told == [("refused:digest", words)]
