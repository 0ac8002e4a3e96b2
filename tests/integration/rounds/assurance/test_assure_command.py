"""`casebeat assure`: the heartbeat while all holds, a round made up for, and the mails that operations get."""

import json
from email import message_from_bytes, policy
from functools import partial

import pytest

from tasks.servers import database as way
from tasks.servers import round_lock
from tasks.servers.serving import Timed
from tests.support.dead_mans_switch import dead_mans_switch
from tests.support.post import RawServer, free_port
from tests.worlds.one_case import OneCase

OPERATIONS = "casebeat-operations@surrey.police.uk"
WELL = "Every open case is watched, the day's round is done, and nothing is stuck."
AGAIN = "Today's round had no good end, and was begun again."


@pytest.fixture
def switch():
    with dead_mans_switch() as made:
        yield made


@pytest.fixture
def post():
    with RawServer() as started:
        yield started


@pytest.fixture
def book(database, run_cli, post, switch, monkeypatch):
    """A case whose round of Tuesday is done; its feed is in for Wednesday too. The clock is virtual."""
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    mail = {"HOST": "127.0.0.1", "PORT": str(post.port), "OPERATIONS": OPERATIONS}
    for name, value in mail.items():
        monkeypatch.setenv(f"CASEBEAT_MAIL__{name}", value)
    monkeypatch.setenv("CASEBEAT_HEARTBEAT__URL", switch.url)
    made = OneCase(database, run_cli)
    made.say("update sources set last_extracted_at = '2026-03-18T05:00Z'")
    assert made.cli("run", "--as-of", "2026-03-17").code == 0
    post.accepted.clear()
    return made


def subjects(post):
    """The subjects of the mails to operations since the last look, without their beginning."""
    mails = [message_from_bytes(each, policy=policy.default) for each in post.accepted]
    post.accepted.clear()
    found = [str(mail["Subject"]) for mail in mails if OPERATIONS in str(mail["To"])]
    return [one.partition(": ")[2] for one in found]


def assure(book, on, *more):
    return book.cli("assure", "--as-of", on, *more)


def rounds(book, on):
    return book.ask(f"select count(*) from rounds where day = '{on}' and force_code = '45'")


def clock(monkeypatch, which):
    monkeypatch.setenv("CASEBEAT_CLOCK", which)


def test_while_all_holds_it_sends_a_heartbeat_and_no_mail(book, post, switch):
    ran = assure(book, "2026-03-17")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == f"{WELL} The last heartbeat: Tue 17 Mar 2026 at 08:00 GMT.\n"
    assert (switch.counted(), subjects(post)) == (1, [])


def test_a_round_that_nobody_began_is_begun_that_day_and_operations_read_it_once(book, post, switch):
    ran = assure(book, "2026-03-18")
    assert (ran.code, ran.out.splitlines()[0]) == (1, AGAIN)
    assert (switch.counted(), rounds(book, "2026-03-18")) == (0, [1])
    assert "Today's round was begun again" in subjects(post)
    assert assure(book, "2026-03-18").code == 0
    assert (switch.counted(), subjects(post)) == (1, ["All is well again"])
    assert assure(book, "2026-03-18").code == 0
    assert (switch.counted(), subjects(post), rounds(book, "2026-03-18")) == (1, [], [1])


def test_what_does_not_hold_keeps_the_heartbeat_away_and_is_one_mail_a_day(book, post, switch):
    book.say("update obligations set ended_on = '2026-03-17', end_reason = 'withdrawn' where case_id is not null")
    for _ in range(3):
        assert assure(book, "2026-03-17").code == 1
    (mail,) = (message_from_bytes(each, policy=policy.default) for each in post.accepted)
    text = mail.get_body(("plain",)).get_content()
    assert "Force 45: 1 open case in scope with no obligation that has a step to come." in text
    assert len(subjects(post)) == 1
    assert switch.counted() == 0


def test_an_alarm_reaches_operations_while_the_outbox_is_held_and_nothing_else_leaves(book, post):
    assert book.cli("outbox", "--hold").code == 0
    assert assure(book, "2026-03-18").code == 1, "the hold stops no round"
    assert rounds(book, "2026-03-18") == [1]
    (mail,) = (message_from_bytes(each, policy=policy.default) for each in post.accepted)
    assert AGAIN in mail.get_body(("plain",)).get_content()


def test_a_late_feed_begins_no_round_again(book, switch):
    assert book.cli("run", "--as-of", "2026-03-25").code == 1
    ran = assure(book, "2026-03-25")
    assert ran.code == 1
    assert ran.out.startswith("Source niche-45 is late: its last extract is of Wed 18 Mar 2026")
    assert (rounds(book, "2026-03-25"), switch.counted()) == ([1], 0)


@pytest.mark.parametrize("lock", [round_lock.whole, partial(round_lock.force_lock, "45")])
def test_while_a_lock_is_held_no_round_is_begun_though_there_is_none_of_the_day(book, lock):
    with lock():
        ran = assure(book, "2026-03-18")
    assert ran.out.splitlines()[0] == "The round of Wed 18 Mar 2026 has not begun."
    assert (ran.code, rounds(book, "2026-03-18")) == (1, [0])


