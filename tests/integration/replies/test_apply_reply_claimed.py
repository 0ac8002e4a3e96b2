"""Which mails are handled at all: from a person who is known, with a proof, and each once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from config.replies import Answered
from flows.configured import configured
from models.outbox import Message
from models.replies import Reply
from tasks.platform import tokens
from tasks.replies.apply_reply import apply_reply
from tasks.replies.incoming import IncomingMail
from tasks.replies.outcomes import MailOutcome
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE, TUESDAY


@pytest.fixture
def sent(database) -> str:
    """The key of a mail to of1, in a book with of2."""
    with database.begin() as connection:
        rows = ReviewRows(connection)
        for ref in ("of1", "of2"):
            rows.contact(ref)
        rows.message("of1", key="letter:of1")
    return "letter:of1"


def key(person="of1", days=1, purpose=tokens.Purpose.REPLY):
    return tokens.sign(person, 0, purpose, TUESDAY + timedelta(days=days))


def mail(text="status", sender="of1@surrey.police.uk", identity="a", **given):
    ordinary = {"automatic": "", "keys": (), "answers": ()} | given
    return IncomingMail(identity * 64, "", "<1@phone.test>", sender, text=text, received_on=TUESDAY, **ordinary)


def kept(database):
    """How many replies and answers there are."""
    with database.begin() as connection:
        count = func.count()
        replies = connection.scalar(select(count).select_from(Reply))
        return replies, connection.scalar(select(count).select_from(Message).where(Message.kind == "answer"))


def test_a_mail_of_a_robot_of_a_stranger_or_without_a_proof_leaves_nothing(database, sent):
    mine, theirs = tokens.mail_ref(sent, sent), tokens.mail_ref("letter:of2", "letter:of2")
    for given, outcome in (
        (mail(automatic="an automatic answer", keys=(key(),)), MailOutcome.AUTOMATIC),
        (mail(automatic="an automatic answer", sender="eve@evil.test"), MailOutcome.AUTOMATIC),
        (mail(sender="eve@evil.test", keys=(key(),)), MailOutcome.STRANGER),
        (mail(), MailOutcome.KEYLESS),
        (mail(keys=("cb1.AAAA",)), MailOutcome.KEYLESS),
        (mail(answers=(theirs,)), MailOutcome.KEYLESS),
        (mail(answers=(mine,), sender="of2@surrey.police.uk"), MailOutcome.KEYLESS),
    ):
        assert apply_reply(configured(), given, TUESDAY, AT_NINE) is outcome
    assert kept(database) == (0, 0)


def test_a_mail_with_a_key_of_ours_or_in_answer_to_ours_is_handled_and_answered_once(database, sent):
    good = mail(keys=(key(),))
    assert apply_reply(configured(), good, TUESDAY, AT_NINE) is Answered.STANDING
    assert apply_reply(configured(), good, TUESDAY, AT_NINE) is MailOutcome.AGAIN
    assert (
        apply_reply(configured(), mail(identity="b", answers=(tokens.mail_ref(sent, sent),)), TUESDAY, AT_NINE)
        is Answered.REFUSED
    )
    assert apply_reply(configured(), mail(identity="c", keys=(key(days=-1),)), TUESDAY, AT_NINE) is Answered.REFUSED
    assert kept(database) == (3, 3)


def test_a_refusal_is_kept_with_whom_it_answers_and_why(database, sent):
    apply_reply(configured(), mail(keys=(key("of2"),)), TUESDAY, AT_NINE)
    with database.begin() as connection:
        (found,) = connection.execute(select(Reply.contact_ref, Reply.because, Reply.obligation_id, Reply.in_reply_to))
    assert (found.contact_ref, found.obligation_id, found.in_reply_to) == ("of1", None, "<1@phone.test>")
    assert found.because.startswith("The message it answers was written to somebody else")
