"""One reading of the inbox: whose turn it is, what is put away, and which faults stop it."""

from config.replies import Answered
from tasks.replies.outcomes import MailOutcome
from tasks.replies.read_mailbox import MailboxResult


def test_the_counts_are_named_in_one_order_whatever_came_first():
    made = MailboxResult()
    for outcome in (MailOutcome.AUTOMATIC, Answered.PROMISED, Answered.STANDING, MailOutcome.AGAIN):
        made.counts[outcome] += 1
    assert made.sentence == "4 mails read: 1 promised, 1 seen already, 1 standing, 1 written by no person."
    assert (made.ignored, made.completed, made.degraded) == ({}, False, False)
