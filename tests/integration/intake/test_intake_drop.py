"""The drop folder: complete extracts are loaded, extracts still being copied are left alone."""

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from flows.clock import moment
from flows.configured import configured
from models.errors import Refuse
from tasks.intake.drop import load_dropped
from tests.worlds.extracts import AS_OF, a_case, write


@pytest.fixture
def drop(database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CASEBEAT_DROP", str(tmp_path / "drop"))
    return tmp_path / "drop"


def test_a_drop_folder_that_is_not_there_is_no_quiet_night(drop: Path) -> None:
    with pytest.raises(Refuse, match="is not there: is its share mounted"):
        load_dropped(configured(), AS_OF)


def test_without_anything_dropped_there_is_nothing_to_do(drop: Path) -> None:
    drop.mkdir()
    assert (
        load_dropped(configured(), AS_OF).sentence == "extracts loaded 0, loaded before 0, refused 0; rows rejected 0"
    )


def test_a_folder_without_its_manifest_is_left_alone_until_it_has_one(drop: Path, database: Engine) -> None:
    whole = write(drop / "a", {"cases.csv": [a_case()]})
    manifest = (whole / "manifest.json").read_bytes()
    (whole / "manifest.json").unlink()
    assert load_dropped(configured(), AS_OF).loaded == 0
    (whole / "manifest.json").write_bytes(manifest)
    assert load_dropped(configured(), AS_OF).loaded == 1
    assert load_dropped(configured(), AS_OF).already == 1


def test_one_refusal_stops_no_other_and_is_told_once_however_often_it_is_seen(drop: Path, database: Engine) -> None:
    write(drop / "a", {"cases.csv": [a_case()]}, rows={"cases.csv": 9})
    write(drop / "b", {"cases.csv": [a_case()]}, number=2)
    made = [load_dropped(configured(), AS_OF) for _ in range(3)]
    assert [(each.loaded, each.already, each.refused) for each in made] == [(1, 0, 1), (0, 1, 1), (0, 1, 1)]
    with database.connect() as connection:
        assert connection.scalar(text("select count(*) from messages")) == 1


def test_a_folder_that_is_a_link_is_not_followed(drop: Path, tmp_path: Path) -> None:
    drop.mkdir()
    write(tmp_path / "elsewhere", {"cases.csv": [a_case()]})
    (drop / "link").symlink_to(tmp_path / "elsewhere")
    assert load_dropped(configured(), AS_OF).loaded == 0


def read_by_this_process() -> int:
    """The bytes that this process has read from files."""
    return int(Path("/proc/self/io").read_text(encoding="ascii").split()[1])


def test_an_extract_that_was_taken_in_is_not_read_again_while_its_files_stand_as_they_did(drop: Path) -> None:
    folder = write(drop / "a", {"cases.csv": [a_case(f"C{n}") for n in range(20_000)]})
    size = (folder / "cases.csv").stat().st_size
    before = read_by_this_process()
    assert load_dropped(configured(), AS_OF).loaded == 1
    assert read_by_this_process() - before > size
    before = read_by_this_process()
    assert load_dropped(configured(), AS_OF).already == 1
    assert read_by_this_process() - before < size / 10


def test_a_copy_of_an_extract_is_read_once_and_known_from_then_on(drop: Path, tmp_path: Path) -> None:
    folder = write(drop / "a", {"cases.csv": [a_case(f"C{n}") for n in range(20_000)]})
    assert load_dropped(configured(), AS_OF).loaded == 1
    shutil.copytree(folder, tmp_path / "copy")
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "copy", folder)
    assert load_dropped(configured(), AS_OF).already == 1
    before = read_by_this_process()
    assert load_dropped(configured(), AS_OF).already == 1
    assert read_by_this_process() - before < 100_000


def test_other_content_under_the_same_id_is_refused_though_size_and_time_of_writing_are_set_back(drop: Path) -> None:
    folder = write(drop / "a", {"cases.csv": [a_case(risk="high")]})
    assert load_dropped(configured(), AS_OF).loaded == 1
    file = folder / "cases.csv"
    written = file.stat()
    file.write_bytes(file.read_bytes().replace(b"high", b"High"))
    os.utime(file, ns=(written.st_atime_ns, written.st_mtime_ns))
    assert file.stat().st_size == written.st_size
    assert load_dropped(configured(), AS_OF).refused == 1


def test_a_file_that_went_away_since_it_was_loaded_is_refused(drop: Path) -> None:
    folder = write(drop / "a", {"cases.csv": [a_case()]})
    assert load_dropped(configured(), AS_OF).loaded == 1
    (folder / "cases.csv").unlink()
    assert load_dropped(configured(), AS_OF).refused == 1


def test_the_round_begins_with_what_was_dropped(drop: Path, run_cli: Callable[..., Any]) -> None:
    extracted_at = (moment() - timedelta(hours=2)).isoformat()
    write(drop / "a", {"cases.csv": [a_case(opened_on="2026-11-02")]}, extracted_at=extracted_at)
    ran = run_cli("run")
    assert ran.code == 0, ran.err
    assert "Intake: extracts loaded 1," in ran.out
    assert "Force 45: 1 of 1 case evaluated" in ran.out
