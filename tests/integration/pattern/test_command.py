"""`casebeat pattern`, and the related cases of `explain`, `checklist` and an agenda: references alone, and audited."""

import json
from typing import Any

import pytest

from config.policy import SHIPPED
from tests.worlds.one_case import CASE, OneCase

DAY = "2026-03-10"
KEY = "d4" * 8


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch, database, run_cli) -> OneCase:
    """45/1234 is harassment with three related cases, one restricted and one that bars SP1."""
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    made = OneCase(database, run_cli, classification="harassment", offence_codes=["PH97004"], suspect_key=KEY)
    made.belongs("incidents", incident_ref="I1", occurred_on="2026-03-03", reported_on="2026-03-04", breach=True)
    made.case("45/2001", suspect_key=KEY, opened_on="2026-02-01")
    made.case("45/2002", suspect_key=KEY, restricted=True)
    made.case("45/2003", suspect_key=KEY, barred_refs=["SP1"])
    return made


def combined(book: OneCase) -> list[Any]:
    return [
        (ref, reason, detail["cases"])
        for ref, reason, detail in book.ask(
            "select ref, reason, detail from audit where verb = 'combination' and about = 'case' order by id"
        )
    ]


def test_each_case_is_listed_with_its_facts_and_the_reason_why_not(book):
    told = book.cli("pattern", "--as-of", DAY).out
    assert "1 open harassment case that may be stalking by its facts, on Tue 10 Mar 2026." in told
    assert "* High risk: 45/45/1234\n  1 breach; same suspect as 45/45/2001.\n" in told
    assert "No reason why it is not stalking is recorded." in told
    assert combined(book) == [(CASE, "same_suspect", ["45/45/2001"])]


def test_a_program_reads_one_object_a_line(book):
    book.say("update cases set why_not_stalking_on = '2026-03-05' where case_ref = '45/1234'")
    (line,) = book.cli("pattern", "--json", "--force", "45", "--as-of", DAY).out.splitlines()
    assert json.loads(line) == {
        "case": CASE, "urn": None, "risk": "high", "presumed": False, "latest_on": "2026-03-04",
        "reason_recorded_on": "2026-03-05", "reason_unseen": False,
        "signs": [
            {"sign": "breach", "number": 1, "since": None, "cases": []},
            {"sign": "same_suspect", "number": 1, "since": None, "cases": [{"case": "45/45/2001", "force": "Surrey"}]},
        ],
    }  # fmt: skip


def test_whether_a_reason_is_recorded_may_not_be_seen(book):
    book.say("update source_columns set state = 'lacking' where name = 'why_not_stalking_on'")
    assert "cannot be seen: its source sends no such day" in book.cli("pattern", "--as-of", DAY).out


def test_a_case_that_is_kept_apart_is_on_no_list(book):
    book.say("update cases set restricted = true where case_ref = '45/1234'")
    assert "45/1234" not in book.cli("pattern", "--as-of", DAY).out
    assert combined(book) == []


def test_cases_that_a_reason_answers_come_last_of_their_risk_and_are_counted(book):
    book.case("45/2009", classification="harassment", relationship="ex_partner", why_not_stalking_on="2026-03-09")
    book.say("update cases set why_not_stalking_on = '2026-03-01' where case_ref = '45/1234'")
    book.say("update cases set opened_on = '2026-03-09', risk = 'high' where case_ref = '45/2009'")
    told = book.cli("pattern", "--as-of", DAY).out
    assert "With a reason recorded since the latest fact: 1." in told
    assert told.index(CASE) < told.index("45/2009")


def test_cases_that_are_watched_as_stalking_come_first_whatever_their_risk(book):
    book.case("45/2010", classification="harassment", relationship="ex_partner", risk="standard")
    told = book.cli("pattern", "--as-of", DAY).out
    assert "Watched as stalking until a reason is recorded, and first here: 1." in told
    assert "* Standard risk: 45/45/2010\n  A former partner.\n" in told
    assert "No reason why it is not stalking is recorded. Until then it is watched as stalking.\n" in told
    assert told.index("45/2010") < told.index(CASE)
    assert told.count("Until then") == 1


def test_where_the_policy_presumes_nothing_no_case_is_watched(book, monkeypatch, tmp_path):
    (tmp_path / "policy.yaml").write_text(SHIPPED.read_text("utf-8").replace("presumed: safety", "presumed: off"))
    monkeypatch.setenv("CASEBEAT_POLICY", str(tmp_path / "policy.yaml"))
    book.case("45/2010", classification="harassment", relationship="ex_partner", risk="standard")
    assert "watched as stalking" not in book.cli("pattern", "--as-of", DAY).out


def test_an_unknown_force_is_refused(book):
    told = book.cli("pattern", "--force", "99", "--as-of", DAY)
    assert (told.code, told.out) == (2, "")
    assert "No source has sent anything for force 99" in told.err


@pytest.mark.parametrize("command", ["explain", "checklist"])
def test_a_case_is_shown_with_its_related_cases_and_that_is_audited(book, command):
    assert "Other cases: same suspect as 45/45/2001.\n" in book.cli(command, CASE, "--as-of", DAY).out
    assert combined(book) == [(CASE, "same_suspect", ["45/45/2001"])]
    told = json.loads(book.cli(command, CASE, "--json", "--as-of", DAY).out)
    assert told["related"] == [{"sign": "same_suspect", "cases": [{"case": "45/45/2001", "force": "Surrey"}]}]


def test_a_key_is_in_nothing_that_is_printed_and_in_no_row_but_its_cases_own(book, tmp_path):
    book.say("update cases set victim_key = suspect_key")
    asked = [("pattern",), ("pattern", "--json"), ("explain", CASE), ("explain", CASE, "--json"), ("stalled",)]
    asked += [("checklist", CASE), ("checklist", CASE, "--json"), ("obligations", "--json"), ("run",)]
    for command in asked:
        done = book.cli(*command, "--as-of", DAY)
        assert KEY not in done.out + done.err
    for table in ("audit", "messages", "notifications", "obligations", "rounds", "switches"):
        assert KEY not in str(book.ask(f"select to_jsonb({table}) from {table}"))
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and "postgres" not in path.parts]
    assert kept
    assert [path for path in kept if KEY.encode() in path.read_bytes()] == []
