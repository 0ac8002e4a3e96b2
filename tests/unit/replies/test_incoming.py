"""Mails from Outlook, Gmail, phones, robots and attackers are parsed without an error."""

import time
import tracemalloc
from datetime import date
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.replies.bounces import Bounce, bounce_in
from tasks.replies.envelope import Own, read_envelope
from tasks.replies.html_text import html_text
from tasks.replies.incoming import IncomingMail, parse_mail
from tests.worlds.days import row

DAY = date(2026, 3, 17)
KEY, OTHER = "cb1." + "A" * 60, "cb1." + "B" * 60
OWN = Own(frozenset({"replies@surrey.police.uk", "casebeat@surrey.police.uk"}), "surrey.police.uk")


def read(raw: bytes) -> IncomingMail:
    return parse_mail(raw, DAY, OWN)


def mail(text: str = "until Thursday", **headers: str) -> EmailMessage:
    made = EmailMessage()
    for name, value in {
        "From": "Robin Example <Robin@Surrey.police.uk>", "To": "replies@surrey.police.uk",
        "Subject": f"Re: Casebeat 45/1234 [{KEY}]", "Message-ID": "<one@phone.test>", **headers,
    }.items():  # fmt: skip
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


def test_a_reply_is_its_sender_its_key_and_its_words():
    found = read(mail().as_bytes())
    assert (found.sender, found.keys, found.text.strip()) == ("robin@surrey.police.uk", (KEY,), "until Thursday")
    assert (found.message_id, found.automatic) == ("<one@phone.test>", "")


@pytest.mark.parametrize(
    ("value", "kept"), [("<a.b@c.test>", "<a.b@c.test>"), ("<)00>", ""), ("a@b", ""), ("<a@b> <c@d>", ""), ("", "")]
)
def test_only_a_plain_message_id_is_repeated_in_an_answer(value, kept):
    raw = f"From: a@b.uk\r\nMessage-ID: {value}\r\n\r\nx".encode()
    assert read(raw).message_id == kept
    assert read(raw).identity == read(raw).identity


def test_the_subjects_key_counts_before_those_of_the_quoted_original():
    assert read(mail(f"until Thursday\n> {OTHER}").as_bytes()).keys == (KEY,)
    assert read(mail(f"x\n> {OTHER}\n> {OTHER}", Subject="Re: Casebeat").as_bytes()).keys == (OTHER,)


def test_a_key_is_found_in_the_links_of_the_quoted_original():
    link = f"mailto:replies@surrey.police.uk?subject=Casebeat%20%5B{KEY}%5D&body=done"
    assert read(mail(f"done\n> {link}", Subject="Re: Casebeat").as_bytes()).keys == (KEY,)
    made = mail("", Subject="Re: Casebeat")
    made.add_alternative(f'done<blockquote><a href="{link}">x</a></blockquote>', subtype="html")
    assert (read(made.as_bytes()).keys, read(made.as_bytes()).text.strip()) == ((KEY,), "done")


def test_a_key_survives_a_wrapped_and_encoded_subject():
    assert read(mail(Subject=f"Réponse {'x' * 50} {KEY} é").as_bytes()).keys == (KEY,)


def test_the_same_mail_is_the_same_wherever_it_is_met():
    copy = b"Received: from elsewhere\r\n" + mail().as_bytes()
    assert read(copy).identity == read(mail().as_bytes()).identity
    bare = mail()
    del bare["Message-ID"]
    assert read(bare.as_bytes()).identity != read(copy).identity
    assert read(bare.as_bytes()).identity == read(bare.as_bytes()).identity


@pytest.mark.parametrize(
    "other",
    [
        row("another sender", mail(From="eve@evil.test")),
        row("another key", mail(Subject=f"Re: Casebeat [{OTHER}]")),
        row("another text", mail("done")),
        row("another name", mail(**{"Message-ID": "<two@phone.test>"})),
    ],
)
def test_a_message_id_alone_makes_no_two_mails_the_same(other):
    assert read(other.as_bytes()).identity != read(mail().as_bytes()).identity


def test_the_mail_that_it_answers_is_known_by_its_header_the_latest_first():
    ours = [f"<{digit * 48}@surrey.police.uk>" for digit in "abc"]
    found = read(mail(References=f"{ours[0]} <x@y.test> {ours[1]}", In_Reply_To=ours[2].upper()).as_bytes())
    assert found.answers == ("c" * 48, "b" * 48, "a" * 48)
    assert read(mail(In_Reply_To=f"<{'a' * 48}@evil.test>").as_bytes()).answers == ()


