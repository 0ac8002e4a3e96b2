"""`casebeat status` on a real book: each row of it from what the database holds, and nothing that names a case."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from config.days.london import at_london
from flows.configured import configured
from models.queries.rounds import rounds
from tasks.rounds.status.installation import Going, look
from tasks.servers.database import transaction
from tests.worlds.days import day
from tests.worlds.one_case import OneCase

MONDAY = day("Mon 16 Mar 2026")
NINE = at_london(MONDAY) + timedelta(hours=1)


@pytest.fixture
def book(database: Any, run_cli: Any, monkeypatch: pytest.MonkeyPatch) -> OneCase:
    """A book whose rounds of Saturday to Monday have ended, whose feed is in, and whose mail leaves."""
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    monkeypatch.setenv("CASEBEAT_MAIL__HOST", "127.0.0.1")
    monkeypatch.setenv("CASEBEAT_MAIL__PORT", "2525")
    monkeypatch.setenv("CASEBEAT_MAIL__OPERATIONS", "operations@surrey.police.uk")
    made = OneCase(database, run_cli)
    made.rounds("Sat 14 Mar 2026", "Mon 16 Mar 2026")
    made.say(
        """insert into rounds (force_code, day, began_at, ended_at, account)
           select '--', day, began_at, ended_at, '{}' from rounds"""
    )
    made.say("update sources set last_extracted_at = '2026-03-16T05:00Z' where agency is not null")
    return made


def status(book: OneCase, on: date = MONDAY) -> Any:
    """The status as a program reads it, with the command's exit code."""
    ran = book.cli("status", "--json", "--as-of", on.isoformat())
    assert ran.err == ""
    return json.loads(ran.out) | {"code": ran.code}


def sentences(found: Any, which: str) -> list[str]:
    return [one["sentence"] for one in found[which]]


def test_where_all_is_well_it_says_so_and_ends_with_nought(book):
    found = status(book)
    assert found["code"] == 0
    assert found["headline"].startswith("In order")
    assert found["wrong"] == []
    (force,) = found["forces"]
    assert (found["whole"]["going"], found["whole"]["marks"]) == ("ended", force["marks"])
    assert (force["force_code"], force["going"], force["marks"]) == ("45", "ended", "···········●●●")
    assert force["account"]["open_cases"] == 1
    (feed,) = found["feeds"]
    assert (feed["source"], feed["extracted_on"], feed["due_on"]) == ("niche-45", "2026-03-16", "2026-03-17")


def test_it_reads_on_a_terminal_with_the_worst_first(book):
    book.say("insert into switches (name, value, set_at, set_by) values ('held', 'yes', '2026-03-16T07:30Z', 'ops')")
    ran = book.cli("status", "--as-of", MONDAY.isoformat())
    first, wrong, do, *rest = ran.out.splitlines()
    assert ran.code == 1
    assert first.startswith("1 thing is wrong; ")
    assert first.endswith("for a person, on Mon 16 Mar 2026 at 08:00 GMT.")
    assert wrong == "  WRONG  The outbox is held since Mon 16 Mar 2026 at 07:30 GMT: nothing leaves."
    assert do == "         do: casebeat outbox --release"
    assert "Outbox: 0 waiting, 0 of them due, 0 tried again, 0 without an answer, 0 dead, held." in rest


def going(on: date = MONDAY) -> dict[str, Going]:
    return {one.force_code: one.going for one in look(configured(), at_london(on)).forces}


def test_a_round_that_failed_was_killed_or_runs_is_shown_as_such(book):
    book.say("update rounds set failure = 'OSError' where day = '2026-03-16' and force_code = '45'")
    assert going() == {"45": Going.FAILED}
    assert look(configured(), at_london(MONDAY)).forces[0].marks.endswith("✕")
    book.say("update rounds set failure = null, ended_at = null where day = '2026-03-16' and force_code = '45'")
    assert going() == {"45": Going.STOPPED}
    with transaction() as connection:
        rounds.lock(connection, "45")
        assert going() == {"45": Going.RUNNING}
        assert look(configured(), at_london(MONDAY)).forces[0].marks.endswith("·"), (
            "it has ended neither well nor badly"
        )
        book.say("update rounds set ended_at = began_at where day = '2026-03-16' and force_code = '45'")
        assert going() == {"45": Going.ENDED}, "a form holds the lock"
        book.say("update rounds set ended_at = null where day = '2026-03-16' and force_code = '45'")
        rounds.unlock(connection, "45")
    assert sentences(status(book), "wrong") == ["The round of force 45 was stopped without an end"]


def test_a_round_that_was_killed_after_its_forces_ended_is_wrong(book):
    book.say("update rounds set ended_at = null where day = '2026-03-16' and force_code = '--'")
    assert sentences(status(book), "wrong") == ["The round was stopped before its end: its letters may be unwritten"]
    book.say("delete from rounds where day = '2026-03-16' and force_code = '--'")
    assert sentences(status(book), "wrong") == ["Only single forces had a round today: no letters were written"]


def test_a_round_that_was_done_without_a_feed_or_a_force_is_not_shown_as_ended_well(book):
    book.say("""update rounds set account = '{"state": "Failed"}' where day = '2026-03-16' and force_code = '--'""")
    found = status(book)
    assert (found["whole"]["going"], found["whole"]["marks"]) == ("failed in part", "···········●●✕")
    assert found["wrong"] == [], "what lacked is named by itself, and by the auditor where it is over"


