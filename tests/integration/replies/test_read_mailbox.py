"""The reply mailbox, read from a real Dovecot: despite strangers, bounces and hostile mails."""

import hashlib
import os
import resource
import time
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage

import pytest
from sqlalchemy import text

from config.days.london import at_london
from config.settings import settings
from flows.configured import configured
from tasks.network.wire import Wire
from tasks.outbox.delivery import deliver
from tasks.replies import imap, mail_reader, sorting
from tasks.replies.inbox import MOST_BYTES
from tasks.replies.mail_reader import MailReader
from tasks.replies.read_mailbox import read
from tasks.servers import database
from tests.support import dovecot as server
from tests.support.dovecot import Dovecot
from tests.support.hostile_mails import BOMBS, BROKEN
from tests.support.post import certificate
from tests.worlds.days import day, row
from tests.worlds.one_case import OneCase
from tests.worlds.replies import Answerers, have_dovecot

pytestmark = pytest.mark.skipif(not server.HERE, reason=server.WHY_NOT)


@pytest.fixture(scope="module")
def running() -> Iterator[Dovecot]:
    with server.dovecot() as one:
        yield one


@pytest.fixture
def box(running, monkeypatch) -> Dovecot:
    running.empty()
    return have_dovecot(monkeypatch, running)


@pytest.fixture
def people(box, database, run_cli, tmp_path) -> Answerers:
    return Answerers(OneCase(database, run_cli), tmp_path / "home").on("Tue 17 Mar 2026")


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_mail_is_read_acted_upon_answered_and_put_away(people, box, monkeypatch, security):
    have_dovecot(monkeypatch, box, SECURITY=security, PORT=box.port if security == "tls" else box.plain)
    people.arrives(box)
    ran = people.read()
    assert (ran.code, ran.out) == (0, "1 mails read: 1 promised.\n"), ran.err
    assert people.book.promises() == [("P1", day("Thu 19 Mar 2026"), 0, None, None, None)]
    assert people.answer("P1")["Subject"] == "Tue 17 Mar: taken on: 45/45/1234"
    assert box.inbox() == []
    (kept,) = box.done()
    assert kept.name.endswith(":2,S"), "marked as seen"
    assert people.read().out == "No mail.\n"


def test_done_ends_the_action_in_the_same_run(people, box):
    people.arrives(box, "done")
    assert people.read().out == "1 mails read: 1 completed.\n"
    ended = people.book.ask("select end_reason from obligations where rule = 'action'")
    assert ended == ["met"]


def test_of_a_mail_of_20_megabytes_only_the_beginning_is_fetched(people, box, monkeypatch):
    made = EmailMessage()
    for header, value in {
        "From": "p1@surrey.police.uk", "To": "replies@surrey.police.uk", "Subject": people.subject("P1"),
        "Message-ID": "<big@phone.test>",
    }.items():  # fmt: skip
        made[header] = value
    made.set_content("until Thursday\n")
    made.add_attachment(os.urandom(15_000_000), maintype="application", subtype="pdf", filename="scan.pdf")
    raw = made.as_bytes(policy=policy.SMTP)
    assert len(raw) > 20_000_000
    box.drop(raw, people.at)
    with imap.open_inbox(settings().replies) as session:
        fetched = session.fetch(session.mails(10)[0])
    assert len(fetched.body) == MOST_BYTES
    assert people.read().out == "1 mails read: 1 promised.\n"


def test_no_broken_mail_stops_the_others(people, box):
    for raw in BROKEN:
        box.drop(raw, people.at)
    people.arrives(box)
    ran = people.read()
    assert ran.code == 0, ran.err
    assert "1 promised" in ran.out
    assert box.inbox() == []
    assert people.book.ask("select count(*) from messages where key like 'reply unread:%'") == [0]


