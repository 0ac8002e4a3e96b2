"""One reading of the inbox: whose turn it is, what is put away, and which faults stop it."""

from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from types import SimpleNamespace

import psycopg2
import pytest
from sqlalchemy.exc import OperationalError

from config.replies import Answered
from models.errors import Retry
from tasks.replies import read_mailbox
from tasks.replies.inbox import FetchedMail
from tasks.replies.outcomes import MailOutcome
from tasks.replies.read_mailbox import MOST_HEADERS, MOVED, MailboxResult, _Reading
from tasks.replies.sorting import Rank, SortedMail
from tests.unit.days import day

TODAY = day("Tue 17 Mar 2026")
AT = datetime(2026, 3, 17, 9, tzinfo=UTC)
CHOSEN = SimpleNamespace(
    replies=SimpleNamespace(on=True, maildir=None, address="Replies@surrey.police.uk"),
    mail=SimpleNamespace(from_address="Casebeat@surrey.police.uk"),
)
LOST = OperationalError("select 1", {}, psycopg2.OperationalError("gone"))
HEADER = b"From: robin@surrey.police.uk\nSubject: x"


class Inbox:
    """An inbox of some mails that lasts for so many questions; it keeps what was fetched and put away."""

    def __init__(self, *found: SortedMail, lasts=1_000, gone=()):
        self.found, self.left, self.gone, self.fetched, self.away = found, lasts, gone, [], []

    def mails(self, most):
        return [mail.uid for mail in self.found][:most]

    def headers(self, uids):
        half = len(uids) // 2
        yield from (dict.fromkeys(some, b"") for some in (uids[:half], uids[half:]))

    def lasts(self, _):
        self.left -= 1
        return self.left >= 0

    def fetch(self, uid):
        self.fetched.append(uid)
        return None if uid in self.gone else FetchedMail(HEADER, b"done", None)

    def done(self, uids):
        self.away.append(list(uids))


def reading(box=None):
    made = MailboxResult()
    return _Reading(box, CHOSEN, made, TODAY, AT), made


def run(monkeypatch, box, result=Answered.STANDING):
    ranked = {mail.uid: mail for mail in box.found}
    monkeypatch.setattr(read_mailbox, "transaction", nullcontext)
    monkeypatch.setattr(
        "tasks.replies.read_mailbox.sorting.sort", lambda _, arrived, __: [ranked[uid] for uid in arrived]
    )
    monkeypatch.setattr(read_mailbox, "apply_reply", lambda *_: result)
    work, made = reading(box)
    work.run()
    return made


def known(uid, sender="a"):
    return SortedMail(uid, Rank.KNOWN, sender)


def stranger(uid):
    return SortedMail(uid, Rank.IGNORED, "", MailOutcome.STRANGER)


def test_mails_whose_turn_it_is_are_read_before_the_others_are_put_away_unread(monkeypatch):
    box = Inbox(stranger("1"), known("2"), stranger("3"), SortedMail("4", Rank.PROVEN, "b"))
    made = run(monkeypatch, box)
    assert (box.fetched, box.away) == (["4", "2"], [["4"], ["2"], ["1", "3"]])
    assert made.counts == {Answered.STANDING: 2, MailOutcome.STRANGER: 2}


def test_a_mail_that_is_gone_is_neither_counted_nor_put_away(monkeypatch):
    box = Inbox(known("1"), known("2"), gone=("1",))
    assert run(monkeypatch, box).counts == {Answered.STANDING: 1}
    assert box.away == [["2"]]


def test_strangers_mails_are_put_away_two_hundred_at_a_time_as_far_as_the_time_goes(monkeypatch):
    mails = [stranger(str(number)) for number in range(MOVED + 1)]
    box = Inbox(*mails)
    assert run(monkeypatch, box).counts == {MailOutcome.STRANGER: 201}
    assert [len(away) for away in box.away] == [200, 1]
    box = Inbox(known("x"), *mails, lasts=1)
    assert run(monkeypatch, box).counts == {Answered.STANDING: 1}
    assert (box.fetched, box.away) == (["x"], [["x"]])
    assert Inbox(*mails, lasts=0).left == 0
    late = Inbox(known("x"), lasts=0)
    assert (run(monkeypatch, late).counts, late.fetched) == ({}, [])


def parsed(rank, fetched):
    return reading()[0]._parsed(SortedMail("1", rank, "a"), fetched)


