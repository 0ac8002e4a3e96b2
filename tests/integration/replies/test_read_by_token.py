"""The reply mailbox by a token, read from a real Dovecot that checks it."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from config.days.london import at_london
from config.replies import ReplyMailbox
from models.errors import Retry
from tasks.network.oauth import access
from tasks.replies import imap
from tests.support import dovecot, post
from tests.support.dovecot import Tokens
from tests.support.token_endpoint import CLIENT, SECRET, token_endpoint
from tests.worlds.days import day, row

pytestmark = pytest.mark.skipif(not dovecot.SUBMISSION, reason=dovecot.WHY_NO_SUBMISSION)
MAILBOX = "casebeat@surrey.police.uk"


@pytest.fixture(scope="module")
def servers(tmp_path_factory) -> Iterator[SimpleNamespace]:
    folder = tmp_path_factory.mktemp("tls")
    with token_endpoint(*post.certificate(folder)) as provider:
        by = {each: Tokens(provider.public, post.free_port(), (each,)) for each in ("xoauth2", "oauthbearer")}
        with dovecot.dovecot(tokens=by["xoauth2"]) as one, dovecot.dovecot(tokens=by["oauthbearer"]) as other:
            trusted = folder / "all.pem"
            trusted.write_text("".join(each.read_text() for each in (folder / "c.pem", one.cert, other.cert)))
            yield SimpleNamespace(provider=provider, xoauth2=one, oauthbearer=other, trusted=trusted)


@pytest.fixture
def at(servers, monkeypatch) -> Iterator[SimpleNamespace]:
    vars(servers.provider).update(lasts=3600, does="sign", refusal=None, asked=[], given=[], signs=MAILBOX)
    monkeypatch.setenv("SSL_CERT_FILE", str(servers.trusted))
    access.forget()
    yield servers
    access.forget()


def box(at, mechanism: str, **given: object) -> ReplyMailbox:
    app = {"authority": at.provider.authority, "client_id": CLIENT, "client_secret": SECRET, "scope": "mail"}
    ordinary = {"host": "localhost", "port": getattr(at, mechanism).port, "user": MAILBOX, "address": MAILBOX}
    return ReplyMailbox.model_validate(ordinary | {"oauth": app} | given)


@pytest.mark.parametrize("mechanism", ["xoauth2", "oauthbearer"])
def test_the_inbox_is_read_by_either_mechanism(at, mechanism):
    server = getattr(at, mechanism)
    server.empty()
    server.drop(b"From: a@surrey.police.uk\r\nSubject: S\r\n\r\nwords\r\n", at_london(day("Tue 17 Mar 2026")))
    chosen = box(at, mechanism, **({"port": server.plain, "security": "starttls"} if mechanism == "xoauth2" else {}))
    with imap.open_inbox(chosen) as inbox:
        (uid,) = inbox.mails(9)
        fetched = inbox.fetch(uid)
        assert fetched
        assert fetched.body.strip() == b"words"
        inbox.done([uid])
    assert len(server.done()) == 1
    assert imap.has_done_folder(chosen)
    assert f"method={mechanism.upper()}" in server.log.read_text()
    assert len(at.provider.given) == 1


@pytest.mark.parametrize("mechanism", ["xoauth2", "oauthbearer"])
@pytest.mark.parametrize(
    ("signs", "lasts"),
    [row("for another mailbox", "other@surrey.police.uk", 3600), row("that has ended", MAILBOX, -60)],
)
def test_a_token_that_the_server_refuses_is_a_sentence_and_the_next_is_a_new_one(at, mechanism, signs, lasts):
    vars(at.provider).update(signs=signs, lasts=lasts)
    with pytest.raises(Retry, match=r"^The reply mailbox refused the sign-in \(error\)\.$"):
        imap.has_done_folder(box(at, mechanism))
    vars(at.provider).update(signs=MAILBOX, lasts=3600)
    imap.has_done_folder(box(at, mechanism))
    assert len(at.provider.given) == 2


def test_without_a_token_the_mailbox_is_not_troubled(at):
    at.provider.refusal = {"error": "unauthorized_client"}
    before = at.xoauth2.log.read_text()
    with (
        pytest.raises(Retry, match="has no token for its sign-in: the app may not ask for a token"),
        imap.open_inbox(box(at, "xoauth2")),
    ):
        pass
    assert at.xoauth2.log.read_text() == before


def test_a_server_that_takes_passwords_only_is_found(at, monkeypatch):
    with dovecot.dovecot() as plain:
        monkeypatch.setenv("SSL_CERT_FILE", str(plain.cert.with_name("both.pem")))
        plain.cert.with_name("both.pem").write_text(at.trusted.read_text() + plain.cert.read_text())
        with pytest.raises(Retry, match="does not offer a sign-in by token"):
            imap.has_done_folder(box(at, "xoauth2", port=plain.port))
