"""Rejected cells: in their private file and nowhere else; and no sentence is stored where a short form is meant."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from flows.configured import configured
from models.base import Base
from tasks.intake.load import load_folders
from tests.worlds.extracts import AS_OF, a_case, a_contact, an_action, write

CANARY = "Jane Smith refused"
CELLS = {
    "contacts.csv": (
        a_contact(CANARY),
        a_contact("P2", agency=CANARY),
        a_contact("P3", email=CANARY),
        a_contact("P4", roles=f"officer;{CANARY}"),
        a_contact("P5", force_code=CANARY),
        a_contact("P6", slack_user_id=CANARY),
        a_contact("P7", deputy_ref=CANARY),
    ),
    "cases.csv": (
        a_case(),
        a_case(CANARY),
        a_case("C2", opened_on=CANARY),
        a_case("C3", offence_codes=CANARY),
        a_case("C4", risk=CANARY),
        a_case("C5", urn=f"45AB1234567 - {CANARY}"),
        a_case("C6", restricted=CANARY),
        a_case("C7", victim_contact_days=CANARY),
        a_case("C8", cps_area=CANARY),
        a_case("C9", oic_ref=CANARY),
    ),
    "actions.csv": (an_action(CANARY), an_action("A2", kind=f"spoke to {CANARY}"), an_action("A3", owner_ref=CANARY)),
}


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {str(each.relative_to(folder.parent)): each.stat().st_mode & 0o777 for each in (folder, *folder.rglob("*"))}


def test_files_of_rejected_rows_are_their_owners_alone_whatever_the_umask(
    database: Engine, tmp_path: Path, open_umask: None
) -> None:
    load_folders(
        configured(),
        [write(tmp_path / "x1", {"cases.csv": [a_case(oic_ref="P9"), a_case("C2", risk="V.High")]})],
        AS_OF,
    )
    assert modes(tmp_path / "home" / "rejected") == {
        "rejected": 0o700,
        "rejected/niche-45-1": 0o700,
        "rejected/niche-45-1/cases.csv": 0o600,
        "rejected/niche-45-1/warnings-cases.csv": 0o600,
    }


def test_what_an_earlier_version_left_open_is_narrowed_when_it_is_next_written(
    database: Engine, tmp_path: Path, open_umask: None
) -> None:
    before = tmp_path / "home" / "rejected" / "niche-45-1"
    before.mkdir(parents=True)
    for name in ("cases.csv", ".cases.csv.part"):
        (before / name).write_text("older", "utf-8")
    load_folders(configured(), [write(tmp_path / "x1", {"cases.csv": [a_case(), a_case("C2", risk="V.High")]})], AS_OF)
    assert modes(before.parent) == {
        "rejected": 0o700,
        "rejected/niche-45-1": 0o700,
        "rejected/niche-45-1/cases.csv": 0o600,
        "rejected/niche-45-1/warnings-cases.csv": 0o600,
    }


def test_a_link_in_place_of_the_unfinished_file_is_not_written_through(database: Engine, tmp_path: Path) -> None:
    before = tmp_path / "home" / "rejected" / "niche-45-1"
    before.mkdir(parents=True)
    (tmp_path / "other").write_text("other", "utf-8")
    (before / ".cases.csv.part").symlink_to(tmp_path / "other")
    load_folders(configured(), [write(tmp_path / "x1", {"cases.csv": [a_case(), a_case("C2", risk="V.High")]})], AS_OF)
    assert (tmp_path / "other").read_text("utf-8") == "other"


def everything_stored(engine: Engine) -> str:
    with engine.connect() as connection:
        tables = Base.metadata.sorted_tables
        return "\n".join(
            str(row) for table in tables for row in connection.execute(text(f"select * from {table.name}"))
        )


@pytest.mark.parametrize("as_json", [False, True])
def test_a_rejected_cell_is_in_its_file_and_nowhere_else(
    database: Engine, tmp_path: Path, run_cli: Callable[..., Any], *, as_json: bool
) -> None:
    folder = write(tmp_path / "x1", CELLS)
    ran = run_cli("intake", str(folder), *(["--json"] if as_json else []))
    kept = [path.read_text("utf-8") for path in sorted((tmp_path / "home" / "rejected" / "niche-45-1").glob("[ac]*"))]
    assert [text.count(CANARY) >= 2 for text in kept] == [True, True, True]
    shown = ran.out + ran.err + everything_stored(database)
    assert ran.code == 1
    assert not [word for word in ("jane", "smith") if word in shown.lower()]
    assert (
        as_json
        or "    line 3: case_ref is words without a number, as a name is: two people may share a name" in ran.out
    )


def test_an_extract_that_is_refused_for_its_rows_repeats_none_of_them(
    database: Engine, tmp_path: Path, run_cli: Callable[..., Any]
) -> None:
    folder = write(tmp_path / "x1", {"cases.csv": [a_case(f"C{n}", risk=CANARY) for n in range(30)]})
    ran = run_cli("intake", str(folder))
    assert (ran.code, "Jane" in ran.out + ran.err + everything_stored(database)) == (2, False)


@pytest.mark.parametrize("more", [" - Jane Smith, refused to attend", "/refused", " (see Jane)"])
def test_free_text_after_a_urn_is_a_warning_and_is_stored_nowhere(
    database: Engine, tmp_path: Path, run_cli: Callable[..., Any], more: str
) -> None:
    cases = [a_case(urn="45AB1234526 (M)"), a_case("C2", urn=f"45AB1234526{more}")]
    actions = [an_action("A1", kind=f"told by{more}, at noon"), an_action("A2", "", urn=f"45AB1234526{more}")]
    ran = run_cli("intake", str(write(tmp_path / "x1", {"cases.csv": cases, "actions.csv": actions})))
    warned = "    line 3: warning: urn has more after its root than a suffix, as M, (M), S or /1: it was loaded without"
    assert (ran.code, warned in ran.out) == (0, True)
    with database.connect() as connection:
        stored = "select case_ref, urn_suffix from cases order by 1"
        assert connection.execute(text(stored)).all() == [("C1", "(M)"), ("C2", None)]
        assert connection.execute(text("select kind, urn_suffix from actions order by action_ref")).all() == [
            ("UNSTATED", None), ("WITNESS_STATEMENT", None),
        ]  # fmt: skip
    kept = "".join(path.read_text("utf-8") for path in (tmp_path / "home" / "rejected").rglob("*.csv"))
    shown = (ran.out + ran.err + everything_stored(database) + kept).lower()
    assert not [word for word in ("jane", "smith", "refused") if word in shown]