@pytest.mark.parametrize(
    ("received", "on"),
    [(None, TODAY), (datetime(2026, 3, 16, 23, tzinfo=UTC), day("Mon 16 Mar 2026")), (AT.replace(day=19), TODAY)],
)
def test_a_mail_was_received_on_the_servers_day_and_never_after_today(received, on):
    mail = parsed(Rank.KNOWN, FetchedMail(HEADER + b"\r\n\r\n", b"done", received))
    assert (mail.received_on, mail.sender, mail.text) == (on, "robin@surrey.police.uk", "done")


def test_a_mail_that_breaks_its_reading_is_its_senders_own_unless_it_proved_itself(monkeypatch):
    def breaks(*_):
        raise RuntimeError

    monkeypatch.setattr(read_mailbox, "parse_mail", breaks)
    fetched = FetchedMail(HEADER, b"", None)
    assert parsed(Rank.KNOWN, fetched) is None
    assert reading()[0]._result(known("1"), fetched) is MailOutcome.UNREADABLE
    with pytest.raises(RuntimeError):
        parsed(Rank.PROVEN, fetched)


def test_only_a_report_is_searched_for_a_bounce(monkeypatch):
    monkeypatch.setattr(read_mailbox, "apply_bounce", lambda *_: MailOutcome.BOUNCED)
    monkeypatch.setattr(read_mailbox, "apply_reply", lambda *_: Answered.STANDING)
    failed = FetchedMail(HEADER, b"Action: failed\nStatus: 5.1.1\n", None)
    work, _ = reading()
    report = SortedMail("1", Rank.REPORT, "")
    assert work._result(report, failed) is MailOutcome.BOUNCED
    assert work._result(report, FetchedMail(HEADER, b"Action: delayed\nStatus: 4.1.1\n", None)) is MailOutcome.AUTOMATIC
    assert work._result(known("1"), failed) is Answered.STANDING


@pytest.mark.parametrize(("fault", "stops"), [(Retry("x"), True), (LOST, True), (ValueError(), False)])
def test_a_fault_in_a_mail_stops_nothing_and_any_other_stops_the_reading(monkeypatch, fault, stops):
    def breaks(*_):
        raise fault

    work, made = reading()
    told = []
    monkeypatch.setattr(work, "_result", breaks)
    monkeypatch.setattr(work, "_failed", lambda *given: told.append(given))
    fetched = FetchedMail(HEADER, b"", None)
    if stops:
        with pytest.raises(type(fault)):
            work._handle(known("1"), fetched)
    else:
        work._handle(known("1"), fetched)
    assert told == ([] if stops else [(fetched, fault)])
    assert made.counts == {}


def test_without_a_mailbox_nothing_waits_and_nothing_is_read(monkeypatch):
    box = Inbox(known("1"), known("2"))

    @contextmanager
    def opened(_):
        yield box

    monkeypatch.setattr("tasks.replies.read_mailbox.imap.open_inbox", opened)
    monkeypatch.setattr(read_mailbox, "settings", lambda: CHOSEN)
    assert read_mailbox.waiting() == 2
    off = SimpleNamespace(replies=SimpleNamespace(on=False))
    monkeypatch.setattr(read_mailbox, "settings", lambda: off)
    assert (read_mailbox.waiting(), read_mailbox.read(TODAY, AT)) == (0, MailboxResult(configured=False))
    assert MOST_HEADERS == 50_000, "of a flood, the headers are read in minutes"


def test_a_maildir_is_read_where_one_is_set(monkeypatch):
    for name in ("imap", "maildir"):
        monkeypatch.setattr(getattr(read_mailbox, name), "open_inbox", lambda _, name=name: name)
    for maildir, opened in ((None, "imap"), ("/box", "maildir")):
        assert read_mailbox._open_inbox(SimpleNamespace(maildir=maildir)) == opened


def test_the_counts_are_named_in_one_order_whatever_came_first():
    made = MailboxResult()
    for outcome in (MailOutcome.AUTOMATIC, Answered.PROMISED, Answered.STANDING, MailOutcome.AGAIN):
        made.counts[outcome] += 1
    assert made.sentence == "4 mails read: 1 promised, 1 seen already, 1 standing, 1 written by no person."
    assert (made.ignored, made.completed, made.degraded) == ({}, False, False)
