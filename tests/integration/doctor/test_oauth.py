"""Sign-in by a token, as the doctor tries it: no token, a token that is refused, and all well; no mail is sent."""

from collections.abc import Iterator

import pytest

from tasks.network.oauth import access
from tests.support import dovecot
from tests.support.dovecot import Dovecot, Tokens
from tests.support.hostile_server import HostileSmtp
from tests.support.post import certificate, free_port
from tests.support.token_endpoint import CLIENT, SECRET, TokenEndpoint, token_endpoint

MAILBOX = "casebeat@surrey.police.uk"


class ByToken(HostileSmtp):
    """A mail server that takes tokens."""

    def reply(self, stage: str, ordinary: bytes) -> None:
        super().reply(stage, ordinary.replace(b"AUTH PLAIN", b"AUTH XOAUTH2"))


@pytest.fixture
def provider(tmp_path, monkeypatch) -> Iterator[TokenEndpoint]:
    key, cert = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    access.forget()
    with token_endpoint(key, cert) as made:
        yield made
    access.forget()


def app(group: str, provider: TokenEndpoint, secret: str = SECRET) -> dict[str, str]:
    named = {"AUTHORITY": provider.authority, "CLIENT_ID": CLIENT, "CLIENT_SECRET": secret, "SCOPE": "mail"}
    return {f"{group}__OAUTH__{name}": value for name, value in named.items()}


def test_a_mail_server_by_token_is_tried_with_a_token(at, provider):
    named = {"MAIL__HOST": "localhost", "MAIL__OPERATIONS": "ops@surrey.police.uk", "MAIL__USER": MAILBOX}
    with ByToken("AUTH", b"535 5.7.3 no\r\n") as server:
        at.set(**named, **app("MAIL", provider), MAIL__PORT=server.port)
        at.finds("mail-server", "fail", "refused the sign-in (535)", "SMTP.SendAsApp", "docs/microsoft365.md")
    with ByToken("", "") as server:
        at.set(MAIL__PORT=server.port)
        at.is_well("mail-server")
        access.forget()
        provider.refusal = {"error": "invalid_client", "error_codes": [7000222]}
        at.finds("mail-server", "fail", "no token for the sign-in", "the client secret has ended", "has the steps")
        provider.refusal = None
        at.is_well("mail-server")
        assert not any(secret in str(at.examined()) for secret in (SECRET, *provider.given))


@pytest.fixture
def running(provider) -> Iterator[Dovecot]:
    with dovecot.dovecot(tokens=Tokens(provider.public, free_port())) as one:
        yield one


@pytest.mark.skipif(not dovecot.SUBMISSION, reason=dovecot.WHY_NO_SUBMISSION)
def test_a_reply_mailbox_by_token_is_tried_with_a_token(at, provider, running, tmp_path, monkeypatch):
    both = tmp_path / "both.pem"
    both.write_text((tmp_path / "c.pem").read_text() + running.cert.read_text())
    monkeypatch.setenv("SSL_CERT_FILE", str(both))
    named = {"REPLIES__HOST": "localhost", "REPLIES__USER": MAILBOX, "REPLIES__ADDRESS": MAILBOX}
    provider.refusal = {"error": "unauthorized_client"}
    at.set(**named, **app("REPLIES", provider), REPLIES__PORT=running.port)
    at.finds("reply-mailbox", "fail", "has no token for its sign-in", "may not ask", "has the steps")
    provider.refusal, provider.signs = None, "other@surrey.police.uk"
    at.finds("reply-mailbox", "fail", "refused the sign-in", "IMAP.AccessAsApp", "docs/microsoft365.md")
    provider.signs = MAILBOX
    at.finds("reply-mailbox", "warn", 'has no folder "Casebeat done"')