@pytest.mark.parametrize(
    ("value", "sender"),
    [
        row("bare", "robin@surrey.police.uk", "robin@surrey.police.uk"),
        row("named", '"Example, Robin" <robin@surrey.police.uk>', "robin@surrey.police.uk"),
        row("two of them", "robin@surrey.police.uk, eve@evil.test", ""),
        row("one in the name of another", '"robin@surrey.police.uk" <eve@evil.test>', "eve@evil.test"),
        row("one after another", "<robin@surrey.police.uk> <eve@evil.test>", ""),
        row("a group", "us: robin@surrey.police.uk;", ""),
        row("look-alike", "robin@surrey.p\u043elice.uk", ""),
        row("none", "", ""),
    ],
)
def test_from_is_one_plain_address_or_nobodys(value, sender):
    raw = b"From: " + value.encode() + b"\r\nSubject: x\r\n\r\ndone\r\n"
    assert read(raw).sender == sender


def test_two_from_headers_are_nobodys():
    assert read(b"From: a@surrey.police.uk\r\nFrom: b@surrey.police.uk\r\n\r\nx").sender == ""


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        row("Auto-Submitted", {"Auto_Submitted": "auto-replied"}, "an automatic answer"),
        row("with a comment", {"Auto_Submitted": "auto-generated (vacation)"}, "an automatic answer"),
        row("Precedence", {"Precedence": "bulk"}, "a bulk mail"),
        row("X-Autoreply", {"X_Autoreply": "yes"}, "an automatic answer"),
        row("empty return path", {"Return_Path": "<>"}, "a mail without a return path"),
        row("a list", {"List_Id": "<x.y>"}, "a mailing list"),
        row("Outlook away", {"Subject": f"Automatic reply: Casebeat {KEY}"}, "an automatic answer"),
        row("away", {"Subject": "Out of Office: x"}, "an automatic answer"),
        row("read receipt", {"Subject": "Read: Casebeat"}, "an automatic answer"),
        row("accepted", {"Subject": "Accepted: Joint review"}, "an automatic answer"),
        row("ours", {"From": "Casebeat <casebeat@surrey.police.uk>"}, "our own mail"),
        row("a person who says no", {"Auto_Submitted": "no"}, ""),
        row("a person", {"Return_Path": "<robin@surrey.police.uk>"}, ""),
    ],
)
def test_what_no_person_wrote_is_known_for_it(headers, why):
    assert read(mail(**headers).as_bytes()).automatic == why


def test_a_calendar_answer_is_known_for_one():
    made = mail()
    made.add_alternative(b"BEGIN:VCALENDAR", maintype="text", subtype="calendar")
    assert read(made.as_bytes()).automatic == "a calendar answer"


BOUNCE = """From: MAILER-DAEMON@surrey.police.uk
To: casebeat@surrey.police.uk
Return-Path: <>
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mta

Final-Recipient: rfc822; robin@surrey.police.uk
Action: failed
Status: 5.1.1

--b
Content-Type: message/rfc822

Message-ID: <0123456789012345678901234567890123456789@surrey.police.uk>

words
--b--
"""


@pytest.mark.parametrize(
    ("old", "new", "bounce"),
    [
        row("hard", "", "", Bounce("5.1.1", ("0123456789012345678901234567890123456789",))),
        row("only late", "Action: failed", "Action: delayed", None),
        row("full", "Status: 5.1.1", "Status: 4.2.2", None),
        row("not of ours", "@surrey.police.uk>", "@elsewhere.test>", Bounce("5.1.1", ())),
    ],
)
def test_a_bounce_says_which_of_our_mails_could_not_be_delivered(old, new, bounce):
    raw = BOUNCE.replace(old, new).encode() if old else BOUNCE.encode()
    assert bounce_in(raw, OWN) == bounce
    assert bounce_in(raw.replace(b"\n", b"\r\n"), OWN) == bounce
    assert read(raw).automatic
    assert read_envelope(raw.partition(b"\n\n")[0], OWN).report


HTML = """<html><head><style>p { until: friday }</style></head><body>
<p class=MsoNormal>until&nbsp;Thursday<o:p></o:p></p><p>Robin</p>
<div id="divRplyFwdMsg"><b>From:</b> Casebeat</div><p>done</p></body></html>"""


