"""The reply mailbox as a Maildir, filled by a real OpenSMTPD or by hand."""

import os
import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.settings import settings
from tasks.network.wire import Limits
from tasks.replies import maildir
from tasks.replies.inbox import MOST_BYTES
from tests.support import post
from tests.support.hostile_mails import BOMBS, BROKEN
from tests.support.post import Maildir, OpenSmtpd
from tests.worlds.days import day
from tests.worlds.one_case import OneCase
from tests.worlds.replies import ADDRESS, Answerers, have_maildir, switch_on


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Maildir:
    return have_maildir(monkeypatch, tmp_path / "replies")


@pytest.fixture
def people(box, database, run_cli, tmp_path) -> Answerers:
    return Answerers(OneCase(database, run_cli), tmp_path / "home").on("Tue 17 Mar 2026")


@pytest.fixture(scope="module")
def smtpd() -> Iterator[OpenSmtpd]:
    with post.open_smtpd() as one:
        yield one


@pytest.mark.skipif(not post.HERE, reason=post.WHY_NOT)
def test_what_a_mail_server_of_this_machine_delivers_is_read_acted_upon_and_answered(people, smtpd, monkeypatch):
    box = Maildir(smtpd.box / ADDRESS)
    switch_on(monkeypatch, box.folder)
    ran = people.read()
    assert ran.code == 2, "the server makes the Maildir with its first mail"
    assert ran.err == "casebeat: The reply Maildir cannot be opened (FileNotFoundError).\n"
    raw = people.letter("P1", "until Thursday", people.subject("P1"))
    with smtplib.SMTP("127.0.0.1", smtpd.port, timeout=10) as client:
        client.sendmail("p1@surrey.police.uk", [ADDRESS], raw)
    smtpd.letters(ADDRESS, 1)
    ran = people.read()
    assert (ran.code, ran.out) == (0, "1 mails read: 1 promised.\n"), ran.err
    assert people.book.promises() == [("P1", day("Thu 19 Mar 2026"), 0, None, None, None)]
    assert people.answer("P1")["Subject"].endswith(": taken on: 45/45/1234")
    assert box.inbox() == []
    (kept,) = box.done()
    assert kept.name.endswith(":2,S"), "marked as seen"
    assert people.read().out == "No mail.\n"


def test_a_mail_that_is_being_delivered_waits(people, box):
    path = people.arrives(box)
    path.rename(box.folder / "tmp" / path.name)
    assert people.read().out == "No mail.\n"


def test_lines_may_end_as_the_mail_server_writes_them(people, box):
    path = people.arrives(box)
    path.write_bytes(b"Return-Path: <p1@surrey.police.uk>\n" + path.read_bytes().replace(b"\r\n", b"\n"))
    assert people.read().out == "1 mails read: 1 promised.\n"


def test_no_broken_mail_and_no_file_that_is_none_stops_the_others(people, box):
    for raw in [*BROKEN, *(b"From: p1@surrey.police.uk\r\n" + bomb for bomb in BOMBS.values())]:
        box.drop(raw, people.at)
    (box.folder / "new" / "link").symlink_to("/etc/passwd")
    (box.folder / "new" / "folder").mkdir()
    os.mkfifo(box.folder / "new" / "pipe")
    people.arrives(box)
    ran = people.read()
    assert ran.code == 0, ran.err
    assert "1 promised" in ran.out
    assert {path.name for path in box.inbox()} == {"link", "folder", "pipe"}
    assert people.book.ask("select count(*) from messages where key like 'reply unread:%'") == [0]


def test_of_a_large_mail_only_the_beginning_is_read(people, box):
    path = people.arrives(box)
    path.write_bytes(path.read_bytes() + b"\r\n" + b"x" * 20_000_000)
    with maildir.open_inbox(settings().replies) as opened:
        (name,) = opened.mails(10)
        assert len(opened.fetch(name).body) == MOST_BYTES
        path.unlink()
        assert opened.fetch(name) is None
        assert list(opened.headers([name])) == [{}]
        opened.done([name])


def test_what_a_reading_has_no_time_for_is_left_to_the_next(people, box):
    people.arrives(box)
    with maildir.open_inbox(settings().replies, Limits(session=0)) as opened:
        assert list(opened.headers(opened.mails(10))) == []
        assert not opened.lasts(1)


def test_a_maildir_that_is_no_folder_of_mails_is_said_in_one_sentence(people, box):
    people.arrives(box)
    (box.folder / "cur").rmdir()
    ran = people.read()
    assert (ran.code, ran.err) == (2, "casebeat: The reply Maildir cannot be opened (FileNotFoundError).\n")
    assert len(list((box.folder / "new").iterdir())) == 1