def test_a_mail_that_cannot_be_dealt_with_is_told_to_operations_and_stops_nothing(people, box):
    people.arrives(box, "not mine")
    people.arrives(box)
    body = "begin raise exception using errcode = ''22000''; end"
    owner = database.owner_engine()
    with owner.begin() as connection:
        connection.execute(text(f"create function broken() returns trigger language plpgsql as '{body}'"))
        connection.execute(text("create trigger broken before insert on notifications execute function broken()"))
    owner.dispose()
    ran = people.read()
    assert (ran.code, ran.out) == (
        1,
        "2 mails read: 1 promised, 1 that could not be dealt with: operations are told.\n",
    )
    (told,) = people.book.ask("select text from messages where key like 'reply unread:%'")
    assert told.startswith(
        "A reply could not be dealt with\n\nOne fault ended the reading of it (DataException (pgcode 22000), "
    )
    assert box.inbox() == []


def strange(number: int, sender: str = "eve@evil.test", **headers: str) -> bytes:
    """A mail that nothing vouches for, whose HTML no parser of ours survived."""
    made = EmailMessage()
    for header, value in {
        "From": sender, "To": "replies@surrey.police.uk", "Subject": "Win", "Message-ID": f"<{number}@evil.test>",
        **headers,
    }.items():  # fmt: skip
        made[header.replace("_", "-")] = value
    made.set_content(f"<p>&#{'9' * 5_000};</p>", subtype="html", cte="7bit")
    return made.as_bytes(policy=policy.SMTP)


def ignored(people: Answerers) -> list[str]:
    return people.book.ask("select text from messages where key like 'ignored mails:%' order by key")


def test_behind_a_thousand_strangers_a_promise_is_read_in_the_first_run(people, box):
    for number in range(1_000):
        box.drop(strange(number), people.at)
    people.arrives(box)
    began = time.monotonic()
    ran = people.read()
    assert time.monotonic() - began < 60
    assert (ran.code, ran.out) == (0, "1001 mails read: 1000 from nobody known, 1 promised.\n")
    assert len(people.book.promises()) == 1
    assert (box.inbox(), len(box.done())) == ([], 1_001)
    assert people.book.ask("select count(*) from messages where key like 'reply unread:%'") == [0]
    assert people.book.ask("select count(*) from replies") == [1], "no table of strangers' mails"


@pytest.mark.parametrize(
    ("lasts", "first", "second"),
    [
        row("for some headers", [True, False], "25 from nobody known", "5 from nobody known, 1 promised"),
        row("for the headers alone", [True, True, False], "No mail", "30 from nobody known, 1 promised"),
        row("for what proves itself", [True] * 3 + [False], "1 promised", "30 from nobody known"),
    ],
)
def test_what_a_session_has_no_time_for_is_left_to_the_next_run(people, box, monkeypatch, lasts, first, second):
    for number in range(30):
        box.drop(strange(number), people.at)
    people.arrives(box)
    left = iter(lasts)
    with monkeypatch.context() as slow:
        slow.setattr(Wire, "lasts", lambda *_: next(left, lasts == [True, False]))
        ran = people.read()
    assert (ran.code, first in ran.out) == (0, True)
    assert second in people.read().out
    assert box.inbox() == []


def test_strangers_are_told_to_operations_once_a_day_in_one_line(people, box):
    for run in range(3):
        for number in range(20):
            box.drop(strange(run * 20 + number), people.at)
        box.drop(strange(run, "p1@surrey.police.uk", Subject=f"{run} cb1.forged"), people.at)
        assert people.read().code == 0, "no degraded run"
    (told,) = ignored(people)
    assert told.startswith(
        "Mails put away without an answer\n\nReply mailbox on Tue 17 Mar 2026: 63 mails put away without an answer: "
        "3 from a known address but without a key, 60 from nobody known\n"
    )
    deliver(configured(), people.at)
    assert people.book.ask("select state from messages where key like 'ignored mails:%'") == ["queued"]
    deliver(configured(), at_london(day("Wed 18 Mar 2026")))
    assert people.book.ask("select state from messages where key like 'ignored mails:%'") == ["shown"]
    people.today = day("Wed 18 Mar 2026")
    box.drop(strange(99), people.at)
    people.read()
    assert len(ignored(people)) == 2
    assert "\n\nReply mailbox on Wed 18 Mar 2026: 1 mail put away" in ignored(people)[1]


