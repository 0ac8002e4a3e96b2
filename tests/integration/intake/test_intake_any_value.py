"""Any value of a manifest or a cell: PostgreSQL stores what the reader accepts; the rest is refused in words."""

import csv
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select, text
from sqlalchemy.sql import table

from config.terms import Agency
from flows.configured import configured
from models.errors import Refuse
from models.queries.intake import extracts
from tasks.intake.files import FILES
from tasks.intake.load import load_folders
from tasks.intake.manifest import parse
from tasks.intake.results import Fate
from tests.worlds.extracts import AS_OF, write

EVIL = (
    "\0",
    "\ud800",
    "\udfff",
    "\x85",
    "\u2028",
    "\u202e",
    "\ufeff",
    "\uffff",
    "\U0010ffff",
    "a\nb",
    "a\tb",
    "\\N",
    "\\.",
    "\\",
    "{",
    '"',
    "'; drop table cases; --",
    "=1+1",
    "x" * 65,
    "x" * 3_000,
    "é" * 64,
    "ß" * 200,
    "ŉ" * 64,
    "\u0130",
    "\u017f",
    "\u212a",
    "9" * 19,
    "-9223372036854775809",
    "2147483648",
    "32768",
    "1e400",
    "NaN",
    "infinity",
    "-infinity",
    "epoch",
    "now",
    "today",
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "2026-02-30",
    "1999-12-31",
    "2099-12-31",
    "2100-01-01",
    "4713-01-01 BC",
    "24:00",
    "2026-11-25T05:00:00-23:59",
    "٢٠٢٦-01-01",
    "true",
    "t",
    "{a,b}",
    "C1;C2;" * 300,
    ";",
    ";;",
    "45;46",
    "officer;" * 101,
    "45AB1234567" + "M" * 500,
    "45AB1234567 - Jane",
    "45\u017fB1234567",
    "①",
    "45AB123456²",
    "a@police.uk",
    "a@" + "b." * 100 + "police.uk",
)
TEXTS = st.one_of(
    st.sampled_from(EVIL), st.text(max_size=80), st.text(st.characters(categories=["Nd", "Lu"]), max_size=12)
)
NUMBERS = st.one_of(st.integers(), st.sampled_from([2**31, 2**63, 10**4_000, -1, 0]), st.floats(), st.booleans())
MOMENTS = st.one_of(
    st.builds(
        lambda moment, sign, offset: f"{moment.isoformat()}{sign}{offset.isoformat()}",
        st.datetimes(),
        st.sampled_from("+-"),
        st.times(),
    ),
    st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat()),
    st.sampled_from(
        ["20261125T051000Z", "2026-W48-3", "2026-11-25 05:10Z", "0001-01-01T00:00:00+14:00", "infinity", "now"]
    ),
)
JSON = st.recursive(st.one_of(st.none(), NUMBERS, TEXTS), lambda inner: st.lists(inner, max_size=3), max_leaves=4)
VALUES = {
    "extract_id": st.one_of(st.just("x1"), TEXTS, JSON),
    "source": st.one_of(st.just("niche"), TEXTS, JSON),
    "agency": st.one_of(st.sampled_from(["police", "cps"]), JSON),
    "mode": st.one_of(st.sampled_from(["snapshot", "delta"]), JSON),
    "extracted_at": st.one_of(MOMENTS, JSON),
    "covers": st.one_of(st.just(["45"]), st.lists(st.sampled_from(["45", "46", "99"]), max_size=50), JSON),
    "files": st.one_of(st.dictionaries(st.one_of(st.sampled_from(sorted(FILES)), TEXTS), NUMBERS, max_size=3), JSON),
}
GOOD = {
    "extract_id": "x1",
    "source": "niche",
    "agency": "police",
    "mode": "delta",
    "extracted_at": "2026-11-25T05:10:00Z",
    "covers": ["45"],
    "files": {},
}
ONE_BAD = st.sampled_from(sorted(VALUES)).flatmap(lambda key: VALUES[key].map(lambda value: {**GOOD, key: value}))


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(ONE_BAD, st.fixed_dictionaries(VALUES)))
def test_a_manifest_that_is_accepted_is_stored_and_any_other_is_refused(
    database: Engine, values: dict[str, Any]
) -> None:
    try:
        manifest = parse(json.dumps(values).encode())
    except Refuse:
        return
    with database.connect() as connection, connection.begin() as never_kept:
        extracts.take_turn(connection, sum(manifest.files.values()))
        extracts.record_source(
            connection, manifest.source, manifest.agency, manifest.covers, manifest.extracted_at, datetime.now(UTC)
        )
        known = extracts.sender(connection, manifest.source)
        assert known is not None
        assert known.last_extracted_at == manifest.extracted_at
        never_kept.rollback()


