"""Sign-in by OAuth: whole settings, the faults of others, and what follows for the mail server and the replies."""

from pathlib import Path

import pytest

from config.carriers.oauth import EXCHANGE_SCOPE, OAuth
from config.mail import Mail
from config.replies import ReplyMailbox
from config.settings import read
from config.strict_yaml import Faults
from tests.worlds.days import row

APP = {"tenant": "kent.police.uk", "client_id": "1b2c", "client_secret": "s"}
MAIL = {"host": "smtp.office365.com", "operations": "ops@kent.police.uk", "user": "casebeat@kent.police.uk"}
REPLIES = {"host": "outlook.office365.com", "address": "casebeat@kent.police.uk", "user": "casebeat@kent.police.uk"}


def test_a_tenant_of_microsoft_is_asked_for_exchanges_scope():
    app = OAuth.model_validate(APP)
    assert (app.asked, app.scope) == ("https://login.microsoftonline.com/kent.police.uk", EXCHANGE_SCOPE)
    other = OAuth.model_validate(
        {"authority": "https://id.police.uk:8443/realm/", "client_id": "c", "certificate": "/c.pem", "scope": "mail"}
    )
    assert (other.asked, other.certificate) == ("https://id.police.uk:8443/realm", Path("/c.pem"))


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        row("no provider", {"tenant": ""}, "set tenant for Microsoft, or authority for another"),
        row("two providers", {"authority": "https://id.test/a"}, "set tenant for Microsoft, or authority for another"),
        row("a tenant with a path", {"tenant": "a/b"}, "is not a tenant"),
        row("a tenant with an end of line", {"tenant": "a\n"}, "is not a tenant"),
        row("no TLS", {"tenant": "", "authority": "http://id.test/a"}, "with a path"),
        row("a user in the address", {"tenant": "", "authority": "https://me@id.test/a"}, "with a path"),
        row("no host", {"tenant": "", "authority": "https:///a"}, "with a path"),
        row("a query", {"tenant": "", "authority": "https://id.test/a?b=c"}, "with a path"),
        row("no path", {"tenant": "", "authority": "https://id.test/"}, "with a path"),
        row("a fragment", {"tenant": "", "authority": "https://id.test/a#b"}, "with a path"),
        row("no client", {"client_id": ""}, "client_id is missing"),
        row("an empty scope", {"scope": ""}, "scope is empty"),
        row("a client of two words", {"client_id": "a b"}, "visible characters"),
        row("a scope of two words", {"scope": "a b"}, "visible characters"),
        row("no proof", {"client_secret": None}, "set client_secret or certificate"),
        row("two proofs", {"certificate": "/c.pem"}, "set client_secret or certificate"),
        row("an empty secret", {"client_secret": ""}, "at least 1"),
        row("a certificate beside the process", {"client_secret": None, "certificate": "c.pem"}, "begin it with /"),
        row("another name", {"thumbprint": "A1"}, "Extra inputs"),
    ],
)
def test_half_of_a_sign_in_is_refused(given, fault):
    with pytest.raises(ValueError, match=fault):
        OAuth.model_validate(APP | given)


@pytest.mark.parametrize("name", ["tenant", "client_id", "client_secret"])
def test_whatever_is_set_switches_it_on_so_that_the_rest_is_missed(name):
    assert not OAuth().on
    with pytest.raises(ValueError, match=r"set tenant|client_id is missing|set client_secret"):
        OAuth.model_validate({name: APP[name]})


def test_a_mailbox_that_signs_in_by_token_sends_as_itself_at_exchanges_pace():
    mail = Mail.model_validate(MAIL | {"oauth": APP})
    assert (mail.from_address, mail.pace, mail.connections) == ("casebeat@kent.police.uk", 30, 1)
    other = Mail.model_validate(MAIL | {"oauth": APP, "pace": 60, "connections": 3, "from_address": "a@kent.police.uk"})
    assert (other.from_address, other.pace, other.connections) == ("a@kent.police.uk", 60, 3)
    plain = Mail.model_validate(MAIL | {"password": "p"})
    assert (plain.from_address, plain.pace, plain.connections) == ("casebeat@kent.police.uk", 0, 0)
    relay = {"host": "relay.kent.police.uk", "operations": "ops@met.police.uk"}
    assert Mail.model_validate(relay).from_address == "casebeat@met.police.uk"


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        row("a password too", {"password": "p"}, "mail.password and mail.oauth: set one of them"),
        row("no mailbox", {"user": None}, "mail.user: name the mailbox"),
        row("a user that is no mailbox", {"user": "casebeat"}, "mail.user: name the mailbox"),
        row("a mailbox in other letters", {"user": "cäse@kent.police.uk"}, "mail.user: name the mailbox"),
        row("no server", {"host": None}, "mail.host is missing: mail.oauth signs in"),
        row("four connections", {"connections": 4}, "less than or equal to 3"),
        row("too little for each connection", {"connections": 3, "pace": 44}, "at least 15 letters a minute"),
        row("too little for the one", {"pace": 14}, "at least 15 letters a minute"),
    ],
)
def test_mail_that_cannot_sign_in_by_token_is_refused(given, fault):
    with pytest.raises(ValueError, match=fault):
        Mail.model_validate(MAIL | {"oauth": APP} | given)


def test_each_connection_of_a_pace_has_its_fifteen():
    assert Mail.model_validate(MAIL | {"oauth": APP, "connections": 2}).pace == 30
    assert Mail.model_validate(MAIL | {"password": "p", "pace": 15}).pace == 15


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        row("a password too", {"password": "p"}, "replies.password and replies.oauth: set one of them"),
        row("no mailbox", {"user": None}, "replies.user: name the mailbox"),
        row("no server", {"host": None}, "replies.host is missing"),
    ],
)
def test_replies_that_cannot_sign_in_by_token_are_refused(given, fault):
    assert ReplyMailbox.model_validate(REPLIES | {"oauth": APP}).on
    with pytest.raises(ValueError, match=fault):
        ReplyMailbox.model_validate(REPLIES | {"oauth": APP} | given)


def test_they_are_set_by_the_environment_and_the_secrets_folder(monkeypatch, tmp_path):
    named = {"HOST": "smtp.office365.com", "OPERATIONS": "ops@kent.police.uk", "USER": "casebeat@kent.police.uk"}
    for name, value in (named | {"OAUTH__TENANT": "kent.police.uk", "OAUTH__CLIENT_ID": "1b2c"}).items():
        monkeypatch.setenv(f"CASEBEAT_MAIL__{name}", value)
    (tmp_path / "mail__oauth__client_secret").write_text("from a file")
    with pytest.raises(Faults, match="CASEBEAT_MAIL__OAUTH: set client_secret or certificate"):
        read()
    monkeypatch.setenv("CASEBEAT_SECRETS_DIR", str(tmp_path))
    oauth = read().mail.oauth
    assert oauth.on
    assert oauth.client_secret
    assert oauth.client_secret.get_secret_value() == "from a file"
    assert "from a file" not in repr(read())
