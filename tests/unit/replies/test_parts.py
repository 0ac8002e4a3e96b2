"""The parts of a mail, as they lie between its boundaries."""

import pytest

from tasks.replies.charsets import decoded
from tasks.replies.parts import DEEPEST, LONGEST_HEADER, MOST_PARTS, header, parts


def multipart(*contents, boundary="b", preamble="", end="--b--\n"):
    lines = "".join(f"--{boundary}\n{each}\n" for each in contents)
    return f"Content-Type: multipart/mixed; boundary={boundary}\n\n{preamble}{lines}{end}".encode()


def texts(raw):
    """What each part holds, the mail itself aside."""
    return [part.get_payload() for part in parts(raw)[1:]]


def test_a_mail_of_one_part_is_its_own_part():
    (only,) = parts(b"Subject: x\n\nhello\n\nmore")
    assert (only["Subject"], only.get_payload()) == ("x", "hello\n\nmore")
    assert [one.get_payload() for one in parts(b"Subject: x")] == [""]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_each_part_has_its_header_and_its_content(newline):
    raw = multipart("X: 1\n\none", "X: 2\n\ntwo").replace(b"\n", newline.encode())
    found = parts(raw)[1:]
    assert [(part["X"], part.get_payload()) for part in found] == [("1", "one"), ("2", "two")]


def test_what_is_before_the_first_and_after_the_last_boundary_is_no_part():
    assert texts(multipart("\none", preamble="before\n", end="--b--\nafter\n--b\n\nmore\n")) == ["one"]


def test_a_part_without_a_header_begins_after_one_empty_line():
    assert texts(multipart("\none")) == ["one"]
    assert texts(multipart("\n\none")) == ["\none"]


def test_the_last_part_may_be_cut_off():
    assert texts(multipart("\none", "\ntw", end="")) == ["one", "tw\n"]


def test_a_boundary_is_a_whole_line():
    assert texts(multipart("\none\n--bc\ntwo")) == ["one\n--bc\ntwo"]
    assert texts(multipart("\none").replace(b"--b\n", b"--b \t\n")) == ["one"]


def test_no_part_is_found_without_a_boundary_or_in_an_attached_mail():
    assert len(parts(b"Content-Type: multipart/mixed\n\n--b\n\none\n--b--\n")) == 1
    assert len(parts(b"Content-Type: message/rfc822\n\n" + multipart("\none"))) == 1


def test_only_a_multipart_has_parts_and_only_between_its_boundaries():
    assert len(parts(multipart("\none").replace(b"multipart/mixed", b"text/plain"))) == 1
    assert len(parts(b"Content-Type: multipart/mixed; boundary=b\n\nno boundary at all")) == 1
    assert texts(b"Content-Type: multipart/mixed; boundary=b\n\nbefore\n--b--\n") == []


def nested(depth):
    raw = b"\ndone"
    for level in range(depth):
        raw = (
            f"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n".encode()
            + raw
            + f"\n--b{level}--".encode()
        )
    return raw


def test_no_more_is_read_than_a_hundred_parts_ten_deep_and_the_beginning_of_a_header():
    assert (MOST_PARTS, DEEPEST, LONGEST_HEADER) == (100, 10, 8_192)
    assert len(parts(multipart(*["\nx"] * 99))) == 100
    assert len(parts(multipart(*["\nx"] * 100))) == 100
    assert len(parts(nested(DEEPEST))) == DEEPEST + 1
    assert len(parts(nested(DEEPEST + 1))) == DEEPEST + 1
    assert len(header(b"A: " + b"x" * 9_000)["A"]) == LONGEST_HEADER - 3


@pytest.mark.parametrize(
    ("raw", "charset", "text"),
    [
        (b"\xc3\xa9", "utf-8", "\u00e9"), (b"\xe9", "ISO-8859-1", "\u00e9"), (b"\x80", "windows-1252", "\u20ac"),
        (b"\xc3\xa9", None, "\u00e9"), (b"\x80", None, "\u20ac"), (b"\xe9", "utf-8", "\ufffd"),
        (b"+AGE-", "utf-7", "+AGE-"), (b"\x80", "iso-8859-99", "\u20ac"), ("text", "utf-8", ""),
        (b"a\x00", "utf-16le", "a"),
    ],
)  # fmt: skip
def test_only_the_usual_charsets_of_mail_are_decoded(raw, charset, text):
    assert decoded(raw, charset) == text
