"""One session with an IMAP server: which mails are asked for, how they are put away, and what is no answer."""

import imaplib
from types import SimpleNamespace

import pytest

from config.replies import ReplyMailbox
from models.errors import Retry
from tasks.network.wire import Limits
from tasks.replies import imap
from tasks.replies.imap import Mailbox
from tasks.replies.inbox import MOST_BYTES
from tests.worlds.days import row

CHOSEN = ReplyMailbox(host="imap.invalid", user="u", password="secret", address="replies@surrey.police.uk")


class Server:
    """A server that answers each command from a list, in turn; then with nothing. It keeps what was asked."""

    def __init__(self, *answers):
        self.answers, self.asked, self.sizes, self.seconds = list(answers), [], [], []
        self.wire = SimpleNamespace(allow=self.allow, lasts=self.lasts, connected=lambda: None)
        self.left = 1_000.0

    def allow(self, *, size):
        self.sizes.append(size)

    def lasts(self, seconds):
        self.seconds.append(seconds)
        return self.left > seconds

    def uid(self, command, *arguments):
        self.asked.append((command, *arguments))
        answer = self.answers.pop(0) if self.answers else [None]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, tuple) else ("OK", answer)


def box(server, number=0, *can):
    return Mailbox(server, "Done", frozenset(can), number)


@pytest.mark.parametrize(
    ("number", "windows"),
    [
        row("an empty inbox", 0, []),
        row("one mail", 1, ["1:1"]),
        row("as many as one response holds", 5_000, ["1:5000"]),
        row("one more", 5_001, ["1:5000", "5001:5001"]),
    ],
)
def test_an_inbox_of_any_size_is_listed_window_by_window(number, windows):
    server = Server()
    assert box(server, number).mails(50_000) == []
    assert server.asked == [("SEARCH", window, "NOT", "DELETED") for window in windows]


def test_no_more_mails_are_listed_than_are_wanted_and_the_oldest_first():
    answers = ([b"1 2", None], [b"5001"], [b"10001"])
    assert box(Server(*answers), 12_000).mails(9) == ["1", "2", "5001", "10001"]
    server = Server(*answers)
    assert box(server, 12_000).mails(2) == ["1", "2"]
    assert len(server.asked) == 1, "nothing is searched in vain"
    assert box(Server(*answers), 12_000).mails(1) == ["1"]


def header(uid, text=b"From: x\n"):
    return b"2 (%s BODY[HEADER.FIELDS (FROM)]<0> {8}" % uid, text


def test_headers_are_fetched_twenty_five_mails_at_a_time_and_what_is_gone_is_left_out():
    uids = [str(number) for number in range(1, 27)]
    first = [header(b"UID 1"), b")", header(b"UID 2", None), b")", header(b"FLAGS ()"), b")", None, b"3 (FLAGS ())"]
    server = Server(first, [header(b"UID 26", b"From: y\n"), b")"])
    assert list(box(server).headers(uids)) == [{"1": b"From: x\n"}, {"26": b"From: y\n"}]
    assert [asked[1] for asked in server.asked] == [",".join(uids[:25]), "26"]


def test_headers_are_fetched_until_half_of_the_session_is_over():
    server = Server()
    server.left = Limits().session / 2 + 1
    assert list(box(server).headers(["1"])) == [{}]
    server.left = Limits().session / 2 - 1
    assert list(box(server).headers(["1"])) == []


def given(**moment):
    response = b"2 (%sBODY[HEADER.FIELDS (FROM)]<0> {8}" % moment.get("at", b"")
    return box(Server([(response, b"From: x\n"), (b" body[text]<0> {4}", b"done"), b")"])).fetch("7")


@pytest.mark.parametrize(
    ("at", "received"),
    [
        row("in UTC", b'INTERNALDATE "17-Mar-2026 08:00:00 +0000" ', "2026-03-17T08:00:00+00:00"),
        row("in another zone", b'INTERNALDATE " 7-Jul-2026 08:00:00 +0100" ', "2026-07-07T07:00:00+00:00"),
        row("west of London", b'INTERNALDATE "17-Mar-2026 08:00:00 -0500" ', "2026-03-17T13:00:00+00:00"),
        row("of no month", b'INTERNALDATE "17-Xyz-2026 08:00:00 +0000" ', None),
        row("of none", b"", None),
    ],
)
def test_the_moment_of_receipt_is_the_servers(at, received):
    found = given(at=at).received_at
    assert (found.isoformat() if found else None) == received


