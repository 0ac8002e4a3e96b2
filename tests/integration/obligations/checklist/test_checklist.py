"""`casebeat checklist`: the items of a case's referrals, the missing ones, and the person to ask."""

import json

import pytest

from config.checklist import ITEMS
from tests.worlds.one_case import CASE, OneCase

DAY = "2026-03-10"


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch, database, run_cli) -> OneCase:
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    return OneCase(database, run_cli)


def refer(book: OneCase, ref: str, missing: list[str], **facts: str) -> None:
    book.belongs("referrals", referral_ref=ref, submitted_on="2026-03-05", checklist_missing=missing, **facts)


def test_each_item_is_there_or_missing_and_the_officer_is_to_be_asked(book):
    refer(book, "R1", ["C03", "C15"])
    told = book.cli("checklist", CASE, "--as-of", DAY).out
    assert "Referral R1, submitted Thu 5 Mar 2026: not decided. 2 items of 15 missing" in told
    assert "C03  MISSING  Risk assessment" in told
    assert "C04  there    A dated chronology" in told
    assert told.count("MISSING") == 2
    assert "Ask: P1, the officer in the case." in told


def test_the_referral_that_is_undecided_comes_first(book):
    refer(book, "R1", [], decision_on="2026-03-09", decision="further_work")
    refer(book, "R2", ["C01"])
    told = book.cli("checklist", CASE, "--as-of", DAY).out
    assert told.index("R2") < told.index("R1")
    assert "decided Mon 9 Mar 2026. Nothing is missing." in told


def test_a_withdrawn_referral_is_not_shown(book):
    refer(book, "R1", ["C01"], withdrawn_on="2026-03-06")
    assert "No referral is recorded" in book.cli("checklist", CASE, "--as-of", DAY).out


def test_where_its_source_never_tells_what_is_missing_that_cannot_be_seen(book):
    refer(book, "R1", [])
    book.say("update source_columns set state = 'lacking' where name = 'checklist_missing'")
    told = book.cli("checklist", CASE, "--as-of", DAY).out
    assert "What is missing cannot be seen: referrals.csv of niche-45 has no column checklist_missing." in told
    assert "Nothing is missing" not in told
    assert "C04  ?        A dated chronology" in told


def test_without_a_referral_it_says_what_one_has_to_hold(book):
    told = book.cli("checklist", CASE, "--as-of", DAY).out
    assert "No referral is recorded" in told
    assert all(item.code in told for item in ITEMS)


def test_without_an_officer_the_supervisor_is_to_be_asked_and_why(book):
    book.say("update contacts set active_to = '2026-03-01' where contact_ref = 'P1'")
    told = book.cli("checklist", CASE, "--as-of", DAY).out
    assert "Ask: S1 (the officer in the case has left)." in told


def test_the_victims_safety_comes_first_in_the_text_too(book):
    for told in (book.cli("checklist", CASE, "--as-of", DAY).out, refer(book, "R1", ["C03"]) or
                 book.cli("checklist", CASE, "--as-of", DAY).out):  # fmt: skip
        assert told.index("C13  ") < told.index("C01  ") < told.index("C15  ")


def test_a_page_is_written_as_html_alone_and_beside_json(book, tmp_path):
    ran = book.cli("checklist", CASE, "--as-of", DAY, "--to", str(tmp_path / "page.pdf"))
    assert (ran.code, list(tmp_path.glob("*.pdf"))) == (2, [])
    assert "does not end in .html" in ran.err
    written, made = book.cli("checklist", CASE, "--as-of", DAY, "--json", "--to", str(tmp_path / "p.html")).out.split(
        "\n", 1
    )
    assert (written, json.loads(made)["case"]) == (f"Written: {tmp_path / 'p.html'}", CASE)


def test_only_what_is_missing_is_in_bold_on_the_page_and_its_column_goes_with_the_referral(book, tmp_path):
    book.cli("checklist", CASE, "--as-of", DAY, "--to", str(tmp_path / "none.html"))
    assert "last referral" not in (tmp_path / "none.html").read_text("utf-8")
    refer(book, "R1", ["C03"])
    book.cli("checklist", CASE, "--as-of", DAY, "--to", str(tmp_path / "one.html"))
    page = (tmp_path / "one.html").read_text("utf-8")
    assert (page.count('<td class="lacks">missing'), page.count("<td>there")) == (1, len(ITEMS) - 1)


def test_as_json_it_is_one_object(book):
    refer(book, "R1", ["C03"])
    told = json.loads(book.cli("checklist", CASE, "--json", "--as-of", DAY).out)
    assert [(one["referral_ref"], one["missing"]) for one in told["referrals"]] == [("R1", ["C03"])]
    assert [one["contact_ref"] for one in told["ask"]] == ["P1"]
    assert [one["code"] for one in told["items"]] == [item.code for item in ITEMS]


def test_asking_is_a_consultation_that_the_audit_log_keeps(book):
    book.cli("checklist", CASE, "--as-of", DAY)
    assert book.ask("select verb, ref, reason from audit where about = 'case'") == [("consultation", CASE, "checklist")]


def test_a_case_that_is_not_in_the_book_is_refused(book):
    ran = book.cli("checklist", "45/none", "--as-of", DAY)
    assert ran.code == 2
    assert "There is no case 45/none in the book" in ran.err


def test_a_page_to_print_has_the_victims_safety_first_and_what_the_last_referral_lacked(book, tmp_path):
    refer(book, "R1", ["C03", "C15"])
    file = tmp_path / "checklist.html"
    assert book.cli("checklist", CASE, "--as-of", DAY, "--to", str(file)).out == f"Written: {file}\n"
    page = file.read_text("utf-8")
    assert page.index("C02") < page.index("C13") < page.index("C01") < page.index("C15")
    assert page.count(">missing<") == 2
    assert page.count(">there<") == len(ITEMS) - 2
    assert "P1, the officer in the case" in page
    assert file.stat().st_mode & 0o777 == 0o600
