"""A fault of one folder is that folder's refusal, foreseen or not; a fault of the database or the machine stops all."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from flows.configured import configured
from models.errors import Refuse
from tasks.intake.drop import load_dropped
from tasks.intake.folders import dropped, in_order
from tasks.intake.load import load_folders
from tasks.intake.results import Fate
from tests.worlds.extracts import AS_OF, a_case, write

NOBODY = 65534
A_BAD_CASE = """
create function refuse_a_case() returns trigger language plpgsql as
$$ begin if new.case_ref = 'BAD' then raise exception 'Jane Smith'; end if; return new; end $$;
create trigger refuse_a_case before insert on cases for each row execute function refuse_a_case()"""


@pytest.fixture
def drop(database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CASEBEAT_DROP", str(tmp_path / "drop"))
    return tmp_path / "drop"


def words(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(text("select text from messages where kind = 'operations' order by id")))


@pytest.mark.parametrize("offset", ["-23:59", "+23:59:59.999999", "-16:00", "+14:01", "-12:00:01"])
def test_an_offset_that_no_clock_has_refuses_its_folder_and_no_other(
    drop: Path, database: Engine, run_cli: Callable[..., Any], offset: str
) -> None:
    write(drop / "a", {"cases.csv": [a_case()]}, extracted_at=f"2026-11-25T05:00:00{offset}")
    write(drop / "b", {"cases.csv": [a_case()]}, number=2)
    made = [load_dropped(configured(), AS_OF) for _ in range(2)]
    assert [(each.loaded, each.already, each.refused) for each in made] == [(1, 0, 1), (0, 1, 1)]
    (told,) = words(database)
    assert told.startswith(
        "An extract was refused\n\nExtract a was refused, and nothing of it was loaded. manifest.json cannot be used: "
    )
    assert "Intake: extracts loaded 0, loaded before 1, refused 1" in run_cli("run").out


@pytest.mark.parametrize("offset", ["-12:00", "+14:00", "+05:45", "Z", "+00:00:30.5"])
def test_an_offset_of_a_clock_is_stored_as_its_moment(drop: Path, database: Engine, offset: str) -> None:
    write(drop / "a", {"cases.csv": [a_case()]}, extracted_at=f"2026-11-25T05:00:00{offset}")
    assert load_dropped(configured(), AS_OF).loaded == 1
    with database.connect() as connection:
        same = text("select extracted_at = cast(:moment as timestamptz) from extracts")
        rounded = offset.removesuffix(".5") if "." not in offset else "+00:00:30"
        near = text("select abs(extract(epoch from extracted_at - cast(:moment as timestamptz))) < 1 from extracts")
        assert connection.scalar(near if "." in offset else same, {"moment": f"2026-11-25T05:00:00{rounded}"})


def test_a_fault_that_nobody_foresaw_refuses_its_folder_told_once_and_without_a_value(
    drop: Path, database: Engine, superuser_here: Callable[[str], None]
) -> None:
    superuser_here(A_BAD_CASE)
    write(drop / "a", {"cases.csv": [a_case("BAD")]})
    write(drop / "b", {"cases.csv": [a_case()]}, number=2)
    made = [load_dropped(configured(), AS_OF) for _ in range(2)]
    assert [(each.loaded, each.already, each.refused) for each in made] == [(1, 0, 1), (0, 1, 1)]
    (told,) = words(database)
    assert told.startswith(
        "An extract was refused, niche-45\n\nExtract niche-45-1 of source niche-45 was refused, "
        "and nothing of it was loaded. "
        "An unexpected fault ended its loading (InternalError (pgcode P0001), fault "
    )
    assert "Jane" not in told


@pytest.fixture
def superuser_here(database: Engine) -> Callable[[str], None]:
    """Run a statement on the test's own database as the owner of its tables."""
    from tasks.servers import database as way  # noqa: PLC0415

    def run(statement: str) -> None:
        owner = way.owner_engine()
        with owner.begin() as connection:
            connection.exec_driver_sql(statement)
        owner.dispose()

    return run


def test_a_database_that_is_down_is_no_folders_fault(drop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(drop / "a", {"cases.csv": [a_case()]})
    monkeypatch.setenv("CASEBEAT_DATABASE_URL", "postgresql+psycopg2://nobody@127.0.0.1:1/none")
    with pytest.raises(Refuse, match="database"):
        load_dropped(configured(), AS_OF)


@contextmanager
def unprivileged() -> Iterator[None]:
    """Act as a user whom file modes bind, since they do not bind root."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.mark.parametrize("mode", [0o000, 0o400, 0o100])
def test_a_folder_that_may_not_be_read_is_refused_and_stops_no_other(mode: int) -> None:
    with tempfile.TemporaryDirectory() as base:
        drop = Path(base)
        drop.chmod(0o755)
        for name in ("closed", "open"):
            write(drop / name, {"cases.csv": [a_case()]})
            os.chown(drop / name, NOBODY if os.geteuid() == 0 else -1, -1)
        (drop / "closed").chmod(mode)
        with unprivileged():
            found = {
                waiting.folder.name: waiting for waiting in in_order(configured(), dropped(configured(), drop), AS_OF)
            }
            named = in_order(configured(), [drop / "closed"], AS_OF)
        (drop / "closed").chmod(0o700)
    assert found["open"].manifest is not None
    assert "Permission denied" in found["closed"].sentence
    assert [waiting.folder.name for waiting in named] == ["closed"]


def test_a_folders_name_is_printed_so_that_any_terminal_can_show_it(
    database: Engine, tmp_path: Path, run_cli: Callable[..., Any]
) -> None:
    folder = tmp_path / os.fsdecode(b"\xff\x1b[2J\nx")
    write(folder, {"cases.csv": [a_case()]}, agency="army")
    ran = run_cli("intake", str(folder))
    assert (ran.code, ran.out.encode("utf-8").splitlines()[0].split(b":")[0]) == (2, b"??[2J?x")
    assert load_folders(configured(), [folder], AS_OF)[0].fate is Fate.REFUSED