@pytest.mark.parametrize(
    ("html", "text"),
    [
        row("Outlook", HTML, "until\u00a0Thursday Robin"),
        row("Gmail", '<div dir="ltr">done<br></div><div class="gmail_quote"><div>On x</div></div>', "done"),
        row("Apple", "until Thursday<br><br>Sent by me<blockquote>done</blockquote>", "until Thursday Sent by me"),
        row("a rule", "not mine<hr>done", "not mine"),
        row("a script", "<script>done</script>status", "status"),
        row("unclosed", "<div><p>done", "done"),
    ],
)  # fmt: skip
def test_html_is_read_as_far_as_the_original(html, text):
    assert " ".join(html_text(html).split(" ")).split() == text.split()


def test_html_is_read_where_there_are_no_plain_words():
    made = mail("")
    made.add_alternative(HTML, subtype="html")
    assert read(made.as_bytes()).text.split()[:2] == ["until", "Thursday"]


def test_an_attached_mail_and_an_attached_file_are_not_its_words():
    made = mail("status")
    made.add_attachment("done", filename="done.txt")
    inner = mail("not mine")
    made.add_attachment(inner)
    assert read(made.as_bytes()).text.strip() == "status"


@pytest.mark.parametrize(
    "charset",
    ["idna", "punycode", "utf-7", "unicode_escape", "rot13", "zlib_codec", "no-such", "\x00", "undefined", "a" * 999],
)
def test_a_hostile_charset_is_read_as_utf_8(charset):
    raw = f'From: a@b.uk\r\nContent-Type: text/plain; charset="{charset}"\r\n\r\nuntil Thursday é'.encode()
    assert read(raw).text == "until Thursday é"


def test_words_of_other_charsets_are_read():
    assert read(mail("until Thursday \u2019").as_bytes()).text.strip() == "until Thursday \u2019"
    latin = (
        b"From: a@b.uk\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\xe9"
    )
    assert read(latin).text == "é"
    assert read(b"From: a@b.uk\r\n\r\nuntil Thursday \x92").text == "until Thursday \u2019"
    wide = b"Content-Type: text/plain; charset=utf-16le\r\nContent-Transfer-Encoding: base64\r\n\r\nZABvAG4AZQA="
    assert read(wide).text == "done"


def nested(depth: int) -> bytes:
    return b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(depth))


def pieces(written: bytes, number: int) -> bytes:
    return b"".join(written % n for n in range(number))


