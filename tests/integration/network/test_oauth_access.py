"""Access tokens from a provider over TLS that signs, lets them end, refuses, hangs, drips and talks nonsense."""

import logging
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.carriers.oauth import OAuth
from tasks.network.oauth import access, client
from tasks.network.oauth.access import access_token
from tasks.network.oauth.refusals import NoToken
from tasks.network.wire import Limits
from tests.support.post import certificate, free_port
from tests.support.token_endpoint import CLIENT, SECRET, TokenEndpoint, token_endpoint
from tests.worlds.days import row


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def serving(tls) -> Iterator[TokenEndpoint]:
    with token_endpoint(*tls) as made:
        yield made


@pytest.fixture
def provider(serving: TokenEndpoint, tls, monkeypatch) -> Iterator[TokenEndpoint]:
    monkeypatch.setenv("SSL_CERT_FILE", str(tls[1]))
    vars(serving).update(lasts=3600, does="sign", refusal=None, configured=True, certificate=None, asked=[], given=[])
    access.forget()
    yield serving
    access.forget()


@pytest.fixture
def hurried(monkeypatch) -> None:
    monkeypatch.setattr(client, "LIMITS", Limits(connect=2, exchange=0.4, session=1))


def app(provider: TokenEndpoint, **given: object) -> OAuth:
    ordinary = {"authority": provider.authority, "client_id": CLIENT, "client_secret": SECRET, "scope": "mail"}
    return OAuth.model_validate(ordinary | given)


def refused(chosen: OAuth) -> str:
    with pytest.raises(NoToken) as found:
        access_token(chosen)
    return str(found.value)


def test_a_token_is_asked_for_once_and_kept_in_memory(provider):
    first = access_token(app(provider))
    assert first == access_token(app(provider)) == provider.given[0]
    assert provider.asked == ["/tenant/.well-known/openid-configuration", "/tenant/token"]


def test_a_token_is_renewed_five_minutes_before_it_ends(provider):
    provider.lasts = 299
    assert access_token(app(provider)) != access_token(app(provider))
    provider.lasts = 310
    access.forget()
    assert access_token(app(provider)) == access_token(app(provider))
    assert len(provider.given) == 3


def test_a_token_that_a_server_refused_is_forgotten(provider):
    first = access_token(app(provider))
    access.forget()
    assert access_token(app(provider)) != first


def test_two_mailboxes_have_tokens_of_their_own(provider):
    assert access_token(app(provider)) != access_token(app(provider, scope="other"))


def pem(folder: Path, name: str = "localhost") -> Path:
    folder.mkdir(exist_ok=True)
    key, cert = certificate(folder, name)
    both = folder / "both.pem"
    both.write_bytes(key.read_bytes() + cert.read_bytes())
    both.chmod(0o600)
    return both


def test_an_app_proves_itself_by_a_certificate(provider, tmp_path):
    both = pem(tmp_path / "app")
    chosen = app(provider, client_secret=None, certificate=both)
    assert "does not accept the client id" in refused(chosen)
    provider.certificate = both.with_name("c.pem")
    access.forget()
    assert access_token(chosen) == provider.given[0]


def test_a_certificate_that_proves_nothing_is_found_before_anybody_is_asked(provider, tmp_path):
    both, other = pem(tmp_path / "app"), pem(tmp_path / "other")
    chosen = app(provider, client_secret=None, certificate=both)
    both.chmod(0o604)
    assert refused(chosen) == f"the certificate's file {both} may be read by everyone: run chmod 600 on it"
    both.chmod(0o640)  # as systemd hands out credentials
    both.write_bytes(both.with_name("k.pem").read_bytes())
    assert "does not hold a private key without a passphrase and its certificate" in refused(chosen)
    both.write_text("naïve", "utf-8")
    assert "does not hold a private key without a passphrase and its certificate" in refused(chosen)
    locked = ["openssl", "rsa", "-aes128", "-passout", "pass:long", "-in", other.with_name("k.pem")]
    key = subprocess.run(locked, check=True, capture_output=True).stdout
    both.write_bytes(key + other.with_name("c.pem").read_bytes())
    assert "does not hold a private key without a passphrase and its certificate" in refused(chosen)
    both.write_bytes(other.with_name("k.pem").read_bytes() + both.with_name("c.pem").read_bytes())
    assert "do not belong together" in refused(chosen)
    both.unlink()
    assert refused(chosen) == f"the certificate's file {both} cannot be read (No such file or directory)"
    assert provider.asked == []


