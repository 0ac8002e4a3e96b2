"""New mails are sorted by their senders and by the mails of ours that they answer."""

from tasks.platform import tokens
from tasks.replies.envelope import Envelope
from tasks.replies.outcomes import MailOutcome
from tasks.replies.sorting import Rank, sort
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import TUESDAY


def from_(ref, *answers):
    return Envelope("<a@b.test>", f"{ref}@surrey.police.uk", False, "", False, (), answers)


def test_an_answer_to_a_mail_of_ours_proves_itself_where_it_was_written_to_its_sender(connection):
    rows = ReviewRows(connection)
    for ref in ("of1", "of2"):
        rows.contact(ref)
    for ref in ("of1", "of2"):
        rows.message(ref, key=f"letter:{ref}")
    mine, theirs, unsent = (tokens.mail_ref(key, key) for key in ("letter:of1", "letter:of2", "letter:of3"))
    arrived = {
        "5": from_("of1", mine), "4": from_("of1", theirs), "3": from_("of1", unsent, theirs), "2": None,
        "1": from_("of9", mine), "0": from_("of2", unsent, theirs),
    }  # fmt: skip
    assert [(mail.uid, mail.rank, mail.outcome) for mail in sort(connection, arrived, TUESDAY)] == [
        ("5", Rank.PROVEN, None), ("4", Rank.KNOWN, None), ("3", Rank.KNOWN, None),
        ("2", Rank.IGNORED, MailOutcome.UNREADABLE), ("1", Rank.IGNORED, MailOutcome.STRANGER),
        ("0", Rank.PROVEN, None),
    ]  # fmt: skip
