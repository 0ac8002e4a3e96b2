"""The header of a letter: whom it is to, which list and thread it is of, and that no person wrote it."""

import email
from datetime import UTC, datetime
from email import policy
from types import SimpleNamespace

import pytest

from config.mail import Mail
from config.message_kinds import MessageKind
from config.routes import Channel
from models.queries.obligations.obligation_views import Reader
from models.queries.outbox.outbox import ClaimedMessage
from tasks.carriers.mail.letters import letter
from tasks.messages.composing import ComposedMessage
from tasks.messages.rendering import RenderedMessage
from tests.worlds.days import row
from tests.worlds.samples import DAY

MAIL = Mail(from_address="casebeat@surrey.police.uk")
AT = datetime(2026, 3, 17, 8, tzinfo=UTC)
TO = "p45of1@surrey.police.uk"
READER = Reader("P45of1", "police", "NAME", TO, frozenset(), ("45",), (), False)


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path))


def written(kind=MessageKind.LETTER, ref="P45of1", to=TO, reply_to="", subject="Casebeat", **given):
    held = ClaimedMessage(1, "key", kind, ref, Channel.EMAIL, DAY, False, False, None, 1, "", None, "key")
    composed = ComposedMessage(held, READER if ref else None, SimpleNamespace(), {}, **given)
    raw = letter(composed, RenderedMessage(subject, "words", "<p>words</p>"), MAIL, to, AT, reply_to)
    return email.message_from_bytes(raw, policy=policy.default)


def test_a_letter_is_to_its_reader_by_name_or_to_operations():
    assert str(written()["To"]) == f"NAME <{TO}>"
    assert str(written(MessageKind.OPERATIONS, None)["To"]) == f"Casebeat operations <{TO}>"


@pytest.mark.parametrize(
    ("kind", "ref", "list_", "automatic"),
    [
        row("a letter", MessageKind.LETTER, "P45of1", "letters", "auto-generated"),
        row("an urgent mail", MessageKind.AT_ONCE, "P45of1", "urgent", "auto-generated"),
        row("an urgent mail to operations", MessageKind.AT_ONCE, None, "operations", "auto-generated"),
        row("an answer", MessageKind.ANSWER, "P45of1", "answers", "auto-replied"),
    ],
)
def test_a_person_can_file_each_kind_of_mail_and_knows_that_a_machine_wrote_it(kind, ref, list_, automatic):
    mail = written(kind, ref)
    assert mail["List-Id"] == f"Casebeat {list_} <{list_}.surrey.police.uk>"
    assert mail["Auto-Submitted"] == automatic


def test_a_letter_is_in_the_thread_of_the_mail_that_it_answers_or_else_of_its_case():
    assert (written()["In-Reply-To"], written()["References"]) == (None, None)
    assert written(thread="7")["In-Reply-To"] == "<case.7@surrey.police.uk>"
    assert written(thread="7", in_reply_to="<1@phone.test>")["References"] == "<1@phone.test>"


def test_it_is_answered_to_the_reply_mailbox_where_there_is_one():
    assert written()["Reply-To"] is None
    assert str(written(reply_to="replies@surrey.police.uk")["Reply-To"]) == "Casebeat <replies@surrey.police.uk>"


def test_an_address_that_is_not_one_plain_mailbox_is_refused():
    with pytest.raises(ValueError, match="not one plain mailbox"):
        written(to="a@surrey.police.uk, b@surrey.police.uk")


def test_a_subject_is_one_line_of_four_hundred_characters_at_most():
    assert written(subject="one\n two")["Subject"] == "one two"
    assert len(written(subject="x" * 500)["Subject"]) == 400