def test_a_force_that_no_source_ever_sent_begins_no_round_again(book, monkeypatch):
    monkeypatch.setenv("CASEBEAT_FORCES", "45,46")
    assert assure(book, "2026-03-17").out.startswith("The round of force 46 of Tue 17 Mar 2026 has not begun.\n")
    assert rounds(book, "2026-03-17") == [1]


def test_a_round_whose_letters_failed_is_begun_again_as_a_whole(book):
    book.say("update rounds set failure = 'letters failed (OSError)' where force_code = '--'")
    assert assure(book, "2026-03-17").out.splitlines()[0] == AGAIN
    assert book.ask("select failure from rounds where force_code = '--' order by id desc") == [
        None, "letters failed (OSError)",
    ]  # fmt: skip


def test_as_json_it_lists_the_same(book, switch):
    assert json.loads(assure(book, "2026-03-17", "--json").out) == {
        "well": True, "findings": [], "heartbeat_at": "2026-03-17T08:00:00+00:00", "unseen": 0,
    }  # fmt: skip
    made = json.loads(assure(book, "2026-03-18", "--json").out)
    assert (made["well"], made["findings"]) == (False, [f"{AGAIN[0].lower()}{AGAIN[1:-1]}"])
    assert made["heartbeat_at"] == "2026-03-17T08:00:00+00:00", "the last one"


def test_the_result_is_kept_for_the_status(book):
    assure(book, "2026-03-17")
    (kept,) = book.ask("select value from switches where name = 'assurance'")
    assert json.loads(kept)["heartbeat_at"] == json.loads(kept)["at"] == "2026-03-17T08:00:00+00:00"
    assert json.loads(kept)["findings"] == []


def test_a_heartbeat_that_is_not_taken_is_found_and_written_when_it_fails_twice(book, post, switch):
    switch.status = 500
    assert assure(book, "2026-03-17").out.startswith("The address of the heartbeat did not take it (HTTP 500).")
    assert subjects(post) == []
    assert assure(book, "2026-03-17").code == 1
    assert len(subjects(post)) == 1


def test_with_the_database_away_it_says_so_and_sends_no_heartbeat(book, switch, monkeypatch):
    way.close()
    url = f"postgresql+psycopg2://casebeat@127.0.0.1:{free_port()}/casebeat"
    monkeypatch.setenv("CASEBEAT_DATABASE_URL", url)
    ran = assure(book, "2026-03-17")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("casebeat: The database")
    assert switch.counted() == 0


def test_a_fault_of_its_own_has_another_exit_code_than_what_it_found(book, monkeypatch, tmp_path):
    monkeypatch.setattr("tasks.rounds.assurance.auditor.audit", lambda *_: 1 / 0)
    ran = assure(book, "2026-03-17")
    assert (ran.code, ran.out) == (3, "")
    assert ran.code not in Timed(tmp_path, "auditor", (), {}).well


def test_with_prefects_server_away_it_says_so_and_begins_the_round_itself(book, switch, monkeypatch):
    monkeypatch.setenv("PREFECT_API_URL", f"http://127.0.0.1:{free_port()}/api")
    ran = assure(book, "2026-03-18")
    assert ran.out.splitlines()[:2] == [AGAIN, "The Prefect server does not answer: start it again."]
    assert rounds(book, "2026-03-18") == [1]
    assert assure(book, "2026-03-18").code == 1
    assert switch.counted() == 0


def test_a_day_before_the_last_round_is_not_begun_again_nor_counted(book):
    assert book.cli("run", "--as-of", "2026-03-19").code == 0
    ran = assure(book, "2026-03-18")
    assert ran.code == 1
    assert ran.out.startswith(
        "Today's round cannot be begun again: Wed 18 Mar 2026 is before force 45's last round (Thu 19 Mar 2026): "
        "nothing was done.\n"
    )
    assert "1 thing to look at" in ran.out, "the audit goes on"
    assert rounds(book, "2026-03-18") == [0]
    assert book.ask("select value from switches where name = 'begun again'") == []


def test_while_the_machines_clock_is_wrong_no_round_is_begun_again(book, monkeypatch):
    book.say("update sources set last_extracted_at = now() + interval '2 hours'")
    book.say(
        """insert into rounds (force_code, day, began_at, account)
           values ('--', (now() at time zone 'Europe/London')::date, now(), '{}')"""
    )
    clock(monkeypatch, "real")
    ran = book.cli("assure")
    assert ran.out.startswith("Today's round cannot be begun again: This machine's clock shows ")
    assert book.ask("select count(*) from rounds where day > '2026-03-17'") == [1]


def test_a_day_that_is_over_is_only_looked_at(book, post, switch, monkeypatch):
    clock(monkeypatch, "real")
    ran = assure(book, "2026-03-18")
    assert (ran.code, ran.out.splitlines()[0]) == (1, "The round of Wed 18 Mar 2026 has not begun.")
    assert rounds(book, "2026-03-18") == [0]
    assert assure(book, "2026-03-17").out == f"{WELL} No heartbeat was sent yet.\n"
    assert (switch.counted(), subjects(post)) == (0, [])
    assert book.ask("select value from switches where name = 'assurance'") == []