@pytest.mark.parametrize(
    "raw",
    [
        row("nothing", b""),
        row("no header", b"until Thursday"),
        row("no boundary", b"Content-Type: multipart/mixed\r\n\r\nx"),
        row("an endless boundary", b"Content-Type: multipart/mixed; boundary=" + b"x" * 9_000 + b"\r\n\r\nx"),
        row("nested", nested(3_000)),
        row("broken base64", b"Content-Transfer-Encoding: base64\r\n\r\n\xff\xfe=====A"),
        row("broken quoted-printable", b"Content-Transfer-Encoding: quoted-printable\r\n\r\n=ZZ=\r\n="),
        row("broken uuencode", b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin 666 x\r\n\xff\r\n"),
        row("broken subject", b"Subject: =?utf-8?b?\xff\xff?= =?x?q?=?=\r\n\r\nx"),
        row("broken type", b"Content-Type: text/plain; charset*=''%ff; charset*0*=x\r\n\r\ndone"),
        row("broken disposition", b"Content-Disposition: attachment; filename*=zz'zz'%\r\n\r\ndone"),
        row("many parameters", b"Content-Type: text/plain; " + b"a*0=b;" * 20_000 + b"\r\n\r\nx"),
        row("many encoded words", b"Subject: " + b"=?utf-8?q?a?= " * 19_000 + b"\r\n\r\nx"),
        row("many headers", b"X: y\r\n" * 50_000 + b"\r\ndone"),
        row("all bytes", bytes(range(256)) * 2_000),
        row("tags", b"Content-Type: text/html\r\n\r\n" + b"<div>" * 100_000),
        row("half a tag", b"Content-Type: text/html\r\n\r\n" + b"<!--" * 100_000),
        row("charrefs", b"Content-Type: text/html\r\n\r\n" + b"&#x110000;&" * 50_000),
        row("an endless number", b"Content-Type: text/html\r\n\r\n&#" + b"9" * 5_000 + b";"),
        row("an endless hexadecimal number", b"Content-Type: text/html\r\n\r\n&#x" + b"f" * 5_000 + b";"),
        row("10,000 headers", b"".join(b"X-%d: y\r\n" % n for n in range(10_000)) + b"\r\ndone"),
        row("a subject of 1 MB", b"Subject: " + b"x" * 1_000_000 + b"\r\n\r\ndone"),
        row("a subject of encoded words", b"Subject: " + b"=?utf-8?q?a?= " * 70_000 + b"\r\n\r\ndone"),
        row("500 deep", nested(500)),
        row("500 deep and empty", nested(500) + b"\n" * 200_000),
        row("500 deep and boundaries", nested(500) + b"\r\n--b499" * 20_000),
        row("500 mails in mails", b"Content-Type: message/rfc822\r\n\r\n" * 500 + b"\n" * 200_000),
        row("30,000 parts", nested(1) + b"\r\n--b0\r\n" * 30_000),
        row("a charset of 250 kB", b"Content-Type: text/plain; charset=" + b"x" * 250_000 + b"\r\n\r\ndone"),
        row("its part's", nested(1) + b"Content-Type: text/plain; charset=" + b"x" * 250_000 + b"\r\n\r\ndone"),
        row("a charset in pieces", b"Content-Type: text/plain; " + pieces(b"charset*%d*=x;", 15_000) + b"\r\n\r\nx"),
        row("its part's in pieces", nested(1) + b"Content-Type: text/plain; " + pieces(b"charset*%d*=x;", 15_000)),
        row("parameters in pieces", nested(1) + b"Content-Type: text/plain; " + pieces(b"a*%d=b;", 30_000)),
        row("malformed dates", b"Date: Tue, 99 Foo 99999999999 99:99:99 +9999\r\n" * 5_000 + b"\r\nx"),
        row("quotes", b"From: " + b'"\\' * 120_000 + b"<\r\n\r\nx"),
    ],
)  # fmt: skip
def test_no_mail_however_broken_is_an_error_or_takes_long(raw):
    tracemalloc.start()
    read(raw)
    read_envelope(raw, OWN)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20_000_000
    began = time.process_time()
    found = read(raw)
    assert time.process_time() - began < 1
    assert found.sender == ""


def test_a_promise_among_endless_numbers_is_read():
    made = mail("")
    made.add_alternative(f"<p>until Thursday</p><p>&#{'9' * 5_000};</p>", subtype="html")
    assert read(made.as_bytes()).text.split() == ["until", "Thursday", "\ufffd"]


def test_the_parts_of_a_mail_that_is_cut_off_are_read():
    raw = nested(2) + b"Content-Type: text/plain\r\n\r\nuntil Thursday\r\n--b1\r\nContent-Type: image/png\r\n\r\nx"
    for end in (b"", b"\r\n--b1--\r\n--b0--\r\nafterwards"):
        for lines in (b"\r\n", b"\n"):
            assert read((raw + end).replace(b"\r\n", lines)).text == "until Thursday"


@given(st.binary(max_size=600))
def test_whatever_bytes_come_in_they_are_opened(raw):
    for found in (
        read(b"From: a@b.uk\r\n" + raw),
        read(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + raw),
    ):
        assert isinstance(found.sender, str)
        found.sender.encode("ascii")  # an address, or none


def test_of_a_long_mail_the_beginning_is_read_and_at_most_two_hundred_keys():
    found = read(mail("\n".join(f"cb1.{number:060}" for number in range(202)), Subject="x").as_bytes())
    assert (len(found.keys), found.keys[-1]) == (200, f"cb1.{199:060}")
    long = read(b"From: a@b.uk\r\n\r\n" + b"x" * 200_001)
    assert len(long.text) == 200_000


def test_only_what_is_text_is_searched_for_keys():
    made = mail("until Thursday", Subject="Re: Casebeat")
    made.add_attachment(KEY.encode(), maintype="application", subtype="octet-stream")
    assert read(made.as_bytes()).keys == ()
    named = mail("until Thursday", Subject="Re: Casebeat")
    named.add_attachment(KEY, filename="letter.txt")
    assert read(named.as_bytes()).keys == ()
