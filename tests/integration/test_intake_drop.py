"""The drop folder: what is whole is taken in, what is still being copied is left alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from config.settings import settings
from tasks.intake.drop import take_in_dropped
from tests.extracts import AS_OF, a_case, write


@pytest.fixture
def drop(database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CASEBEAT_DROP", str(tmp_path / "drop"))
    settings.cache_clear()
    return tmp_path / "drop"


def test_without_anything_dropped_there_is_nothing_to_do(drop: Path) -> None:
    assert take_in_dropped(AS_OF).words == "extracts loaded 0, loaded before 0, refused 0; rows rejected 0"


def test_a_folder_without_its_manifest_is_left_alone_until_it_has_one(drop: Path, database: Engine) -> None:
    whole = write(drop / "a", {"cases.csv": [a_case()]})
    manifest = (whole / "manifest.json").read_bytes()
    (whole / "manifest.json").unlink()
    assert take_in_dropped(AS_OF).loaded == 0
    (whole / "manifest.json").write_bytes(manifest)
    assert take_in_dropped(AS_OF).loaded == 1
    assert take_in_dropped(AS_OF).already == 1


def test_one_refusal_stops_no_other_and_is_told_once_however_often_it_is_seen(drop: Path, database: Engine) -> None:
    write(drop / "a", {"cases.csv": [a_case()]}, rows={"cases.csv": 9})
    write(drop / "b", {"cases.csv": [a_case()]}, number=2)
    made = [take_in_dropped(AS_OF) for _ in range(3)]
    assert [(each.loaded, each.already, each.refused) for each in made] == [(1, 0, 1), (0, 1, 1), (0, 1, 1)]
    with database.connect() as connection:
        assert connection.scalar(text("select count(*) from messages")) == 1


def test_a_folder_that_is_a_link_is_not_followed(drop: Path, tmp_path: Path) -> None:
    drop.mkdir()
    write(tmp_path / "elsewhere", {"cases.csv": [a_case()]})
    (drop / "link").symlink_to(tmp_path / "elsewhere")
    assert take_in_dropped(AS_OF).loaded == 0


def test_the_round_begins_with_what_was_dropped(drop: Path, run_cli: Callable[..., Any]) -> None:
    write(drop / "a", {"cases.csv": [a_case(opened_on="2026-11-02")]})
    ran = run_cli("run")
    assert ran.code == 0, ran.err
    assert "Intake: extracts loaded 1," in ran.out
    assert "Force 45: 1 of 1 open cases evaluated" in ran.out
