"""The header of an incoming mail: its sender, its signs of a robot, the keys and the mails of ours that it answers."""

import pytest

from tasks.replies.envelope import LONGEST_ID, MOST_ANSWERED, MOST_KEYS, Own, our_ids, read_envelope
from tests.worlds.days import row

OWN = Own(frozenset({"casebeat@surrey.police.uk"}), "surrey.police.uk")
REF = "0123456789abcdef" * 3
ORDINARY = {"From": "Robin <robin@surrey.police.uk>", "Subject": "Re: Casebeat", "Message-ID": "<one@phone.test>"}


def read(**changed):
    """The envelope of an ordinary mail with other fields; None leaves one out, a list repeats it."""
    fields = {**ORDINARY, **{name.replace("_", "-"): value for name, value in changed.items()}}
    lines = [
        f"{name}: {each}"
        for name, value in fields.items()
        for each in (value if isinstance(value, list) else [] if value is None else [value])
    ]
    return read_envelope("\r\n".join([*lines, "", "x"]).encode(), OWN)


def test_an_ordinary_mail_has_its_sender_and_no_sign_of_a_robot():
    found = read()
    assert (found.sender, found.own, found.automatic, found.report) == ("robin@surrey.police.uk", False, "", False)
    assert (found.message_id, found.plain_id, found.keys, found.answers) == (
        "<one@phone.test>",
        "<one@phone.test>",
        (),
        (),
    )


@pytest.mark.parametrize(
    ("value", "sender"),
    [
        row("bare", "Robin@Surrey.police.uk", "robin@surrey.police.uk"),
        row("angled", "<robin@surrey.police.uk>", "robin@surrey.police.uk"),
        row("quoted", '"R, <x@y.uk>" <robin@surrey.police.uk>', "robin@surrey.police.uk"),
        row("two addresses", "a@surrey.police.uk, b@surrey.police.uk", ""),
        row("no address", "Robin", ""),
        row("repeated", ["a@surrey.police.uk", "b@surrey.police.uk"], ""),
        row("none", None, ""),
    ],
)
def test_a_sender_is_one_plain_address(value, sender):
    assert read(From=value).sender == sender


def test_our_own_mail_is_known_by_its_sender():
    found = read(From="Casebeat@surrey.police.uk")
    assert (found.own, found.automatic) == (True, "our own mail")


@pytest.mark.parametrize(
    ("changed", "sign"),
    [
        row("auto-submitted", {"Auto_Submitted": "auto-replied"}, "an automatic answer"),
        row("not auto-submitted", {"Auto_Submitted": " No "}, ""),
        row("both", {"Auto_Submitted": ["no", "auto-generated"]}, "an automatic answer"),
        row("bulk", {"Precedence": "Bulk"}, "a bulk mail"),
        row("first class", {"Precedence": "first-class"}, ""),
        row("Exchange", {"X_Autoreply": "yes"}, "an automatic answer"),
        row("failed", {"X_Failed_Recipients": "a@b.uk"}, "an automatic answer"),
        row("no return path", {"Return_Path": "<>"}, "a mail without a return path"),
        row("a return path", {"Return_Path": "<a@b.uk>"}, ""),
        row("a list", {"List_Id": "x"}, "a mailing list"),
        row("a newsletter", {"List_Unsubscribe": "<x>"}, "a mailing list"),
        row("a report", {"Content_Type": "multipart/report; boundary=b"}, "a report"),
        row("a calendar", {"Content_Type": "text/calendar"}, "a calendar answer"),
        row("out of office", {"Subject": "Out of the office: x"}, "an automatic answer"),
        row("Outlook", {"Subject": "Automatic reply: x"}, "an automatic answer"),
        row("accepted", {"Subject": "Accepted: x"}, "an automatic answer"),
        row("in the middle", {"Subject": "Re: automatic reply"}, ""),
    ],
)
def test_signs_that_no_person_wrote_it(changed, sign):
    assert read(**changed).automatic == sign


def test_a_report_is_known_as_one():
    assert read(Content_Type="multipart/report; boundary=b").report


def test_at_most_three_keys_of_a_subject_count_each_once():
    keys = ["cb1." + letter * 60 for letter in "ABCD"]
    assert read(Subject=f"{keys[0]} {keys[0]} {keys[1]}").keys == tuple(keys[:2])
    assert len(read(Subject=" ".join(keys)).keys) == MOST_KEYS == 3


def ours(number, at="surrey.police.uk"):
    return f"<{number:040x}@{at}>"


def test_the_mails_that_it_answers_are_ours_each_once_the_latest_first():
    assert our_ids(f"<x@y> <{REF.upper()}@Surrey.police.uk> <{REF}@surrey.police.uk>", OWN) == (REF,)
    assert our_ids(ours(1, "elsewhere.uk"), OWN) == ()
    assert our_ids(f"<{'a' * 39}@surrey.police.uk> <{'a' * 81}@surrey.police.uk>", OWN) == ()
    found = read(References=f"{ours(1)} {ours(2)}", In_Reply_To=ours(2)).answers
    assert found == (f"{2:040x}", f"{1:040x}")
    many = read(References=" ".join(ours(number) for number in range(12))).answers
    assert many == tuple(f"{number:040x}" for number in range(11, 1, -1))
    assert len(many) == MOST_ANSWERED


@pytest.mark.parametrize("length", [LONGEST_ID, LONGEST_ID + 1])
def test_a_long_message_id_is_not_repeated(length):
    whole = f"<{'a' * (length - 8)}@b.test>"[: length - 1].rstrip(">") + ">"
    assert len(whole) == length
    assert read(Message_ID=whole).plain_id == (whole if length == 250 else "")


def test_a_subject_that_cannot_be_decoded_has_no_key():
    assert read(Subject="=?utf-8?b?" + "A" * 3 + "?=").keys == ()
    assert read(Subject=f"=?utf-8?q?{'cb1.' + 'A' * 60}?=").keys == ("cb1." + "A" * 60,)
