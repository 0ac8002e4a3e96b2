"""What leaves as a file or on a terminal: no name, address or free text is in it, and no case that it must not name."""

import re

import pytest

from config.settings import settings
from tests.worlds.one_case import CASE, OneCase

NAME, WORDS, KIND = "Canaryname", "Canarywords", "CANARYKIND"
NEVER = (NAME, WORDS, KIND)  # in nothing that leaves
OTHERS = ("RESTRICTED", "BARRING")  # the references of two cases, and of their actions
AS_OF = ("--as-of", "2026-03-19")


@pytest.fixture
def book(database, run_cli, monkeypatch) -> OneCase:
    """A canary in each text of a person, and beside the case a restricted one and one that bars its officer."""
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    made = OneCase(database, run_cli)
    made.say(f"update contacts set name = '{NAME} of ' || contact_ref, "
             f"email = lower(contact_ref) || '-{NAME.lower()}@surrey.police.uk'")  # fmt: skip
    made.case("RESTRICTED", restricted=True)
    made.case("BARRING", barred_refs=["P1"])
    for ref in OTHERS:
        made.belongs("actions", ref, action_ref=f"A-{ref}", kind=KIND, source="investigation", owner_agency="police",
                     status="pending", raised_on="2026-03-02")  # fmt: skip
    made.say(f"update actions set kind = '{KIND}'")
    for day in ("Mon 2 Mar 2026", "Mon 16 Mar 2026", "Thu 19 Mar 2026"):
        made.round(day)
    made.say(f"""insert into promises (obligation_id, by_ref, made_at, made_on, until_on, reason)
        select id, 'P1', '2026-03-19T09:00Z', '2026-03-19', '2026-03-20', '{WORDS}' from obligations
        where ended_on is null and case_id is not null""")  # fmt: skip
    assert WORDS in made.cli("explain", CASE, *AS_OF).out  # the one place that shows them
    return made


def ran(book, *typed):
    """What a command printed."""
    made = book.cli(*map(str, typed), *(AS_OF if typed[0] != "audit" else ()))
    assert (made.code, made.err) == (0, ""), made.err
    return made.out


def found(text: str, *words: str) -> list[str]:
    """The words that are in a text."""
    assert len(text) > 100
    return [word for word in words if re.search(rf"(?<![A-Z0-9]){re.escape(word)}(?![A-Z0-9])", text, re.IGNORECASE)]


@pytest.mark.parametrize("place", [(), ("--force", "45")])
def test_a_report_counts_and_names_no_case(book, tmp_path, place):
    page, table = tmp_path / "x.html", tmp_path / "x.csv"
    asked = ("report", "--month", "2026-03", *place)
    printed = ran(book, *asked), ran(book, *asked, "--json", "--to", page, "--to", table)
    for left in (*printed, page.read_text("utf-8"), table.read_text("utf-8")):
        assert found(left, *NEVER, *OTHERS, "45/1234", "A1") == []


def test_a_rehearsal_counts_and_names_no_case(book, tmp_path):
    page, asked = tmp_path / "x.html", ("rehearse", settings().policy, "--weeks", "1")
    printed = ran(book, *asked), ran(book, *asked, "--json", "--to", page)
    for left in (*printed, page.read_text("utf-8")):
        assert found(left, *NEVER, *OTHERS, "45/1234", "A1") == []


def test_a_checklist_names_no_other_case_and_asks_nobody_who_is_barred(book, tmp_path):
    page, barring = tmp_path / "x.html", tmp_path / "b.html"
    for left in (
        ran(book, "checklist", CASE),
        ran(book, "checklist", CASE, "--json"),
        ran(book, "checklist", CASE, "--to", page) + page.read_text("utf-8"),
    ):
        assert found(left, *NEVER, *OTHERS) == []
    ran(book, "checklist", "45/BARRING", "--to", barring)
    assert found(barring.read_text("utf-8"), *NEVER, "P1", "S1") == ["S1"]


def test_a_list_of_harassment_and_of_related_cases_names_no_case_that_is_kept_apart_and_no_key(book):
    key = "0ca9a4e5" * 4
    book.case("RELATED", suspect_key=key)
    book.say(f"update cases set suspect_key = '{key}', victim_key = '{key}'")
    book.say("update cases set classification = 'harassment', relationship = 'ex_partner' where case_ref <> 'RELATED'")
    lists = ("pattern",), ("pattern", "--json"), ("explain", CASE), ("checklist", CASE), ("checklist", CASE, "--json")
    for asked in lists:
        apart = [f"45/{one}" for one in OTHERS]
        assert found(ran(book, *asked), NAME, KIND, *apart, key, "RELATED") == ["RELATED"]


def test_an_extract_for_a_person_names_no_other_case(book, tmp_path):
    book.say("update cases set suspect_status = 'bail'")
    for name in ("victim.html", "victim.json", "suspect.html", "suspect.json"):
        file = tmp_path / name
        printed = ran(book, "access", CASE, "--as", name.partition(".")[0], "--to", file)
        assert found(printed + file.read_text("utf-8"), *NEVER, *OTHERS, "A1", "P1", "S1") == []
    file = tmp_path / "staff.html"
    printed = ran(book, "access", "--person", "P1") + ran(book, "access", "--person", "P1", "--to", file)
    assert found(printed + file.read_text("utf-8"), *NEVER, *OTHERS, "45/1234", "A1", "S1") == []


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_an_export_of_the_audit_log_holds_references_and_nothing_else(book, tmp_path, suffix):
    ran(book, "checklist", CASE)
    file = tmp_path / f"x{suffix}"
    ran(book, "audit", "export", file)
    assert found(file.read_text("utf-8"), *NEVER, CASE) == [CASE]
    ran(book, "audit", "export", tmp_path / f"one{suffix}", "--case", CASE)
    assert found((tmp_path / f"one{suffix}").read_text("utf-8"), *NEVER, *OTHERS) == []
