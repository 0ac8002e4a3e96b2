"""Mail and replies: servers that are away, not trusted, or refuse the sign-in; no mail is sent, and none is moved."""

import os
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.clock import moment
from tests.support import dovecot
from tests.support.dovecot import Dovecot
from tests.support.hostile_server import HostileSmtp
from tests.support.post import Maildir, certificate, free_port
from tests.worlds.installation import NOBODY

SIGN_IN = {"MAIL__USER": "casebeat", "MAIL__PASSWORD": "hunter2"}
BY_IMAP = {"REPLIES__HOST": "localhost", "REPLIES__USER": "u", "REPLIES__ADDRESS": "replies@surrey.police.uk"}


@pytest.fixture
def tls(tmp_path: Path) -> ssl.SSLContext:
    key, cert = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


def named(at, port, **given):
    at.set(**{"MAIL__HOST": "localhost", "MAIL__OPERATIONS": "ops@surrey.police.uk", "MAIL__PORT": port, **given})


def test_an_installation_that_mails_nobody_is_found(at):
    at.finds("mail-server", "warn", "Nobody is mailed", "Set CASEBEAT_MAIL__HOST and CASEBEAT_MAIL__OPERATIONS")
    at.finds("operations-mailbox", "warn", "Operations have no mailbox", "set CASEBEAT_MAIL__OPERATIONS")
    with HostileSmtp("", "") as server:
        named(at, server.port)
        at.finds("mail-server", "ok", "The mail server of this machine answers, without TLS or a sign-in.")
        at.is_well("operations-mailbox")


def test_a_mail_server_that_is_away_is_found(at):
    named(at, free_port())
    at.finds("mail-server", "fail", "Mail server localhost, port", "cannot be reached", "start the server")
    with HostileSmtp("", "") as server:
        named(at, server.port)
        at.is_well("mail-server")


def test_a_mail_server_that_is_not_trusted_is_found(at, tls, monkeypatch):
    with HostileSmtp("", "", tls) as server:
        named(at, server.port, MAIL__SECURITY="starttls")
        at.finds("mail-server", "fail", "certificate is not trusted", "as its certificate does")
        monkeypatch.setenv("SSL_CERT_FILE", str(at.folder / "c.pem"))
        at.finds("mail-server", "ok", "The mail server answers, over trusted TLS, without a sign-in.")


def test_a_mail_server_that_refuses_the_sign_in_is_found(at):
    with HostileSmtp("AUTH", b"535 5.7.8 no\r\n") as server:
        named(at, server.port, **SIGN_IN)
        at.finds("mail-server", "fail", "refused the sign-in (535)", "correct CASEBEAT_MAIL__USER")
    with HostileSmtp("", "") as server:
        named(at, server.port)
        at.finds("mail-server", "ok", "of this machine answers, without TLS, and accepts the sign-in.")
        assert "hunter2" not in str(at.examined())


def test_a_mail_server_that_demands_a_sign_in_where_none_is_set_is_found(at):
    with HostileSmtp("MAIL", b"530 5.7.0 Authentication required\r\n") as server:
        named(at, server.port)
        at.finds("mail-server", "fail", "demands a sign-in, and none is set", "set CASEBEAT_MAIL__USER")


def test_a_mail_server_without_what_the_settings_ask_for_is_found(at):
    with HostileSmtp("EHLO", b"250 plain\r\n") as server:
        named(at, server.port, MAIL__SECURITY="starttls")
        at.finds("mail-server", "fail", "does not offer what the settings ask for", "correct CASEBEAT_MAIL__SECURITY")
    with HostileSmtp("", "") as server:
        named(at, server.port, MAIL__SECURITY=None)
        at.is_well("mail-server")


@pytest.fixture(scope="module")
def running() -> Iterator[Dovecot]:
    with dovecot.dovecot() as one:
        yield one


@pytest.mark.skipif(not dovecot.HERE, reason=dovecot.WHY_NOT)
def test_a_reply_mailbox_that_is_away_untrusted_refused_or_without_its_folder_is_found(at, running, monkeypatch):
    assert at.told("reply-mailbox") == [("ok", "No reply mailbox is set, so that no mail offers a reply.")]
    at.set(**BY_IMAP, REPLIES__PASSWORD="hunter2", REPLIES__PORT=free_port())
    at.finds("reply-mailbox", "fail", "cannot be reached", "correct CASEBEAT_REPLIES__HOST")
    at.set(REPLIES__PORT=running.port)
    at.finds("reply-mailbox", "fail", "certificate is not trusted", "as its certificate does")
    monkeypatch.setenv("SSL_CERT_FILE", str(running.cert))
    at.finds("reply-mailbox", "fail", "refused the sign-in", "CASEBEAT_REPLIES__PASSWORD")
    at.set(REPLIES__PASSWORD=running.password)
    running.drop(b"From: a@surrey.police.uk\r\nSubject: S\r\n\r\nwords\r\n", moment())
    at.finds("reply-mailbox", "warn", 'has no folder "Casebeat done"', "correct CASEBEAT_REPLIES__DONE_FOLDER")
    assert not (running.folder / ".Casebeat done").exists()
    assert len(running.inbox()) == 1
    assert at.cli("replies").code in {0, 1}
    at.is_well("reply-mailbox")
    assert "hunter2" not in str(at.examined())


def test_a_reply_maildir_that_is_not_there_is_found(at):
    box = at.folder / "box"
    at.set(REPLIES__MAILDIR=box, REPLIES__ADDRESS="replies@surrey.police.uk")
    at.finds("reply-mailbox", "fail", f"has no folder {box / 'new'}", "correct CASEBEAT_REPLIES__MAILDIR")
    Maildir(box).make()
    at.is_well("reply-mailbox")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can play two users")
def test_a_reply_maildir_that_may_not_be_read_is_found(at, anyones):
    for part in ("new", "cur"):
        (anyones / part).mkdir(mode=0o700)
    at.set(REPLIES__MAILDIR=anyones, REPLIES__ADDRESS="replies@surrey.police.uk")
    os.seteuid(NOBODY)
    try:
        told = at.alone("reply-mailbox")
    finally:
        os.seteuid(0)
    assert [mark for mark, _ in told] == ["fail", "fail"]
    assert f"{anyones / 'new'} cannot be read and changed by uid {NOBODY}" in told[0][1]
    at.is_well("reply-mailbox")