ROW = {
    "force_code": "45",
    "case_ref": "C1",
    "urn": "45AB1234567",
    "opened_on": "2026-11-02",
    "offence_codes": "PH97006",
    "oic_ref": "P1",
    "contact_ref": "P1",
    "agency": "police",
    "name": "Pat",
    "email": "p1@police.uk",
    "roles": "officer",
    "from_on": "2026-11-02",
    "to_on": "2026-11-03",
    "course": "spoc_role",
    "completed_on": "2026-11-02",
    "occurred_on": "2026-11-02",
    "status": "pending",
    "source": "investigation",
    "owner_agency": "police",
    "raised_on": "2026-11-02",
    "held_on": "2026-11-02",
    "submitted_on": "2026-11-02",
    "offered_on": "2026-11-02",
    "charged_code": "PH97006",
    "plea_code": "PH97004",
}
KINDS = {"reviews.csv": "joint", "orders.csv": "spo"}
WIDTH = 12  # rows of one extract


def good_row(name: str, number: int) -> dict[str, str]:
    """A row of a file, its key made by its number; only the columns that a row must have, and the case."""
    file = FILES[name]
    row = {column.name: "" for column in file.columns}
    row |= {column.name: ROW.get(column.name, KINDS.get(name, "CCTV")) for column in file.columns if column.required}
    row |= {column: ROW[column] for column in ("force_code", "case_ref") if column in row}
    own = "contact_ref" if name in {"absences.csv", "training.csv"} else file.key[-1]
    return row | {own if own != "urn_root" else "case_ref": f"K{number}"}


def _sender(name: str) -> dict[str, str]:
    """Who sends a file: police, unless it comes from CPS alone."""
    return {"source": "cms-se", "agency": "cps"} if FILES[name].only_from is Agency.CPS else {}


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_cell_that_is_accepted_is_stored_and_any_other_is_a_problem_of_its_row(
    database: Engine, name: str, data: st.DataObject
) -> None:
    columns = [column.name for column in FILES[name].columns]
    rows = [good_row(name, number) | {data.draw(st.sampled_from(columns)): data.draw(TEXTS)} for number in range(WIDTH)]
    with tempfile.TemporaryDirectory() as folder:
        extract = write(Path(folder) / "x1", {name: b""}, rows={name: WIDTH}, mode="delta", **_sender(name))
        with (extract / name).open("w", encoding="utf-8", errors="surrogatepass", newline="") as out:
            writer = csv.DictWriter(out, columns, lineterminator="\r\n")
            writer.writeheader()
            writer.writerows(rows)
        (result,) = load_folders(configured(), [extract], AS_OF)
    with database.begin() as connection:
        stored = connection.scalar(select(func.count()).select_from(table(FILES[name].table.__tablename__)))
        for emptied in ("extracts", "messages", "case_keys", "cases", FILES[name].table.__tablename__):
            connection.execute(text(f"delete from {emptied}"))
    if result.fate is Fate.REFUSED:
        assert (
            "is neither UTF-8 nor Windows-1252 text" in result.sentence
            or "rows where the manifest says" in result.sentence
        )
        return
    assert result.rejected + result.files[0].added == WIDTH
    assert stored == result.files[0].added
