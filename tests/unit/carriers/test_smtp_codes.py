"""The answer to each refusal of a mail server, by its digits alone."""

import pytest

from config.terms import State
from tasks.carriers.mail import smtp
from tasks.carriers.mail.codes import by_code

DOT = "the last dot"


@pytest.mark.parametrize(
    ("code", "text", "stage", "state", "wait"),
    [
        (530, "5.7.0 sign in", "MAIL", State.QUEUED, 0),
        (535, "5.7.8 sign in", "RCPT", State.QUEUED, 0),
        (530, "sign in", "RCPT", State.QUEUED, 0),
        (534, "too weak", "RCPT", State.QUEUED, 0),
        (535, "sign in", "DATA", State.QUEUED, 0),
        (538, "encrypt", "RCPT", State.QUEUED, 0),
        (421, "4.3.2 closing", "MAIL", State.QUEUED, 0),
        (421, "4.3.2 closing", DOT, State.RETRY, 0),
        (421, "4.3.2 closing", "RCPT", State.RETRY, 0),
        (550, "5.7.1 not from you", "MAIL", State.QUEUED, 0),
        (500, "5.7.1 not from you", "MAIL", State.QUEUED, 0),
        (550, "5.1.8 not from you", "MAIL", State.QUEUED, 0),
        (554, "no service", "MAIL", State.QUEUED, 0),
        (450, "4.7.1 greylisted", "MAIL", State.RETRY, 300),
        (550, "5.7.1 spam", DOT, State.RETRY, 300),
        (500, "5.7.1 spam", DOT, State.RETRY, 300),
        (550, "5.7.1 no such user", "RCPT", State.DEAD, 0),
        (450, "4.7.1 greylisted", "RCPT", State.RETRY, 300),
        (450, "4.7.10 other", "RCPT", State.RETRY, 0),
        (400, "later", "RCPT", State.RETRY, 0),
        (450, "4.7.0 too many", DOT, State.RETRY, 0),
        (499, "later", "RCPT", State.RETRY, 0),
        (452, "4.2.2 full", "RCPT", State.RETRY, 0),
        (552, "5.2.2 full", "RCPT", State.RETRY, 0),
        (552, "5.3.4 too large", DOT, State.DEAD, 0),
        (552, "5.3.4 too large", "RCPT", State.DEAD, 0),
        (554, "5.2.2 full", "RCPT", State.DEAD, 0),
        (550, "no such user", "RCPT", State.DEAD, 0),
        (551, "not local", "RCPT", State.DEAD, 0),
        (553, "bad name", "RCPT", State.DEAD, 0),
        (554, "5.1.1 gone", "RCPT", State.DEAD, 0),
        (554, "refused", "RCPT", State.DEAD, 0),
        (500, "what", "DATA", State.DEAD, 0),
        (354, "go on", "MAIL", State.RETRY, 0),
        (250, "5.1.1 odd", "RCPT", State.DEAD, 0),
        (252, "cannot verify", "RCPT", State.RETRY, 0),
    ],
)
def test_a_refusal_is_judged_by_its_digits(code, text, stage, state, wait):
    answer = by_code(code, text.encode(), stage)
    assert (answer.state, answer.wait) == (state, wait)


@pytest.mark.parametrize(
    ("code", "text", "stage", "reason"),
    [
        (550, "5.1.1 NAME", "RCPT", "550 5.1.1 at RCPT: the address was refused; put the contact right in its source"),
        (550, "NAME", "RCPT", "550 at RCPT: the address was refused; put the contact right in its source"),
        (551, "NAME", "RCPT", "551 at RCPT: the address was refused; put the contact right in its source"),
        (553, "NAME", "RCPT", "553 at RCPT: the address was refused; put the contact right in its source"),
        (552, "NAME", "RCPT", "552 at RCPT: the message was refused"),
        (554, "6.1.1 NAME", "RCPT", "554 at RCPT: the message was refused"),
        (554, "NAME", DOT, "554 at the last dot: the message was refused"),
        (550, "5.7.1 NAME", DOT, "550 5.7.1 at the last dot: the server's policy"),
        (450, "4.2.1 NAME", "RCPT", "450 4.2.1 at RCPT"),
        (354, "NAME", "MAIL", "unexpected 354 at MAIL"),
        (400, "NAME", "RCPT", "400 at RCPT"),
        (550, "5.1.1 NAME", DOT, "550 5.1.1 at the last dot: the message was refused"),
        (499, "NAME", "RCPT", "499 at RCPT"),
    ],
)
def test_a_reason_has_digits_and_stage_and_never_the_servers_words(code, text, stage, reason):
    assert by_code(code, text.encode(), stage).reason == reason


def test_a_letter_ends_well_below_a_claims_lease():
    assert (smtp.LETTER_SECONDS, smtp.MESSAGE_SECONDS, smtp.MOST_PER_SESSION) == (40, 120, 50)
