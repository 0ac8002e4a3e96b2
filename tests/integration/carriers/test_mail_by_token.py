"""Letters by a token: a real submission server that checks it, and relays to a real mail server."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine

from config.mail import Mail
from config.terms import State
from flows.configured import configured
from tasks.carriers.carrier import Answer, Down
from tasks.carriers.mail.smtp import Smtp
from tasks.network.oauth import access
from tasks.network.wire import Limits
from tasks.outbox.delivery import deliver
from tests.support import dovecot, post
from tests.support.dovecot import Tokens
from tests.support.hostile_server import HostileSmtp
from tests.support.token_endpoint import CLIENT, SECRET, TokenEndpoint, token_endpoint
from tests.worlds.days import row
from tests.worlds.rows import AT_NINE, World

pytestmark = [
    pytest.mark.skipif(not post.HERE, reason=post.WHY_NOT),
    pytest.mark.skipif(not dovecot.SUBMISSION, reason=dovecot.WHY_NO_SUBMISSION),
]
MAILBOX = "casebeat@surrey.police.uk"
LETTER = b"From: casebeat@surrey.police.uk\r\nSubject: By a token\r\n\r\nwords\r\n"


@pytest.fixture(scope="module")
def servers(tmp_path_factory) -> Iterator[SimpleNamespace]:
    """An OpenID provider, OpenSMTPD, and a submission server for each mechanism; one file of their certificates."""
    folder: Path = tmp_path_factory.mktemp("tls")
    with token_endpoint(*post.certificate(folder)) as provider, post.open_smtpd() as smtpd:
        by = {each: Tokens(provider.public, smtpd.port, (each,)) for each in ("xoauth2", "oauthbearer")}
        with dovecot.dovecot(tokens=by["xoauth2"]) as one, dovecot.dovecot(tokens=by["oauthbearer"]) as other:
            trusted = folder / "all.pem"
            trusted.write_text("".join(each.read_text() for each in (folder / "c.pem", one.cert, other.cert)))
            yield SimpleNamespace(provider=provider, smtpd=smtpd, xoauth2=one, oauthbearer=other, trusted=trusted)


@pytest.fixture
def at(servers, monkeypatch) -> Iterator[SimpleNamespace]:
    vars(servers.provider).update(lasts=3600, does="sign", refusal=None, asked=[], given=[], signs=MAILBOX)
    monkeypatch.setenv("SSL_CERT_FILE", str(servers.trusted))
    access.forget()
    yield servers
    access.forget()


def oauth(provider: TokenEndpoint, **given: object) -> dict[str, object]:
    return {"authority": provider.authority, "client_id": CLIENT, "client_secret": SECRET, "scope": "mail"} | given


def mail(at, port: int, **given: object) -> Mail:
    ordinary = {"host": "localhost", "port": port, "security": "starttls", "operations": "ops@surrey.police.uk"}
    return Mail.model_validate(ordinary | {"user": MAILBOX, "oauth": oauth(at.provider)} | given)


def send(chosen: Mail, to: str, seconds: float = 20.0) -> Answer:
    with closing(Smtp(chosen, Limits(exchange=seconds))) as carrier:
        return carrier.send(to, LETTER, "k")


@pytest.mark.parametrize("mechanism", ["xoauth2", "oauthbearer"])
def test_a_letter_is_taken_by_either_mechanism_and_arrives(at, mechanism):
    to = f"{mechanism}@surrey.police.uk"
    assert send(mail(at, getattr(at, mechanism).submission), to).state is State.SENT
    (letter,) = at.smtpd.letters(to, 1)
    assert b"Subject: By a token" in letter
    assert f"method={mechanism.upper()}" in getattr(at, mechanism).log.read_text()


@pytest.mark.parametrize("mechanism", ["xoauth2", "oauthbearer"])
@pytest.mark.parametrize(
    ("signs", "lasts"),
    [row("for another mailbox", "other@surrey.police.uk", 3600), row("that has ended", MAILBOX, -60)],
)
def test_a_token_that_the_server_refuses_is_down_and_the_next_is_a_new_one(at, mechanism, signs, lasts):
    vars(at.provider).update(signs=signs, lasts=lasts)
    chosen = mail(at, getattr(at, mechanism).submission)
    with pytest.raises(Down, match=r"^the mail server refused the sign-in \(535\)$"):
        send(chosen, "nobody@surrey.police.uk")
    vars(at.provider).update(signs=MAILBOX, lasts=3600)
    assert send(chosen, "after@surrey.police.uk").state is State.SENT
    assert len(at.provider.given) == 2


def test_without_a_token_the_server_is_not_troubled(at):
    at.provider.refusal = {"error": "invalid_client", "error_codes": [7000222]}
    before = at.xoauth2.log.read_text()
    with pytest.raises(Down, match="no token for the sign-in: the client secret has ended"):
        send(mail(at, at.xoauth2.submission), "nobody@surrey.police.uk")
    assert at.xoauth2.log.read_text() == before


def test_one_token_serves_every_session_of_a_process(at):
    chosen = mail(at, at.xoauth2.submission)
    assert [send(chosen, "twice@surrey.police.uk").state for _ in range(2)] == [State.SENT] * 2
    assert len(at.provider.given) == 1


@pytest.mark.parametrize(
    ("stage", "reply", "sentence", "wait"),
    [
        row("passwords only", "EHLO", b"250-raw\r\n250 AUTH PLAIN\r\n", "does not offer what the settings ask for", 0),
        row("no sign-in", "EHLO", b"250 raw\r\n", "does not offer what the settings ask for", 0),
        row("busy at once", "greeting", b"432 4.3.2 too many\r\n", "as many connections as it may", 60),
        row("busy at the sign-in", "AUTH", b"432 4.3.2 too many\r\n", "as many connections as it may", 60),
        row("switched off", "AUTH", b"535 5.7.139 disabled\r\n", "no longer takes a password", 900),
        row("at its end", "dot", b"554 5.2.0 STOREDRV\r\n", "as many recipients as it may in a day", 3600),
        row("full", "dot", b"554 5.2.2 full\r\n", "empty its Sent Items", 900),
    ],
)
def test_what_exchange_would_say_stops_the_carrier_for_as_long_as_it_means(at, stage, reply, sentence, wait):
    class Exchange(HostileSmtp):
        def reply(self, stage: str, ordinary: bytes) -> None:
            super().reply(stage, ordinary.replace(b"AUTH PLAIN", b"AUTH LOGIN XOAUTH2"))

    with Exchange(stage, reply) as server, pytest.raises(Down, match=sentence) as down:
        send(mail(at, server.port, security="none"), "nobody@surrey.police.uk", 0.2)
    assert down.value.wait == wait


def test_a_basic_sign_in_that_is_switched_off_has_its_own_sentence():
    chosen = {"host": "localhost", "operations": "ops@surrey.police.uk", "user": MAILBOX, "password": "hunter2"}
    with HostileSmtp("AUTH", b"550 5.7.30 Basic authentication is not supported\r\n") as server:
        with pytest.raises(Down, match=r"no longer takes a password here: set mail\.oauth") as down:
            send(Mail.model_validate(chosen | {"port": server.port}), "nobody@surrey.police.uk")
        assert "hunter2" not in str(down.value)


def test_a_delivery_signs_in_by_the_settings_and_no_row_holds_a_token(at, database: Engine, monkeypatch):
    named = {
        "HOST": "localhost", "PORT": str(at.xoauth2.submission), "SECURITY": "starttls", "USER": MAILBOX,
        "OPERATIONS": "ops@surrey.police.uk",
        **{f"OAUTH__{name.upper()}": value for name, value in oauth(at.provider).items()},
    }  # fmt: skip
    for name, value in named.items():
        monkeypatch.setenv(f"CASEBEAT_MAIL__{name}", str(value))
    with database.begin() as connection:
        world = World(connection)
        ref = world.contact("P45tok", email="tok@surrey.police.uk")
        world.notification(world.critical(world.case("SAMPLE-1")), world.message(ref), ref)
    assert deliver(configured(), AT_NINE).counts == {State.SENT: 1}
    (letter,) = at.smtpd.letters("tok@surrey.police.uk", 1)
    assert f"From: Casebeat <{MAILBOX}>".encode() in letter
    with database.connect() as connection:
        rows = connection.exec_driver_sql("select m::text from messages m").scalars().all()
    assert not any(at.provider.given[0] in each for each in rows)
