"""The refusals of a mailbox that sends by client submission: a sentence and a wait each, by digits alone."""

import pytest

from config.terms import State
from tasks.carriers.mail.codes import by_code
from tests.worlds.days import row

DOT = "the last dot"


@pytest.mark.parametrize(
    ("code", "text", "stage", "sentence", "wait"),
    [
        row("too many connections", 432, "4.3.2 Concurrent", "MAIL", "as many connections as it may", 60),
        row("too many connections at the dot", 432, "4.3.2 STOREDRV", DOT, "as many connections as it may", 60),
        row("the day's recipients", 554, "5.2.0 STOREDRV", DOT, "as many recipients as it may in a day", 3600),
        row("a full mailbox", 554, "5.2.2 mailbox full", DOT, "empty its Sent Items", 900),
        row("no password any more", 550, "5.7.30 Basic", "MAIL", "no longer takes a password", 900),
        row("a sender that is not its own", 550, "5.7.60 SMTP", DOT, "may not send as mail.from_address", 900),
        row("a sender as Exchange's store says", 554, "5.2.252 SendAs", DOT, "may not send as mail.from_address", 900),
    ],
)
def test_a_refusal_of_the_mailbox_stops_the_carrier_and_says_until_when(code, text, stage, sentence, wait):
    answer = by_code(code, text.encode(), stage, own_mailbox=True)
    assert (answer.state, answer.wait) == (State.QUEUED, wait)
    assert sentence in answer.reason
    assert answer.reason.endswith(f"({code} {text.split()[0]} at {stage})")


@pytest.mark.parametrize(("code", "text"), [(554, "5.2.0 odd"), (554, "5.2.2 full")])
def test_another_server_may_be_talking_of_one_reader_whose_mail_alone_ends(code, text):
    assert by_code(code, text.encode(), DOT).state is State.DEAD
    assert by_code(code, text.encode(), "MAIL").state is State.QUEUED, "before it knows of any reader"


@pytest.mark.parametrize("text", ["5.2.0 odd", "5.2.2 full"])
def test_a_refused_recipient_is_about_the_recipient(text):
    assert by_code(554, text.encode(), "RCPT", own_mailbox=True).state is State.DEAD


def test_other_digits_are_as_ever():
    assert by_code(554, b"5.2.1 odd", DOT, own_mailbox=True).state is State.DEAD
    assert by_code(554, b"without digits", DOT, own_mailbox=True).state is State.DEAD
    assert by_code(432, b"4.7.12 odd", "RCPT", own_mailbox=True).state is State.RETRY
