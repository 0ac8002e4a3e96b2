"""What an IMAP server gives of a mail is put together whole, or the mail is gone."""

from types import SimpleNamespace

import pytest

from tasks.replies.imap import Mailbox
from tasks.replies.inbox import FetchedMail
from tests.worlds.days import row

HEADER = (b'2 (UID 7 INTERNALDATE "17-Mar-2026 08:00:00 +0000" BODY[HEADER.FIELDS (FROM)]<0> {8}', b"From: x\n")
BODY = (b" BODY[TEXT]<0> {4}", b"done")


def fetched(*parts: object) -> FetchedMail | None:
    session = SimpleNamespace(uid=lambda *_: ("OK", list(parts)), wire=SimpleNamespace(allow=lambda **_: None))
    return Mailbox(session, "Done", frozenset(), 1).fetch("7")


@pytest.mark.parametrize(
    ("parts", "header", "body"),
    [
        row("literals", (HEADER, BODY, b")"), b"From: x\n", b"done"),
        row("the body first", (BODY, HEADER, b")"), b"From: x\n", b"done"),
        row("an empty body", (HEADER, b' BODY[TEXT]<0> "")'), b"From: x\n", b""),
        row("in pieces", (HEADER, None, BODY, b")"), b"From: x\n", b"done"),
        row("an empty literal", (HEADER, (b" BODY[TEXT]<0> {0}", b""), b")"), b"From: x\n", b""),
    ],
)
def test_a_mail_is_its_header_and_its_body(parts, header, body):
    found = fetched(*parts)
    assert (found.header, found.body) == (header, body)


@pytest.mark.parametrize(
    "parts",
    [
        row("nothing", (None,)),
        row("moved while it was fetched", (HEADER, b" BODY[TEXT]<0> NIL)")),
        row("no header", (BODY, b" BODY[HEADER.FIELDS (FROM)]<0> NIL)")),
        row("a change of flags", (b"2 (FLAGS (\\Seen))",)),
    ],
)
def test_a_mail_that_is_not_given_whole_is_gone_and_never_read_as_an_empty_one(parts):
    assert fetched(*parts) is None
