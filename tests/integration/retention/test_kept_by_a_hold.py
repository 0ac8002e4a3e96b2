"""What a hold keeps beside the case: its audit rows and the text of its messages; and who reads that it is held."""

import json

import pytest

from flows.configured import configured
from tasks.audit_log import sealing
from tasks.obligations.explain import explain
from tests.integration.retention.over_book import OverBook
from tests.worlds.days import day
from tests.worlds.one_case import CASE

ON = "Tue 17 Mar 2026"
LATER = "Wed 1 Jun 2033"  # the seals are made at the database's own moment


@pytest.fixture
def book(database, run_cli, monkeypatch):
    return OverBook(database, run_cli, monkeypatch)


def hold(book, case=CASE, *more):
    made = book.cli("hold", case, "--by", "SP1", *(more or ("--reason", "inquest")), "--as-of", day(ON).isoformat())
    assert made.code == 0, made.err


def test_the_audit_log_stays_from_the_opening_of_a_held_case_on(book):
    for _ in range(2):
        book.cli("explain", CASE, "--as-of", day(ON).isoformat())
        sealing.seal()
    hold(book)
    book.settled(LATER)
    asked = "select count(*) from audit where reason = 'explain'"
    kept = book.purged("audit", "--apply", on=LATER)["audit"]
    assert (kept["count"], kept["until"], kept["held_back"]) == (0, "2026-03-01", {"a hold": 1})
    assert book.ask(asked) == [2]
    hold(book, CASE, "--release")
    gone = book.purged("audit", "--apply", on=LATER)["audit"]
    assert (gone["count"] > 0, gone["until"], gone["held_back"]) == (True, "2027-06-01", {})
    assert book.ask(asked) == [1]


def test_a_case_that_was_opened_after_the_horizon_holds_no_audit_row_back(book):
    hold(book)
    book.settled("Tue 1 Jun 2027")
    found = book.purged("audit", on="Tue 1 Jun 2027")["audit"]
    assert (found["until"], found["held_back"]) == ("2021-06-01", {})


def test_the_text_of_messages_of_a_held_case_stays_and_of_its_urn(book):
    book.live()
    book.case("45/LINKED")
    book.link("45/LINKED")
    book.say("""insert into messages (key, kind, contact_ref, channel, day, state, due_at, body)
                values ('answer:1', 'answer', 'P1', 'email', '2026-03-17', 'unknown', '2026-03-17 09:00Z', 'x')""")
    book.say("update replies set message_id = (select id from messages where key = 'answer:1')")
    book.say("""update messages set body = 'x', state = 'unknown'
                where id = (select min(message_id) from notifications where message_id is not null)""")
    hold(book, "45/45/LINKED")
    book.settled()
    assert book.purged("bodies", "--apply")["bodies"]["count"] > 0  # notes to operations
    asked = "select kind from messages where body is not null or text is not null order by id"
    assert sorted(book.ask(asked)) == ["answer", "letter", "thread"]
    hold(book, "45/45/LINKED", "--release")
    assert book.purged("bodies", "--apply")["bodies"]["count"] == 3


def test_mails_of_the_data_directory_that_are_about_a_held_case_stay(book, tmp_path):
    book.live()
    mails = tmp_path / "home" / "mail" / "new"
    hold(book)
    book.settled()
    assert book.purged("mail", "--apply")["mail"]["count"] > 0  # notes to operations, and letters that name no case
    left = {path.name for path in mails.iterdir()}
    assert {f"letter=3AP1=3Aemail=3A2026-03-{on}" for on in ("09", "17")} <= left
    hold(book, CASE, "--release")
    assert book.purged("mail", "--apply")["mail"]["count"] == len(left)


def test_operations_read_that_a_case_is_held_and_nobody_else(book):
    book.case("45/LINKED")
    book.link("45/LINKED")
    hold(book, CASE, "--reason", "complaint", "--reference", "A-12")
    said = "Held for complaint (A-12) since Tue 17 Mar 2026, by SP1{}: no purge erases it."
    assert said.format("") in book.explain(ON).out
    linked = book.cli("explain", "45/45/LINKED", "--as-of", day(ON).isoformat())
    assert said.format(", on 45/45/1234") in linked.out
    assert json.loads(book.explain(ON, "--json").out)["holds"] == [
        {"case": CASE, "reason": "complaint", "reference": "A-12", "by": "SP1", "since": "2026-03-17"},
    ]  # fmt: skip
    assert explain(configured(), "45", "45/1234", day(ON), by="P1").holds == ()
