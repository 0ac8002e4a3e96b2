"""The mail carrier: the transport it has, whom a letter reaches, and what a repeat says."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from config.mail import Mail
from config.message_kinds import MessageKind
from config.routes import Channel
from config.settings import Settings
from config.terms import State
from models.errors import Refuse
from models.queries.obligations.obligation_views import Reader
from models.queries.outbox.outbox import ClaimedMessage
from models.rules.outbox.message_states import REPEAT
from tasks.carriers.carrier import Answer, Down
from tasks.carriers.mail.carrier import Carrier, Letters
from tasks.carriers.mail.maildir import Maildir, file_name
from tasks.messages.composing import ComposedMessage
from tests.worlds.samples import DAY, URGENT

AT = datetime(2026, 3, 17, 8, tzinfo=UTC)
READER = Reader("P1", "police", "NAME", "p1@surrey.police.uk", frozenset(), ("45",), (), False)
SERVED = {"host": "mail.invalid", "operations": "ops@surrey.police.uk"}


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path))


def settings(**mail: Any) -> Settings:
    return Settings(mail=Mail.model_validate({"from_address": "casebeat@surrey.police.uk", **mail}))


def composed(ref: str | None = "P1", reader: Reader | None = READER, context: Any = URGENT, **held: Any) -> Any:
    one = ClaimedMessage(1, "k", MessageKind.AT_ONCE, ref, Channel.EMAIL, DAY, False, False, None, 1, "", None, "k")
    return ComposedMessage(one._replace(**held), reader, context, {})


def letters(chosen: Settings | None = None) -> Letters:
    return Letters(chosen or settings(**SERVED), AT, None, ())


def test_without_the_signing_secret_the_carrier_is_down(monkeypatch):
    def refuses() -> None:
        raise Refuse("the secret cannot be read")

    monkeypatch.setattr("tasks.carriers.mail.carrier.tokens.check", refuses)
    with pytest.raises(Down, match="the secret cannot be read"):
        Carrier(settings(), AT, None).prepare(())


DEAD = Answer(State.DEAD, "no address in an allowed domain")


@pytest.mark.parametrize(
    ("ref", "reader", "mail", "to"),
    [
        ("P1", READER, SERVED, "p1@surrey.police.uk"),
        ("P1", READER._replace(email="p1@evil.test"), SERVED, DEAD),
        ("P1", None, SERVED, DEAD),
        (None, None, SERVED, "ops@surrey.police.uk"),
        (None, None, {}, "casebeat@surrey.police.uk"),
    ],
)
def test_a_letter_reaches_a_mailbox_in_an_allowed_domain_or_operations(ref, reader, mail, to):
    assert letters(settings(**mail)).address(composed(ref, reader)) == to


def test_operations_without_a_mailbox_are_written_to_nowhere_once_there_is_a_server():
    chosen: Any = SimpleNamespace(mail=SimpleNamespace(operations="", host="h", from_address="a@police.uk"))
    assert letters(chosen).address(composed(None, None)) == DEAD


SENT = b"Subject: as it was\r\n\r\nwords\r\n"
AGAIN = b"[May be a repeat] "


def test_a_possible_repeat_has_the_bytes_that_were_sent_before_and_is_marked():
    assert (
        letters().body(composed(reason=REPEAT, body=SENT), "to") == b"Subject: " + AGAIN + b"as it was\r\n\r\nwords\r\n"
    )
    again = letters().body(composed(reason=REPEAT), "p1@surrey.police.uk")
    assert b"Subject: " + AGAIN in again
    plain = letters().body(composed(body=SENT), "p1@surrey.police.uk")
    assert (AGAIN in plain, b"as it was" in plain) == (False, False)
    with pytest.raises(Refuse, match="without content"):
        letters().body(composed(context=None), "to")


def test_a_letter_in_the_maildir_is_one_file_by_its_key_however_often_it_is_written(tmp_path):
    assert file_name("at_once:1/2 é") == "at_once=3A1=2F2=20=E9"
    box = Maildir(tmp_path)
    box.ready()
    assert box.send("to", b"a\r\nb\r\n", "k:1") == Answer(State.SHOWN, "no mail.host: written to the Maildir")
    (written,) = (tmp_path / "mail" / "new").iterdir()
    assert (written.name, written.read_bytes()) == ("k=3A1", b"a\nb\n")
    written.rename(tmp_path / "mail" / "cur" / "k=3A1:2,S")
    box.send("to", b"c", "k:1")
    assert [path.name for path in (tmp_path / "mail").rglob("*") if path.is_file()] == ["k=3A1"]