@pytest.mark.parametrize(
    ("refusal", "sentence"),
    [
        row("a wrong client", {"error": "invalid_client"}, "does not accept the client id with its secret"),
        row("a client that may not", {"error": "unauthorized_client"}, "may not ask for a token by client credentials"),
        row(
            "an ended secret",
            {"error": "invalid_client", "error_codes": [7000222], "error_description": "AADSTS7000222: NAME"},
            "the client secret has ended: make a new one in Entra, and set it (AADSTS7000222)",
        ),
        row("an error of its own", {"error": "NAME", "error_description": "NAME"}, "no reason that is known"),
    ],
)
def test_each_refusal_has_its_sentence(provider, refusal, sentence):
    provider.refusal = refusal
    told = refused(app(provider))
    assert sentence in told
    assert "NAME" not in told


@pytest.mark.parametrize(
    ("does", "sentence"),
    [
        row("nonsense", "nonsense", "gives no whole answer (status 200, and no JSON object)"),
        row("a fault of its own", "away", "answers with a fault or nonsense (MsalServiceError)"),
        row("a redirect, which is not followed", "redirect", "no reason that is known"),
        row("no token", "no token", "no reason that is known"),
        row("a token that no header takes", "odd token", "token is none that can be sent"),
    ],
)
def test_what_is_no_token_is_none(provider, does, sentence):
    provider.does = does
    assert sentence in refused(app(provider))
    assert "/elsewhere" not in provider.asked


@pytest.mark.parametrize("does", ["hang", "drip"])
def test_an_endpoint_that_never_ends_an_answer_is_left_in_time(provider, hurried, does):
    provider.does = does
    began = time.monotonic()
    assert "gives no whole answer" in refused(app(provider))
    assert time.monotonic() - began < 2.5


def test_an_authority_without_a_configuration_is_found(provider):
    provider.configured = False
    assert refused(app(provider)) == "no OpenID configuration is found there: correct the authority"


def test_an_endpoint_that_is_away_or_not_trusted_is_found(provider, monkeypatch):
    away = app(provider, authority=f"https://localhost:{free_port()}/tenant")
    assert refused(away) == "the token endpoint cannot be reached (ConnectionRefusedError)"
    monkeypatch.delenv("SSL_CERT_FILE")
    assert refused(app(provider)) == "the token endpoint's certificate is not trusted on this machine"
    assert provider.asked == []


def test_a_tenant_of_microsofts_is_asked_at_microsofts_host(provider, tmp_path, monkeypatch):
    key, cert = certificate(tmp_path, "login.microsoftonline.com")
    monkeypatch.setenv("SSL_CERT_FILE", str(cert))
    with token_endpoint(key, cert) as microsoft:
        found = socket.getaddrinfo("127.0.0.1", microsoft.port, type=socket.SOCK_STREAM)
        named = []
        monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, **_: named.append((host, port)) or found)
        chosen = OAuth.model_validate({"tenant": "kent.police.uk", "client_id": CLIENT, "client_secret": SECRET})
        assert access_token(chosen) == microsoft.given[0]
        assert microsoft.asked == [
            "/kent.police.uk/v2.0/.well-known/openid-configuration",
            "/kent.police.uk/v2.0/token",
        ]
        assert set(named) == {("login.microsoftonline.com", 443)}
        microsoft.configured = False
        access.forget()
        assert refused(chosen) == "no OpenID configuration is found there: correct the tenant"


def test_no_token_and_no_secret_is_in_a_log_or_a_sentence(provider, caplog):
    caplog.set_level(logging.DEBUG)
    token = access_token(app(provider))
    access.forget()
    provider.does = "nonsense"
    wrong = refused(app(provider, client_secret="wrong-secret"))
    for secret in (token, SECRET, "wrong-secret", *provider.given, "access_token="):
        assert secret not in caplog.text + wrong