def test_a_round_is_missed_from_seven_on_and_not_before(book):
    tuesday = MONDAY + timedelta(days=1)
    assert [one.going for one in look(configured(), at_london(tuesday) - timedelta(minutes=61)).forces] == [
        Going.TO_COME
    ]
    assert [one.going for one in look(configured(), at_london(tuesday) - timedelta(minutes=60)).forces] == [
        Going.NOT_BEGUN
    ]


def test_an_expected_force_that_no_source_has_sent_is_shown_as_not_begun(book, monkeypatch):
    monkeypatch.setenv("CASEBEAT_FORCES", "45,46")
    assert going() == {"45": Going.ENDED, "46": Going.NOT_BEGUN}


def test_a_refused_extract_is_wrong_and_rejected_rows_wait_for_a_person(book):
    counts = json.dumps({"cases.csv": {"rejected": 2}, "actions.csv": {"rejected": 1}})
    book.say(
        """insert into extracts (extract_id, content, source_name, state, extracted_at, judged_at, counts)
           values ('niche-1', 'a', 'niche-45', 'loaded', '2026-03-16T05:00Z', '2026-03-16T05:30Z', :counts)""",
        counts=counts,
    )
    found = status(book)
    assert "3 rows of extract niche-1 of source niche-45 could not be loaded" in sentences(found, "waiting")
    book.say(
        """insert into extracts (extract_id, content, source_name, state, extracted_at, judged_at, counts, refusal)
           values ('niche-2', 'b', 'niche-45', 'refused', '2026-03-16T06:00Z', '2026-03-16T06:30Z', '{}',
                   'Row count.')"""
    )
    found = status(book)
    assert found["code"] == 1
    assert sentences(found, "wrong") == ["Extract niche-2 of source niche-45 was refused: Row count"]


def message(book: OneCase, key: str, state: str, sending: str, ref: str = "P1") -> None:
    book.say(
        """insert into messages (key, kind, contact_ref, channel, day, state, due_at, sending_at)
           values (:key, 'letter', :ref, 'email', '2026-03-12', :state, :at, :at)""",
        key=key, ref=ref, state=state, at=f"2026-03-{sending}Z",
    )  # fmt: skip


def test_a_dead_message_waits_until_its_person_is_reached(book):
    message(book, "dead", "dead", "12T08:00")
    assert look(configured(), NINE).outbox.dead == 1
    message(book, "other", "sent", "13T08:00", ref="S1")
    message(book, "before", "sent", "11T08:00")
    assert look(configured(), NINE).outbox.dead == 1
    message(book, "after", "sent", "13T08:00")
    assert look(configured(), NINE).outbox.dead == 0


def test_an_unknown_message_counts_after_an_hour(book):
    message(book, "unknown", "unknown", "16T08:01")
    assert look(configured(), NINE).outbox.unknown == 0
    assert look(configured(), NINE + timedelta(minutes=2)).outbox.unknown == 1


def test_what_travels_in_a_letter_is_not_counted_beside_it(book):
    book.say("delete from notifications")
    book.say("delete from messages")
    message(book, "letter", "queued", "16T08:00")
    message(book, "enclosed", "queued", "16T08:00")
    book.say("update messages set letter_id = (select id from messages where key = 'letter') where key = 'enclosed'")
    outbox = look(configured(), NINE).outbox
    assert (outbox.waiting, outbox.due, outbox.oldest_due_at) == (1, 1, at_london(MONDAY))


def test_cases_that_nobody_may_hear_of_are_counted_and_not_named(book):
    book.say("update notifications set contact_ref = null where id in (select max(id) from notifications where live)")
    found = status(book)
    assert "1 case lacks somebody who is to be told, in whose place operations are" in sentences(found, "waiting")
    assert "1234" not in json.dumps(found)
    book.say("""update obligations set owed_by = 'operations'
                where id in (select obligation_id from notifications where live and contact_ref is null)""")
    assert look(configured(), NINE).gaps.unaddressed == 0


def test_a_review_that_no_chair_may_hear_of_is_counted(book):
    book.rounds("Tue 17 Mar 2026", "Fri 20 Mar 2026")
    book.say(
        """insert into sittings (ref, force_code, cps_area, day, starts_at, places, minutes_per_case, chair_ref, place)
           values ('s', '45', 'South East', '2026-03-24', '2026-03-24T10:00Z', 4, 10, 'SP1', 'Room')"""
    )
    assert look(configured(), NINE).gaps.without_chair == 0
    book.say("update cases set barred_refs = '{SP1}'")
    assert look(configured(), NINE).gaps.without_chair == 1


def test_a_case_that_could_not_be_evaluated_is_wrong(book):
    book.say("update cases set projection = 'failed', failure = 'ValueError'")
    assert "1 case could not be evaluated" in sentences(status(book), "wrong")


def test_the_last_audit_is_shown_with_what_it_found(book):
    kept = {"at": "2026-03-16T07:58:00+00:00", "findings": ["one row is stuck"], "heartbeat_at": None}
    book.say(
        """insert into switches (name, value, set_at, set_by)
           values ('assurance', :kept, '2026-03-16T07:58Z', 'casebeat')""",
        kept=json.dumps(kept),
    )
    found = status(book)
    assert found["audited"] == kept
    assert sentences(found, "wrong") == ["The auditor found 1 thing on Mon 16 Mar 2026 at 07:58 GMT"]
    assert "One row is stuck" in book.cli("status", "--as-of", MONDAY.isoformat()).out
