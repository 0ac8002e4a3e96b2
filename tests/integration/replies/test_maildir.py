"""The reply mailbox as a Maildir, filled by a real OpenSMTPD or by hand: each mail once, despite deaths."""

import os
import random
import smtplib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest

from config.settings import settings
from flows.configured import configured
from models.queries.replies import replies as rows
from tasks.network.wire import Limits
from tasks.replies import maildir
from tasks.replies.inbox import MOST_BYTES
from tasks.replies.read_mailbox import read
from tests.faults.process import Call, Process, settings_here
from tests.support import post
from tests.support.hostile_mails import BOMBS, BROKEN
from tests.support.post import OpenSmtpd
from tests.worlds.days import day
from tests.worlds.one_case import OneCase
from tests.worlds.replies import ADDRESS, Answerers, switch_on

MAILS = 6  # for readers that are killed
_numbers = count(1)


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The Maildir, empty, and the settings that name it."""
    for part in ("tmp", "new", "cur"):
        (tmp_path / "replies" / part).mkdir(parents=True)
    switch_on(monkeypatch, tmp_path / "replies")
    return tmp_path / "replies"


@pytest.fixture
def people(box, database, run_cli, tmp_path) -> Answerers:
    return Answerers(OneCase(database, run_cli), tmp_path / "home").on("Tue 17 Mar 2026")


def command(people: Answerers):
    return people.book.cli("replies", "--as-of", people.today.isoformat())


def drop(people: Answerers, box: Path, raw: bytes) -> Path:
    """Deliver a mail as a mail server does: written beside, then renamed."""
    name = f"{int(people.at.timestamp())}.M{next(_numbers)}.test"
    (box / "tmp" / name).write_bytes(raw)
    os.utime(box / "tmp" / name, (people.at.timestamp(), people.at.timestamp()))
    return (box / "tmp" / name).rename(box / "new" / name)


def arrives(people: Answerers, box: Path, text: str = "until Thursday") -> Path:
    return drop(people, box, people.letter("P1", text, people.subject("P1")))


def inbox(box: Path) -> list[Path]:
    return [path for part in ("new", "cur") for path in (box / part).iterdir()]


def done(box: Path) -> list[Path]:
    return list((box / ".Casebeat done" / "cur").iterdir())


@pytest.fixture(scope="module")
def smtpd() -> Iterator[OpenSmtpd]:
    with post.open_smtpd() as one:
        yield one


@pytest.mark.skipif(not post.HERE, reason=post.WHY_NOT)
def test_what_a_mail_server_of_this_machine_delivers_is_read_acted_upon_and_answered(people, smtpd, monkeypatch):
    box = smtpd.box / ADDRESS
    switch_on(monkeypatch, box)
    ran = command(people)
    assert ran.code == 2, "the server makes the Maildir with its first mail"
    assert ran.err == "casebeat: The reply Maildir cannot be opened (FileNotFoundError).\n"
    raw = people.letter("P1", "until Thursday", people.subject("P1"))
    with smtplib.SMTP("127.0.0.1", smtpd.port, timeout=10) as client:
        client.sendmail("p1@surrey.police.uk", [ADDRESS], raw)
    smtpd.letters(ADDRESS, 1)
    ran = command(people)
    assert (ran.code, ran.out) == (0, "1 mails read: 1 promised.\n"), ran.err
    assert people.book.promises() == [("P1", day("Thu 19 Mar 2026"), 0, None, None, None)]
    assert people.answer("P1")["Subject"].endswith(": taken on: 45/45/1234")
    assert inbox(box) == []
    (kept,) = done(box)
    assert kept.name.endswith(":2,S"), "marked as seen"
    assert command(people).out == "No mail.\n"


def test_a_mail_that_somebody_has_opened_is_still_read(people, box):
    path = arrives(people, box)
    path.rename(box / "cur" / f"{path.name}:2,S")
    assert command(people).out == "1 mails read: 1 promised.\n"
    assert (inbox(box), [kept.name for kept in done(box)]) == ([], [f"{path.name}:2,S"])


def test_a_mail_that_is_being_delivered_waits(people, box):
    path = arrives(people, box)
    path.rename(box / "tmp" / path.name)
    assert command(people).out == "No mail.\n"


def test_a_weekday_counts_from_the_day_on_which_the_mail_was_delivered(people, box):
    subject = people.subject("P1")
    people.today = day("Fri 20 Mar 2026")
    drop(people, box, people.letter("P1", "until Monday", subject))
    people.today = day("Mon 23 Mar 2026")
    assert command(people).out == "1 mails read: 1 refused.\n"


def test_the_same_mail_in_two_copies_is_one(people, box):
    raw = arrives(people, box).read_bytes()
    drop(people, box, b"Received: by another way\r\n" + raw)
    assert command(people).out == "2 mails read: 1 promised, 1 seen already.\n"
    assert people.book.ask("select count(*) from messages where kind = 'answer'") == [1]


def test_lines_may_end_as_the_mail_server_writes_them(people, box):
    path = arrives(people, box)
    path.write_bytes(b"Return-Path: <p1@surrey.police.uk>\n" + path.read_bytes().replace(b"\r\n", b"\n"))
    assert command(people).out == "1 mails read: 1 promised.\n"


def test_a_reader_that_dies_after_the_commit_leaves_a_mail_that_the_next_only_puts_away(people, box, monkeypatch):
    arrives(people, box)

    def dies(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(maildir.ReplyMaildir, "done", dies)
        with pytest.raises(KeyboardInterrupt):
            read(configured(), people.today, people.at)
    assert len(inbox(box)) == 1
    assert command(people).out == "1 mails read: 1 seen already.\n"
    assert (len(people.book.promises()), inbox(box)) == (1, [])


def test_a_reader_that_dies_before_the_commit_leaves_everything_to_the_next(people, box, monkeypatch):
    arrives(people, box)

    def dies(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(rows, "answer", dies)
        with pytest.raises(KeyboardInterrupt):
            read(configured(), people.today, people.at)
    assert people.book.promises() == []
    assert command(people).out == "1 mails read: 1 promised.\n"


def test_readers_killed_at_any_moment_lose_no_mail_and_do_nothing_twice(people, box, tmp_path):
    asked = ["until Thursday", "status", "not mine", "hello"]
    for number in range(MAILS):
        arrives(people, box, asked[number % 4])
    chance, killed = random.Random(3), 0  # noqa: S311  a test's own dice
    reading = Call(tmp_path, settings_here(), ("replies", "--as-of", f"{people.today}"), watched=False)
    while waiting := len(inbox(box)):
        reader = Process(reading)
        while reader.alive and len(inbox(box)) == waiting:
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.03))
        killed += reader.alive
        reader.kill()
        reader.join()
    assert command(people).code == 0
    assert killed > 1
    assert len(done(box)) == MAILS
    assert people.book.ask("select count(*) from replies where answered is not null") == [MAILS]
    answers = people.book.ask("select count(*) from messages where kind = 'answer'")
    assert answers == [min(MAILS, configured().policy.replies.most_per_person_per_day)]
    assert len([one for one in people.book.promises() if one[4] is None]) == 1
    assert people.book.ask("select count(*) from notifications where happening = 'handed_over'") == [1]
    assert people.book.ask("select count(*) from audit where about = 'reply'") == [MAILS]


def test_two_readers_at_once_act_once_and_answer_once(people, box):
    for ref in range(12):
        arrives(people, box, "until Thursday" if ref % 2 else "status")
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda _: read(configured(), people.today, people.at), "12"))
    total = sum((one.counts for one in made), start=made[0].counts.__class__())
    assert total["promised"] + total["refused"] + total["standing"] == 12
    assert people.book.ask("select count(*) from messages where kind = 'answer'") == [12]
    assert (inbox(box), len(done(box))) == ([], 12)


def test_no_broken_mail_and_no_file_that_is_none_stops_the_others(people, box):
    for raw in [*BROKEN, *(b"From: p1@surrey.police.uk\r\n" + bomb for bomb in BOMBS.values())]:
        drop(people, box, raw)
    (box / "new" / "link").symlink_to("/etc/passwd")
    (box / "new" / "folder").mkdir()
    os.mkfifo(box / "new" / "pipe")
    arrives(people, box)
    ran = command(people)
    assert ran.code == 0, ran.err
    assert "1 promised" in ran.out
    assert {path.name for path in inbox(box)} == {"link", "folder", "pipe"}
    assert people.book.ask("select count(*) from messages where key like 'reply unread:%'") == [0]


def test_a_key_is_read_behind_any_number_of_headers(people, box):
    drop(people, box, BOMBS["10,000 headers"][:-6] + people.letter("P1", "until Thursday", people.subject("P1")))
    assert command(people).out == "1 mails read: 1 promised.\n"


def test_of_a_large_mail_only_the_beginning_is_read(people, box):
    path = arrives(people, box)
    path.write_bytes(path.read_bytes() + b"\r\n" + b"x" * 20_000_000)
    with maildir.open_inbox(settings().replies) as opened:
        (name,) = opened.mails(10)
        assert len(opened.fetch(name).body) == MOST_BYTES
        path.unlink()
        assert opened.fetch(name) is None
        assert list(opened.headers([name])) == [{}]
        opened.done([name])


def test_what_a_reading_has_no_time_for_is_left_to_the_next(people, box):
    arrives(people, box)
    with maildir.open_inbox(settings().replies, Limits(session=0)) as opened:
        assert list(opened.headers(opened.mails(10))) == []
        assert not opened.lasts(1)


def test_a_maildir_that_is_no_folder_of_mails_is_said_in_one_sentence(people, box):
    arrives(people, box)
    (box / "cur").rmdir()
    ran = command(people)
    assert (ran.code, ran.err) == (2, "casebeat: The reply Maildir cannot be opened (FileNotFoundError).\n")
    assert len(list((box / "new").iterdir())) == 1
