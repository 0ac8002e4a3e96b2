"""What is held of a member of staff: tables, counts and days, what stays after they have left, and no case."""

import json
import stat

import pytest

from tests.worlds.one_case import CASE, OneCase

AS_OF = ("--as-of", "2026-03-20")


@pytest.fixture
def book(database, run_cli, monkeypatch) -> OneCase:
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    return OneCase(database, run_cli)


def lines(book, ref="P1"):
    told = json.loads(book.cli("access", "--person", ref, "--json", *AS_OF).out)
    return {(one["table"], one["shows"]): (one["rows"], one["first"], one["last"]) for one in told["lines"]}


def test_each_table_that_holds_a_person_is_counted_with_its_days(book):
    for day in ("Mon 2 Mar 2026", "Thu 12 Mar 2026"):
        book.round(day)
    assert book.acknowledge("Thu 12 Mar 2026", "Fri 13 Mar 2026").code == 0
    book.say("update contacts set slack_user_id = 'U1', deputy_ref = 'S1' where contact_ref = 'P1'")
    book.say("insert into slack_conversations (slack_user_id, channel_id) values ('U1', 'D1')")
    held = lines(book)
    assert held["contacts", "name, work address, roles and places"] == (1, "2026-03-02", "2026-03-02")
    assert held["cases", "officer in the case"] == (1, "2026-03-02", "2026-03-02")
    assert held["promises", "promises, each with its reason in their own words"] == (1, "2026-03-12", "2026-03-12")
    assert held["slack_conversations", "the conversation with them"] == (1, None, None)
    assert held["audit", "what they did or asked to see"][0] == 1
    assert held["notifications", "what they were to be told"][0] > 0
    assert lines(book, "S1")["contacts", "deputy of others"][0] == 1


def test_after_a_person_has_left_it_says_since_when_and_why_the_rest_stays(book):
    book.say("update contacts set active_to = '2026-03-10', withdrawn_on = '2026-03-15' where contact_ref = 'P1'")
    told = book.cli("access", "--person", "P1", *AS_OF).out
    assert "Not here any more since Tue 10 Mar 2026." in told
    assert "* cases, 1 row, Mon 2 Mar 2026: officer in the case" in told
    assert "Stays as long as the case: who answers for it." in told
    book.say("delete from contacts where contact_ref = 'P1'")
    assert "No contact of this reference is left." in book.cli("access", "--person", "P1", *AS_OF).out


def test_it_names_nobody_and_no_case_and_not_from_which_somebody_is_barred(book, tmp_path):
    for day in ("Mon 2 Mar 2026", "Thu 12 Mar 2026"):
        book.round(day)
    assert {table for table, _ in lines(book)} > {"cases", "obligations", "notifications"}
    book.say("update cases set barred_refs = '{P1}', restricted = true")
    assert {table for table, _ in lines(book)} <= {"contacts", "messages", "audit"}
    book.say("update contacts set name = 'Canary Person', email = 'canary@surrey.police.uk'")
    page, told = tmp_path / "p.html", tmp_path / "p.json"
    for file in (page, told):
        assert book.cli("access", "--person", "P1", "--to", str(file), *AS_OF).code == 0
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        text = file.read_text("utf-8")
        assert "canary" not in text.lower()
        assert not [word for word in (CASE, "45/1234", "A1", "S1", "SP1") if word in text]


def test_a_file_is_a_disclosure_and_a_look_a_consultation(book, tmp_path):
    book.cli("access", "--person", "P1", *AS_OF)
    book.cli("access", "--person", "P1", "--to", str(tmp_path / "p.html"), *AS_OF)
    assert book.ask("select verb, about, ref, to_ref, reason from audit order by id") == [
        ("consultation", "contact", "P1", None, "access"), ("disclosure", "contact", "P1", "P1", "access"),
    ]  # fmt: skip
    assert book.cli("access", "--person", "P1", "--to", "x.pdf", *AS_OF).code == 2


def test_of_whom_nothing_is_held_nothing_is_told(book):
    ran = book.cli("access", "--person", "P99", *AS_OF)
    assert (ran.code, ran.out) == (2, "")
    assert "Nothing is held of a contact P99." in ran.err
