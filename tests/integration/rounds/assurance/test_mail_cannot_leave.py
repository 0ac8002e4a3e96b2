"""A mail server that is away, refuses everybody or says *later* to everybody: no heartbeat, and why, in a sentence."""

from datetime import timedelta

import pytest

from config.days.london import at_london
from flows.configured import configured
from tasks.outbox import handling
from tasks.outbox.delivery import deliver
from tasks.rounds.assurance.auditor import audit
from tasks.rounds.assurance.conclusion import conclude
from tests.support.dead_mans_switch import dead_mans_switch
from tests.support.post import RawServer
from tests.worlds.days import day
from tests.worlds.one_case import OneCase

TUESDAY, SATURDAY = day("Tue 17 Mar 2026"), day("Sat 21 Mar 2026")
EIGHT = at_london(TUESDAY)
MINUTE = timedelta(minutes=1)
MANY = 241


@pytest.fixture
def post():
    with RawServer() as started:
        yield started


@pytest.fixture
def switch():
    with dead_mans_switch() as made:
        yield made


@pytest.fixture
def book(database, run_cli, post, switch, monkeypatch):
    """A case whose round is done and whose letters have left; then many letters that are due at eight."""
    monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
    monkeypatch.setenv("CASEBEAT_BACKUP__ELSEWHERE", "true")
    monkeypatch.setenv("CASEBEAT_HEARTBEAT__URL", switch.url)
    for name, value in {"HOST": "127.0.0.1", "PORT": str(post.port), "OPERATIONS": "ops@surrey.police.uk"}.items():
        monkeypatch.setenv(f"CASEBEAT_MAIL__{name}", value)
    made = OneCase(database, run_cli)
    made.say("update sources set last_extracted_at = '2026-03-17T05:00Z'")
    assert made.cli("run", "--as-of", "2026-03-17").code == 0
    made.say("update messages set sent_at = sent_at - interval '1 hour'")
    return made


def wait(book, number=MANY, due=EIGHT):
    book.say(
        f"""insert into messages (key, kind, contact_ref, channel, day, standing, hard, due_at)
            select 'letter:' || n, 'letter', 'P1', 'email', '{due.date()}', true, true, '{due}'
            from generate_series(1, {number}) n"""
    )


def found(at):
    """What the auditor finds about carriers."""
    return {one.key: one.sentence for one in audit(configured(), at) if one.key.startswith("blocked:")}


def test_while_the_mail_server_is_down_for_an_hour_no_heartbeat_leaves(book, post, switch):
    """The audit was *Completed*, and heartbeats went on, while 241 letters waited."""
    wait(book)
    post.at, post.what, post.times = "banner", "drop", 10**6
    for minutes in range(0, 61, 5):
        deliver(configured(), EIGHT + minutes * MINUTE)
    assert found(EIGHT + 59 * MINUTE) == {}
    assert found(EIGHT + 60 * MINUTE) == {
        "blocked:email": "The mail server: nothing has left for an hour: 241 messages wait since Tue 17 Mar 2026 at "
        "08:00 GMT (the mail server cannot be reached (SMTPServerDisconnected))"
    }
    for minutes, heartbeats in ((59, 1), (60, 0)):
        at = EIGHT + minutes * MINUTE
        conclude(configured(), audit(configured(), at), at, paused=False)
        assert switch.counted() == heartbeats


def test_while_one_leaves_now_and_then_the_rest_waits_for_its_turn(book, post):
    wait(book, number=2)
    book.say(f"update messages set state = 'sent', sent_at = '{EIGHT + 30 * MINUTE}' where key = 'letter:1'")
    deliver(configured(), EIGHT + 40 * MINUTE, alarms_only=True)
    assert found(EIGHT + 80 * MINUTE) == {}


def test_a_server_that_says_later_to_everybody_is_found_and_one_full_mailbox_is_not(book, post):
    wait(book, number=3)
    post.at, post.what, post.times = "RCPT", "451 4.3.0 later", 10**6
    for minutes in range(0, 61, 5):
        deliver(configured(), EIGHT + minutes * MINUTE)
    assert "3 messages wait since" in found(EIGHT + 60 * MINUTE)["blocked:email"]
    post.at, post.times = "", 0
    book.say("update messages set due_at = due_at + interval '5 hours' where key = 'letter:1'")
    deliver(configured(), EIGHT + 120 * MINUTE)
    assert found(EIGHT + 240 * MINUTE) == {}


def test_a_hold_that_is_forgotten_is_found_after_an_hour(book):
    wait(book, number=1)
    deliver_ended = EIGHT + 5 * MINUTE
    handling.hold("ops", deliver_ended)
    deliver(configured(), deliver_ended)
    assert found(EIGHT + 60 * MINUTE)["blocked:email"].endswith("08:00 GMT (the outbox is held)")


def test_on_a_day_off_nobody_is_woken(book):
    wait(book, number=1, due=at_london(SATURDAY))
    assert found(at_london(SATURDAY) + 180 * MINUTE) == {}


def test_a_relay_that_refuses_everybody_is_found_at_once(book, post):
    wait(book, number=1)
    post.at, post.what, post.times = "RCPT", "550 5.7.1 denied", 10**6
    assert deliver(configured(), EIGHT + MINUTE).dead == []
    assert found(EIGHT + 2 * MINUTE) == {
        "blocked:email": "The mail server: since Tue 17 Mar 2026 at 08:01 GMT every message is refused: it refuses 1 "
        "recipient whom it should accept: 550 5.7.1 at RCPT"
    }
    post.at = ""
    deliver(configured(), EIGHT + 30 * MINUTE)
    assert found(EIGHT + 31 * MINUTE) == {}