def test_forged_senders_and_false_bounces_use_up_nobodys_turn(people, box):
    for number in range(60):
        box.drop(strange(number, "s1@surrey.police.uk"), people.at)
        report = b"Content-Type: multipart/report; report-type=delivery-status; boundary=b"
        box.drop(strange(number, "x@evil.test").replace(b"Content-Type: text/html", report, 1), people.at)
    people.arrives(box)
    ran = people.read()
    assert (ran.code, "1 promised" in ran.out) == (0, True)
    assert len(box.inbox()) == 20, "the rest of each waits for its next turn"
    assert "50 from a known address but without a key" in ran.out
    people.read()
    assert box.inbox() == []


def bounce(number: int, named: str) -> bytes:
    """A mail server's report that a mail of this Message-ID could not be delivered."""
    return f"""Return-Path: <>
From: MAILER-DAEMON@evil.test
To: replies@surrey.police.uk
Subject: Undelivered Mail Returned to Sender
Message-ID: <{number}@evil.test>
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; evil.test

Final-Recipient: rfc822; p1@surrey.police.uk
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

Message-ID: {named}

--b--
""".replace("\n", "\r\n").encode()


def test_a_bounce_is_believed_only_of_a_mail_that_we_sent(people, box):
    sent = str(people.mails("P1")[-1]["Message-ID"])
    hashed = hashlib.sha256(b"letter:P1:email:2026-03-17").hexdigest()[:40]
    for number, named in enumerate([sent, f"<{hashed}@casebeat.invalid>", "<x@evil.test>"]):
        box.drop(bounce(number, named), people.at)
    ran = people.read()
    assert (ran.code, ran.out) == (0, "3 mails read: 1 bounced, 2 bounced but naming no mail of ours.\n")
    (told,) = people.book.ask("select text from messages where key like 'bounced:%'")
    assert "could not be delivered (5.1.1)" in told
    assert "2 bounced but naming no mail of ours" in ignored(people)[0]


def test_who_holds_a_key_uses_up_no_other_persons_turn(people, box, monkeypatch):
    monkeypatch.setattr(sorting, "MOST", dict.fromkeys(sorting.MOST, 4))
    theirs = people.subject("S1")
    for _ in range(8):
        box.drop(people.letter("S1", "status", theirs), people.at)
    people.arrives(box)
    assert people.read().out == "4 mails read: 1 promised, 3 standing.\n"


def test_a_key_of_another_person_comes_after_ones_own(people, box, monkeypatch):
    monkeypatch.setattr(sorting, "MOST", dict.fromkeys(sorting.MOST, 1) | {sorting.Rank.KNOWN: 0})
    box.drop(people.letter("S1", "until Thursday", people.subject("P1")), people.at)
    people.arrives(box)
    assert people.read().out == "1 mails read: 1 promised.\n"


def test_a_plain_answer_to_our_mail_is_read_among_the_first(people, box, monkeypatch):
    monkeypatch.setattr(sorting, "MOST", dict.fromkeys(sorting.MOST, 1) | {sorting.Rank.KNOWN: 0})
    mail = people.mails("P1")[-1]
    answered = {"In-Reply-To": str(mail["Message-ID"])}
    quoted = "".join(f"> {line}\n" for line in mail.get_body(("plain",)).get_content().splitlines())
    box.drop(people.letter("P1", f"status\n\n{quoted}", "Re: Casebeat", **answered), people.at)
    box.drop(people.letter("P1", "until Thursday", "Re: Casebeat", **{"In-Reply-To": "<1@evil.test>"}), people.at)
    assert people.read().out == "1 mails read: 1 standing.\n"


