"""The three exports of docs/adopting.md (a wide table, a dated log, a spreadsheet by hand), as the page shows them."""

import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text

from config.settings import settings
from flows.configured import configured
from tasks.intake.load import load_folders
from tasks.intake.results import Fate
from tests.house.source import ROOT

PAGE = (ROOT / "docs" / "adopting.md").read_text("utf-8")
OURS = ROOT / "docs" / "adopting"
SOURCES = {"crimes-45": 1, "cms-se": 1, "tracker-45": 0}  # with their rejected rows
SETTLED = datetime(2090, 1, 1, tzinfo=UTC)  # long after the files were copied


@pytest.fixture
def exports(database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CASEBEAT_SOURCES", str(OURS))
    for source in SOURCES:
        shutil.copytree(OURS / source, tmp_path / source)
        (tmp_path / source / "export.done").touch()
    return tmp_path


def rows(database: Engine, statement: str) -> list[Any]:
    with database.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def test_each_is_checked_as_the_page_shows_and_their_facts_meet_in_one_book(
    exports: Path, database: Engine, run_cli: Callable[..., Any]
) -> None:
    for source, rejected in SOURCES.items():
        ran = run_cli("intake", "--check", str(exports / source))
        shown = re.sub(r"-[0-9a-f]{8}: ", "-…: ", ran.out.partition("\n\nWhat could be seen")[0])
        shown = re.sub(r"\n  an intake would leave it alone for now: .*", "", shown)  # it was copied a moment ago
        assert f"$ casebeat intake --check {source}\n{shown}\n```" in PAGE, ran.out + ran.err
        (made,) = load_folders(configured(), [exports / source], SETTLED)
        assert (made.source, made.fate, made.rejected) == (source, Fate.LOADED, rejected), made.sentence
    cases = {row[0]: row[1:] for row in rows(database, """
        select case_ref, risk, relationship, coalesce(suspect_status, ''), offence_codes, oic_ref, restricted
        from cases""")}  # fmt: skip
    assert cases["10231/26"] == ("high", "ex_partner", "bail", ["PH97010"], "4471", False)
    assert cases["10377/26"] == ("high", "family", "rui", ["PH97006", "PH97004"], "4502", False)
    assert cases["10460/26"][-1] is True
    assert cases["10512/26"][0] == "unknown"
    assert len(cases) == 7
    (one, other) = rows(database, "select suspect_key from cases where case_ref in ('10231/26', '09876/26')")
    assert one == other, "one suspect, two cases"
    assert rows(database, "select finalised_reason from cases where finalised_on is not null") == [("nfa_police",)]
    assert rows(database, "select order_ref, kind, made_on::text from orders") == [("10231/26", "spo", "2026-10-01")]
    assert rows(database, """
        select k.urn_root, c.charged_on::text, c.charged_codes, c.next_hearing_on::text
        from cps_cases c join case_keys k on k.id = c.key_id where c.charged_on is not null order by 1""") == [
        ("45AB1041826", "2026-11-16", ["PH97011"], "2027-01-11"),
        ("45AB1053326", "2026-11-18", ["PH97010"], "2026-12-16"),
    ]  # fmt: skip
    assert rows(database, "select referral_ref, decision, checklist_missing from referrals order by 1")[:2] == [
        ("45AB1023126-R1", "further_work", ["C04", "C09"]), ("45AB1023126-R2", None, []),
    ]  # fmt: skip
    assert rows(database, "select action_ref, status, due_on::text, closed_on::text from actions order by 1") == [
        ("10231/26-1", "pending", "2026-11-20", None), ("10231/26-2", "pending", "2026-12-04", None),
        ("10231/26-3", "done", "2026-10-26", "2026-10-23"), ("10377/26-4", "pending", "2026-10-29", None),
        ("10377/26-5", "done", "2026-10-15", "2026-10-14"), ("10418/26-6", "pending", "2026-11-30", None),
        ("10460/26-7", "pending", None, None), ("10512/26-8", "not_possible", "2026-11-03", "2026-11-02"),
    ]  # fmt: skip


def test_a_round_over_all_three_writes_letters_of_what_each_of_them_brought(
    exports: Path, run_cli: Callable[..., Any]
) -> None:
    for source in SOURCES:
        load_folders(configured(), [exports / source], SETTLED)
    assert run_cli("run", "--as-of", "2026-11-24").code == 1, "a row of a stalking case was rejected"
    letters = {}
    for mail in filter(Path.is_file, (settings().home / "mail").rglob("*")):
        letter = message_from_bytes(mail.read_bytes(), policy=default)
        letters[letter["To"].addresses[0].addr_spec] = letter.get_body(("plain",)).get_content()
    spoc = letters["priya.nair@cps.gov.uk"]
    assert "High risk: 45/10231/26 (URN 45AB1023126)" in spoc, "a case of the wide table, with its URN"
    assert "Owed by Noor AHMED (officer in the case) and Priya Nair (prosecutor)" in spoc, "by the lists of staff"
    assert "10460/26" in letters.pop("vic.hale@northshire.police.uk"), "restricted, and the lead has access"
    assert "10460/26" not in "".join(letters.values()), "restricted"
    assert any("(10231/26-1): " in letter for letter in letters.values()), "an action of the spreadsheet"
