"""What a seal is not: a key of another mark or shape, and a mail's reference of another use."""

import base64
import re
from datetime import date

import pytest

from tasks.platform import tokens
from tasks.platform.tokens import Key, NotOurs, Purpose, read, sign
from tasks.platform.written_keys import MARK

LAST = date(2026, 6, 15)


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path))
    return tmp_path


def as_key(raw):
    return MARK + base64.urlsafe_b64encode(raw).decode().rstrip("=")


@pytest.mark.parametrize("length", range(1, 80))
def test_a_key_of_any_length_is_read_whole(length):
    assert read(sign("P" * length, 7, Purpose.REPLY, LAST), Purpose.REPLY, LAST) == Key("P" * length, 7, LAST)


def test_a_key_with_another_mark_or_other_characters_is_not_ours():
    made = sign("P1", 7, Purpose.REPLY, LAST)
    for text in (f"cb2.{made[4:]}", f"{made}é", f"{MARK}é"):
        with pytest.raises(NotOurs):
            read(text, Purpose.REPLY, LAST)


def test_what_was_sealed_for_a_mail_is_no_key_and_a_key_is_no_mail(monkeypatch):
    monkeypatch.setenv("CASEBEAT_SIGNING_SECRET", "x" * 32)
    with pytest.raises(NotOurs):
        read(as_key(bytes.fromhex(tokens.mail_ref("letter:P1", "letter:P1"))), Purpose.MAIL, LAST)
    whole = sign("P1", 7, Purpose.MAIL, LAST)[len(MARK) :]
    raw = base64.urlsafe_b64decode(whole + "=" * (-len(whole) % 4))
    of_two_parts = bytes.fromhex("cd01211960e60f29cb8cace98668862df64acb07b721c2")  # `reply` and 7
    for sealed in (raw, of_two_parts):
        with pytest.raises(NotOurs):
            tokens.read_mail_ref(sealed.hex(), LAST)


def test_a_key_may_be_of_one_of_several_purposes():
    made = sign("P1", 7, Purpose.ACT, LAST)
    assert read(made, Purpose.REPLY, LAST, Purpose.BUTTON, Purpose.ACT).purpose is Purpose.ACT


def test_the_fingerprint_is_of_the_secret_and_makes_none(home, monkeypatch):
    assert tokens.fingerprint() is None
    assert list(home.iterdir()) == []
    sign("P1", 7, Purpose.REPLY, LAST)
    kept = tokens.fingerprint()
    assert re.fullmatch("[0-9a-f]{8}", kept)
    (home / tokens.FILE).unlink()
    given = []
    for secret in ("s" * 32, "t" * 32):
        monkeypatch.setenv("CASEBEAT_SIGNING_SECRET", secret)
        given.append(tokens.fingerprint())
    assert len({kept, *given}) == 3


def test_a_secret_of_32_characters_is_long_enough(home):
    (home / tokens.FILE).touch(0o600)
    (home / tokens.FILE).write_text("s" * 32 + "\n")
    assert sign("P1", 7, Purpose.REPLY, LAST)
