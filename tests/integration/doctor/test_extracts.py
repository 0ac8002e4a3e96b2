"""Extracts: the drop folder, expected forces, late and refused feeds, and columns that are lacking."""

import os
import shutil
import time
from datetime import timedelta

import pytest

from flows.clock import moment
from tests.house.source import ROOT
from tests.worlds.installation import NOBODY


def test_a_drop_folder_that_is_not_set_or_not_there_is_found(at):
    at.finds("drop-folder", "warn", "No drop folder is set", "set CASEBEAT_DROP")
    drop = at.folder / "drop"
    at.set(DROP=drop)
    at.finds("drop-folder", "fail", "is not there", "mount its share")
    drop.mkdir()
    (drop / "niche-45").mkdir()
    at.is_well("drop-folder")


def test_a_drop_folder_that_stays_empty_or_without_anything_new_is_found(at):
    drop = at.folder / "drop"
    drop.mkdir()
    at.set(DROP=drop)
    at.finds("drop-folder", "warn", "is empty", "whether the sources write to this folder")
    (drop / "niche-45").mkdir()
    before = time.time() - timedelta(days=4).total_seconds()
    os.utime(drop / "niche-45", (before, before))
    at.finds("drop-folder", "warn", "Nothing new is in the drop folder", "since 3 days")
    (drop / "niche-45-again").mkdir()
    at.is_well("drop-folder")


def test_files_that_never_became_an_extract_are_found_once_nobody_copies_them_any_more(at):
    drop, before = at.folder / "drop", time.time() - timedelta(hours=7).total_seconds()
    for name in ("whole", "left", "copied"):
        (drop / name).mkdir(parents=True)
        (drop / name / "cases.csv").write_text("x")
    (drop / "whole" / "manifest.json").write_text("{}")
    (drop / "empty").mkdir()
    (drop / "cases.csv").write_text("x")
    at.set(DROP=drop)
    assert [mark for mark, _ in at.alone("left-over")] == ["ok"]
    for path in (*drop.glob("*/*"), *drop.iterdir()):
        os.utime(path, (before, before))
    (drop / "copied" / "actions.csv").write_text("x")
    folders, loose = at.alone("left-over")
    assert folders[0] == loose[0] == "warn"
    assert "no manifest.json beside them for 6 hours: left. Ask" in folders[1]
    assert loose[1].startswith("1 of the files in the drop folder lie in no folder of their own")


def test_each_profile_of_a_source_with_a_fault_is_found(at):
    sources = at.folder / "sources"
    shutil.copytree(ROOT / "docs" / "adopting", sources)
    at.set(SOURCES=sources)
    at.is_well("profiles")
    (sources / "crimes-46.yaml").write_text("agency: police\n", "utf-8")
    (sources / "two words.yaml").write_text("", "utf-8")
    found = at.told("profiles")
    assert [mark for mark, _ in found] == ["fail", "fail"]
    assert "crimes-46.yaml: " in found[0][1]
    assert "is not named for its source" in found[1][1]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can play two users")
def test_a_drop_folder_that_cannot_be_read_is_found(at, anyones):
    drop = anyones / "drop"
    drop.mkdir(mode=0o700)
    (drop / "niche-45").mkdir()
    at.set(DROP=drop)
    os.seteuid(NOBODY)
    try:
        ((mark, sentence),) = at.alone("drop-folder")
    finally:
        os.seteuid(0)
    assert mark == "fail"
    assert "cannot be read by uid 65534: give that user the right" in sentence
    at.is_well("drop-folder")


def test_a_force_whose_extract_never_came_is_found(at, book):
    at.set(FORCES="45,46")
    at.finds("expected-forces", "fail", "No source has ever sent an extract of force 46", "take the force out")
    at.set(FORCES="45")
    at.is_well("expected-forces")
    at.set(FORCES=None)
    ((mark, sentence),) = at.told("expected-forces")
    assert mark == "ok"
    assert "Expected are the forces that were ever seen (45)" in sentence


def test_an_installation_that_expects_nothing_is_found(at):
    at.finds("expected-forces", "warn", "no force is expected", "set CASEBEAT_FORCES")


def test_a_late_feed_and_a_refused_one_are_found(at, book):
    at.finds("feeds", "fail", "Source niche-45 is late", "Ask the source why none came since")
    book.say("update sources set last_extracted_at = :at", at=moment() - timedelta(hours=1))
    at.is_well("feeds")
    book.say(
        """insert into extracts (extract_id, content, source_name, state, extracted_at, judged_at, counts, refusal)
           values ('x-7', 'c', 'niche-45', 'refused', :taken, :judged, '{}', 'The row count differs.')""",
        taken=moment() - timedelta(minutes=30), judged=moment() - timedelta(minutes=20),
    )  # fmt: skip
    at.finds("feeds", "fail", "Extract x-7 of source niche-45 was refused: The row count differs. Nothing of it")
    at.set(CLOCK="virtual")
    at.is_well("feeds")


def test_a_source_that_lacks_columns_is_found(at, book):
    at.is_well("columns")
    book.say("update source_columns set state = 'lacking' where file = 'incidents.csv'")
    at.finds("columns", "warn", "niche-45 sends too few columns for", "casebeat coverage names the columns")
    book.say("update source_columns set state = 'sent'")
    at.is_well("columns")
