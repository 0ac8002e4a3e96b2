"""An extract: any manifest and any file loads, with its bad rows named, or is that folder's refusal."""

import json
import shutil
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from config.days.london import london_day
from flows.configured import configured
from tasks.intake.load import load_folders
from tasks.intake.results import Fate
from tasks.obligations.projection import project
from tests.fuzz.effort import fuzz
from tests.fuzz.mutations import mutated, mutated_values
from tests.worlds.extracts import AS_OF, a_case, a_contact, an_action, table, write

URN = "45AB1234526"
GOOD: dict[str, list[dict[str, str]]] = {
    "contacts.csv": [a_contact("P1", roles="officer;spoc"), a_contact("P2")],
    "absences.csv": [{"contact_ref": "P1", "from_on": "2026-11-20", "to_on": "2026-12-01"}],
    "cases.csv": [
        a_case("C1", urn=URN, risk="high", suspect_status="bail", bail_ends_on="2026-12-20", last_act_on="2026-11-01"),
        a_case("C2", classification="harassment", victim_contact_days="14", finalised_on="", restricted="yes"),
    ],
    "incidents.csv": [
        {"force_code": "45", "case_ref": "C1", "incident_ref": "I1", "occurred_on": "2026-11-01", "breach": "yes"}
    ],
    "actions.csv": [an_action("A1"), an_action("A2", status="done", closed_on="2026-11-20")],
    "reviews.csv": [
        {"review_ref": "R1", "urn": URN, "kind": "joint", "held_on": "2026-11-10", "police_attended": "y",
         "cps_attended": "1"},
    ],
    "cps_cases.csv": [{"urn": URN, "charged_on": "2026-11-20", "next_hearing_on": "2027-01-10"}],
    "referrals.csv": [
        {"referral_ref": "F1", "urn": URN, "submitted_on": "2026-11-12", "checklist_missing": "C01;C02"}
    ],
    "orders.csv": [
        {"order_ref": "O1", "urn": URN, "kind": "spo", "made_on": "2026-11-12", "expires_on": "2028-11-12"}
    ],
    "pleas.csv": [
        {"plea_ref": "L1", "urn": URN, "offered_on": "2026-11-21", "charged_code": "PH97006", "plea_code": "PH97004"}
    ],
    "training.csv": [{"contact_ref": "P1", "course": "spoc_role", "completed_on": "2025-01-01"}],
}  # fmt: skip
CPS_FILES = {"cps_cases.csv", "pleas.csv"}


def content(name: str) -> bytes:
    return b"\r\n".join(",".join(cells).encode() for cells in table(GOOD[name])) + b"\r\n"


class Inbox:
    """Folders of one source after another, each loaded into the same book."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.folder, self.numbers = engine, folder, count(2)
        write(folder / "first", {name: rows for name, rows in GOOD.items() if name not in CPS_FILES})
        assert self.load("first") == "loaded"

    def load(self, name: str) -> str:
        results = load_folders(configured(), [self.folder / name], AS_OF)
        for result in results:
            assert "unexpected fault" not in result.sentence
            assert "\n" not in result.sentence
        with self.engine.begin() as connection:
            connection.execute(text("update cases set projection = 'changed'"))
        assert project(configured(), "45", london_day(AS_OF), AS_OF).failed == 0
        return "refused" if any(result.fate is Fate.REFUSED for result in results) else "loaded"

    def clean(self, name: str) -> None:
        shutil.rmtree(self.folder / name, ignore_errors=True)


@pytest.fixture
def inbox(database: Engine, tmp_path: Path) -> Inbox:
    return Inbox(database, tmp_path)


def test_any_content_of_a_file_loads_or_is_refused_in_a_sentence(inbox: Inbox) -> None:
    files = st.sampled_from(sorted(GOOD)).flatmap(
        lambda name: st.tuples(
            st.just(name), mutated_values(content(name)) | mutated_values(content(name)) | mutated([content(name)])
        )
    )

    def run(drawn: tuple[str, bytes]) -> str:
        (name, raw), number = drawn, next(inbox.numbers)
        agency = "cps" if name in CPS_FILES else "police"
        write(
            inbox.folder / "any", {name: raw}, number=number, mode="delta", agency=agency, source=f"any-{agency}",
            extract_id=f"any-{number}", extracted_at=AS_OF.isoformat(), rows={name: len(GOOD[name])},
        )  # fmt: skip
        try:
            return inbox.load("any")
        finally:
            inbox.clean("any")

    answers = fuzz("extract", files, run)
    assert answers["refused"] > 0
    assert answers["loaded"] > 0


def test_any_content_of_a_manifest_loads_or_is_that_folders_refusal(inbox: Inbox) -> None:
    plain: dict[str, Any] = {
        "extract_id": "any-1", "source": "any", "agency": "police", "mode": "delta",
        "extracted_at": "2026-11-25T05:10:00+00:00", "covers": ["45"], "files": {"actions.csv": 2},
    }  # fmt: skip
    replaced = st.tuples(
        st.sampled_from(sorted(plain)),
        st.sampled_from(
            ["2026-11-25T05:00:00-23:59", "2099-12-31T23:59:59+00:00", "2000-01-01T00:00:00Z", "20261125T05Z", "45",
             "2026-W48-3T05:00+00:00", "2026-11-25T05:00:00.123456789+00:00", "2026-11-25T24:00:00+00:00", 1 << 70,
             ["45"] * 3, ["46", "45"], {"actions.csv": 1 << 70}, {"cases.csv": 2}, {}, [], None, 1.5, "a" * 100]
        ) | st.text(max_size=120),
    ).map(lambda change: json.dumps(plain | {change[0]: change[1]}).encode())  # fmt: skip
    moments = st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat())
    placed = st.builds(lambda moment: json.dumps(plain | {"extracted_at": moment}).encode(), moments)

    def run(raw: bytes) -> str:
        write(inbox.folder / "any", {"actions.csv": GOOD["actions.csv"]})
        (inbox.folder / "any" / "manifest.json").write_bytes(raw)
        write(inbox.folder / "next", {"actions.csv": GOOD["actions.csv"]}, number=next(inbox.numbers), source="next",
              mode="delta")  # fmt: skip
        try:
            answer = inbox.load("any")
            assert inbox.load("next") == "loaded"
        finally:
            inbox.clean("any")
            inbox.clean("next")
        return answer

    answers = fuzz("manifest", replaced | placed | mutated([json.dumps(plain).encode()]), run)
    assert answers["refused"] > 0
    assert answers["loaded"] > 0