def test_a_fault_in_a_mail_that_proves_nothing_is_its_senders_own(people, box, monkeypatch):
    def breaks(*_):
        raise RuntimeError

    for number, sender in enumerate(["eve@evil.test", "p1@surrey.police.uk"]):
        box.drop(strange(number, sender), people.at)
    with monkeypatch.context() as broken:
        broken.setattr(MailReader, "mail", breaks)
        assert people.read().out == "2 mails read: 1 from nobody known, 1 unreadable and without a key.\n"
        people.arrives(box)
        assert people.read().out == "1 mails read: 1 that could not be dealt with: operations are told.\n"
    box.drop(strange(3), people.at)
    monkeypatch.setattr(MailReader, "envelope", breaks)
    assert people.read().out == "1 mails read: 1 unreadable and without a key.\n"
    assert people.book.ask("select count(*) from messages where key like 'reply unread:%'") == [1]


def test_a_mail_of_which_its_reader_dies_stops_no_other(people, box, monkeypatch):
    monkeypatch.setattr(mail_reader, "CHILD", "tests.support.dying_mail_child")
    box.drop(strange(1, "p1@surrey.police.uk").replace(b"\r\n\r\n", b"\r\n\r\nDIE OF THIS ", 1), people.at)
    people.arrives(box, "until Thursday\n\nDIE OF THIS")
    people.arrives(box)
    assert people.read().out == (
        "3 mails read: 1 promised, 1 unreadable and without a key, "
        "1 that could not be dealt with: operations are told.\n"
    )
    ((told,),) = people.book.ask("select array[text] from messages where key like 'reply unread:%'")
    assert "reading it took more than 512 MiB of memory or 10 seconds" in told


@pytest.mark.parametrize("name_", BOMBS)
@pytest.mark.parametrize("sender", ["eve@evil.test", "p1@surrey.police.uk"])
def test_a_bomb_of_a_mail_is_read_within_a_second_and_stops_nothing(people, box, name_, sender):
    box.drop(f"From: {sender}\r\n".encode() + BOMBS[name_], people.at)
    began, used = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    made = read(configured(), people.today, people.at)
    assert time.process_time() - began < 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - used < 50_000, "kB"
    assert (made.degraded, box.inbox()) == (False, [])
    assert sum(made.ignored.values()) == 1


def test_without_a_mailbox_in_the_settings_nothing_is_done(people, monkeypatch):
    monkeypatch.delenv("CASEBEAT_REPLIES__HOST")
    ran = people.read()
    assert (ran.code, ran.out) == (
        0,
        "No reply mailbox is set (CASEBEAT_REPLIES__HOST or __MAILDIR): nothing is read.\n",
    )


def test_a_certificate_that_is_not_trusted_is_refused(people, box, monkeypatch, tmp_path):
    people.arrives(box)
    _, other = certificate(tmp_path)
    for security, port in (("tls", box.port), ("starttls", box.plain)):
        have_dovecot(monkeypatch, box, SECURITY=security, PORT=port)
        monkeypatch.setenv("SSL_CERT_FILE", str(other))
        ran = people.read()
        assert ran.code == 2
        assert "The reply mailbox's certificate is not trusted" in ran.err
    assert len(box.inbox()) == 1


@pytest.mark.parametrize(
    ("settings_", "says"),
    [
        row("a wrong password", {"PASSWORD": "wrong"}, "refused the sign-in"),
        row("nobody there", {"PORT": 1}, "cannot be reached (ConnectionRefusedError)"),
        row("a folder it may not have", {"DONE_FOLDER": "x/../../y"}, "would not move a mail"),
    ],
)
def test_what_is_wrong_with_the_mailbox_is_said_in_one_sentence(people, box, monkeypatch, settings_, says):
    people.arrives(box)
    have_dovecot(monkeypatch, box, **settings_)
    ran = people.read()
    assert ran.code == 2
    assert says in ran.err
    assert "secret" not in ran.err
    assert ran.err.count("\n") == 1
    assert len(box.inbox()) == 1


def test_a_server_without_move_copies_and_removes(people, monkeypatch):
    with server.dovecot(capabilities="imap_capability {\n  MOVE = no\n}") as plain:
        have_dovecot(monkeypatch, plain)
        people.arrives(plain)
        assert people.read().out == "1 mails read: 1 promised.\n"
        assert (plain.inbox(), len(plain.done())) == ([], 1)