def test_a_mail_is_received_whole_whatever_letters_the_server_writes_it_in():
    found = given()
    assert (found.header, found.body) == (b"From: x\n", b"done")


def test_a_body_and_another_that_is_empty_are_not_confused():
    parts = [
        (b'2 (BODY[HEADER] "" BODY[TEXT] {4}', b"done"),
        (b" BODY[HEADER.FIELDS (FROM)]<0> {8}", b"From: x\n"),
        b")",
    ]
    assert box(Server(parts)).fetch("7").body == b"done"
    empty = [(b" BODY[HEADER.FIELDS (FROM)]<0> {8}", b"From: x\n"), b' BODY[TEXT]<0> "")']
    assert box(Server([header(b"UID 6", None), b")", *empty])).fetch("7").body == b""


SEEN = ("STORE", "7,8", "+FLAGS.SILENT", r"(\Seen)")
DELETED = ("STORE", "7,8", "+FLAGS.SILENT", r"(\Deleted)")


@pytest.mark.parametrize(
    ("can", "asked"),
    [
        row("move", ("MOVE", "UIDPLUS"), [SEEN, ("MOVE", "7,8", '"Done"')]),
        row("copy and remove", ("UIDPLUS",), [SEEN, ("COPY", "7,8", '"Done"'), DELETED, ("EXPUNGE", "7,8")]),
        row("copy alone", (), [SEEN, ("COPY", "7,8", '"Done"'), DELETED]),
    ],
)
def test_mails_are_put_away_by_what_the_server_can(can, asked):
    server = Server()
    box(server, 0, *can).done(["7", "8"])
    assert server.asked == asked
    assert set(server.sizes) == {2 * MOST_BYTES}, "an answer may hold a whole mail"


def test_a_mail_that_another_reader_has_put_away_is_no_fault_and_one_that_stays_is():
    refused, gone, there = ("NO", [b""]), [b""], [b"7"]
    box(Server([None], refused, there, gone), 0, "MOVE").done(["7"])
    for left in (there, [None, b"8"]):
        with pytest.raises(Retry, match="would not move a mail"):
            box(Server([None], refused, gone, left), 0, "MOVE").done(["7", "8"])


@pytest.mark.parametrize("fault", [imaplib.IMAP4.abort("bye"), TimeoutError(), ValueError()])
def test_a_server_that_breaks_off_is_named_by_the_fault_alone(fault):
    with pytest.raises(Retry) as raised:
        box(Server(fault), 1).mails(1)
    assert str(raised.value) == f"The reply mailbox could not search the inbox ({type(fault).__name__})."


class Opening(Server):
    """A server up to the opening of its inbox."""

    def __init__(self, exist=(b"3",), can=(b"IMAP4rev1 move",), kind="OK", done="OK"):
        super().__init__()
        self.exist, self.can, self.kind, self.done, self.signed_in = list(exist), list(can), kind, done, None

    def login(self, user, password):
        self.signed_in = user, password

    def create(self, folder):
        assert folder == '"Casebeat done"'

    def select(self, folder, readonly=False):
        assert folder == "INBOX"
        self.readonly = readonly
        return self.kind, self.exist

    def capability(self):
        return "OK", self.can

    def status(self, _, what):
        return self.done, [what]

    def logout(self):
        return "BYE", []

    def shutdown(self):
        self.asked.append("shutdown")


@pytest.mark.parametrize("limits", [None, Limits(session=7)])
def test_a_session_has_its_own_limits_or_the_ordinary_ones(monkeypatch, limits):
    server, had = Opening(), []
    monkeypatch.setattr(imap, "connected", lambda _, limits: had.append(limits) or server)
    for done, there in (("OK", True), ("NO", False)):
        server.done = done
        assert imap.has_done_folder(CHOSEN, limits) is there
    assert server.readonly, "nothing is marked by a look"
    with imap.open_inbox(CHOSEN, limits) as opened:
        assert opened.mails(5) == []
    assert had == [limits or Limits()] * 3
    assert server.asked.count("shutdown") == 3
