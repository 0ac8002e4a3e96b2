"""Extract folders: which are complete, and the order in which they load."""

import json
from datetime import UTC, datetime

from flows.configured import configured
from tasks.intake.folders import dropped, in_order
from tasks.intake.results import Fate

AT = datetime(2026, 3, 17, 6, tzinfo=UTC)
MANIFEST = {
    "source": "niche-45", "agency": "police", "mode": "snapshot", "covers": ["45"], "files": {"cases.csv": 1},
}  # fmt: skip


def extract(folder, name, at="2026-03-16T05:00:00+00:00", agency="police", extract_id=None):
    (folder / name).mkdir(parents=True)
    stated = {**MANIFEST, "extract_id": extract_id or name, "agency": agency, "extracted_at": at}
    (folder / name / "manifest.json").write_text(json.dumps(stated))
    return folder / name


def names(found):
    return [one.folder.name for one in found]


def test_police_load_before_cps_the_oldest_first_and_what_cannot_be_read_last(tmp_path):
    extract(tmp_path, "a", agency="cps", at="2026-03-01T05:00:00+00:00")
    extract(tmp_path, "b", at="2026-03-17T05:00:00+00:00")
    extract(tmp_path, "c", at="2026-03-16T05:00:00+00:00", extract_id="z")
    extract(tmp_path, "d", at="2026-03-16T05:00:00+00:00", extract_id="y")
    for name in ("2", "1"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text("{")
    assert names(in_order(configured(), [tmp_path], AT)) == ["d", "c", "b", "a", "1", "2"]


def test_a_folder_is_an_extract_itself_or_holds_some(tmp_path):
    one = extract(tmp_path, "a")
    extract(one, "inside")
    assert names(in_order(configured(), [one], AT)) == ["a"]
    extract(tmp_path, ".hidden")
    (tmp_path / "link").symlink_to(one)
    (tmp_path / "file").write_text("x")
    assert names(in_order(configured(), [tmp_path], AT)) == ["a"]


def fate(folder, named):
    (found,) = in_order(configured(), [named], AT)
    assert found.folder == folder
    return found.fate, found.recorded, found.manifest


def test_a_folder_without_a_manifest_is_not_ready_or_refused_where_it_was_named(tmp_path):
    (tmp_path / "drop" / "a").mkdir(parents=True)
    assert fate(tmp_path / "drop" / "a", tmp_path / "drop") == (Fate.NOT_READY, False, None)
    (tmp_path / "drop" / "a" / "cases.csv").write_text("x")
    assert fate(tmp_path / "drop" / "a", tmp_path / "drop" / "a") == (Fate.REFUSED, False, None)


def test_a_refusal_is_recorded_where_there_is_a_folder(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "manifest.json").write_text("{")
    assert fate(tmp_path / "a", tmp_path / "a") == (Fate.REFUSED, True, None)
    assert fate(tmp_path / "gone", tmp_path / "gone") == (Fate.REFUSED, False, None)
    assert (
        in_order(configured(), [tmp_path / "a"], AT)[0].digest
        != in_order(configured(), [tmp_path / "gone"], AT)[0].digest
    )


def test_only_complete_folders_have_been_dropped(tmp_path):
    extract(tmp_path, "b")
    extract(tmp_path, "a")
    (tmp_path / "half").mkdir()
    extract(tmp_path, ".hidden")
    assert [folder.name for folder in dropped(configured(), tmp_path)] == ["a", "b"]
    assert dropped(configured(), tmp_path / "gone") == []
    assert in_order(configured(), [tmp_path / "half"], AT) == [], "an empty folder is no extract"


def test_folders_without_a_manifest_are_told_apart_by_their_names(tmp_path):
    digests = {in_order(configured(), [tmp_path / name], AT)[0].digest for name in ("a", "b")}
    assert len(digests) == 2
