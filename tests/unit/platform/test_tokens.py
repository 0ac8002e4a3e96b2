"""A key is valid for its purpose and its person, until its day; anything else is refused."""

import base64
import hashlib
import itertools
import os
import re
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import Refuse
from tasks.platform import secret_file, tokens
from tasks.platform.tokens import Key, Purpose, read, sign
from tasks.platform.written_keys import MARK, WRITTEN

LAST = date(2026, 6, 15)


@pytest.fixture(autouse=True)
def a_home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("CASEBEAT_HOME", str(home))
    return home


def key(person: str = "P1", obligation: int = 7, purpose: Purpose = Purpose.REPLY) -> str:
    return sign(person, obligation, purpose, LAST)


def test_a_key_says_who_and_what_it_was_made_for():
    assert read(key(), Purpose.REPLY, LAST) == Key("P1", 7, LAST)
    assert read(key("Zoë\x1f/..", 0), Purpose.REPLY, LAST) == Key("Zoë\x1f/..", 0, LAST)


def test_the_same_content_makes_the_same_key_so_that_a_repeat_says_the_same():
    assert key() == key()
    assert len({key(), key("P2"), key("P1", 8), key(purpose=Purpose.BUTTON)}) == 4


def test_a_key_holds_no_reference_that_can_be_read():
    made = sign("MARKER-PERSON", 4711, Purpose.REPLY, LAST)
    raw = base64.urlsafe_b64decode(made[4:] + "==")
    assert b"MARKER" not in raw
    assert b"4711" not in raw
    assert WRITTEN.fullmatch(made)
    assert len(made) < 120


def test_a_key_of_another_purpose_is_refused():
    with pytest.raises(Refuse, match="for another use"):
        read(key(purpose=Purpose.BUTTON), Purpose.REPLY, LAST)


def test_a_key_is_good_on_its_last_day_and_not_after_it():
    assert read(key(), Purpose.REPLY, LAST).person_ref == "P1"
    with pytest.raises(Refuse, match="has expired: answer a newer message"):
        read(key(), Purpose.REPLY, LAST + timedelta(days=1))


def test_no_bit_of_a_key_can_be_turned():
    made = key()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    for at in range(4, len(made)):
        turned = made[:at] + alphabet[(alphabet.index(made[at]) + 32) % 64] + made[at + 1 :]
        with pytest.raises(Refuse, match="not whole, or is not one that Casebeat wrote"):
            read(turned, Purpose.REPLY, LAST)


def test_no_truncated_key_is_read():
    for length in range(len(key())):
        with pytest.raises(Refuse, match="not whole"):
            read(key()[:length], Purpose.REPLY, LAST)


@given(st.one_of(st.text(max_size=120), st.text(alphabet="ABCab012-_=", max_size=160).map(lambda t: "cb1." + t)))
def test_whatever_else_is_written_is_refused_in_a_sentence(text):
    with pytest.raises(Refuse, match="Nothing was done"):
        read(text, Purpose.REPLY, LAST)


def test_with_any_byte_changed_to_any_other_it_opens_nothing():
    raw = base64.urlsafe_b64decode(key()[4:] + "==")
    for at, change in itertools.product(range(len(raw)), range(1, 256)):
        forged = raw[:at] + bytes([raw[at] ^ change]) + raw[at + 1 :]
        with pytest.raises(Refuse, match="not one that Casebeat wrote"):
            read(MARK + base64.urlsafe_b64encode(forged).decode().rstrip("="), Purpose.REPLY, LAST)


def test_another_secret_opens_nothing(monkeypatch):
    made = key()
    monkeypatch.setenv("CASEBEAT_SIGNING_SECRET", "x" * 32)
    with pytest.raises(Refuse, match="not one that Casebeat wrote"):
        read(made, Purpose.REPLY, LAST)
    assert read(key(), Purpose.REPLY, LAST).row_id == 7


MAIL = "letter:P45of1:email:2026-03-17"
NEW, OLD, LEAKED = ("n" * 32, "o" * 32, "l" * 32)


def rotate(monkeypatch, new: str, old: str, until: date) -> None:
    for name, value in {"": new, "_BEFORE": old, "_BEFORE_UNTIL": until.isoformat()}.items():
        monkeypatch.setenv(f"CASEBEAT_SIGNING_SECRET{name}", value)


def made_with(monkeypatch, secret: str) -> tuple[str, str]:
    """A key and a Message-ID that a secret signed."""
    monkeypatch.setenv("CASEBEAT_SIGNING_SECRET", secret)
    return key(), tokens.mail_ref(MAIL, MAIL)


def test_the_old_secret_is_believed_until_its_day_and_the_new_one_signs(monkeypatch):
    old, leaked, new = (made_with(monkeypatch, each) for each in (OLD, LEAKED, NEW))
    until = LAST - timedelta(days=20)
    rotate(monkeypatch, NEW, OLD, until)
    assert (key(), tokens.mail_ref(MAIL, MAIL)) == new
    for made in (old, new):
        assert read(made[0], Purpose.REPLY, until) == Key("P1", 7, LAST)
        assert tokens.read_mail_ref(made[1], until) == tokens.key_digest(MAIL)
    assert read(new[0], Purpose.REPLY, until + timedelta(days=1)).row_id == 7
    with pytest.raises(tokens.Expired, match="has expired: answer a newer message"):
        read(old[0], Purpose.REPLY, until + timedelta(days=1))
    with pytest.raises(tokens.Expired):
        tokens.read_mail_ref(old[1], until + timedelta(days=1))
    with pytest.raises(tokens.NotOurs):
        read(leaked[0], Purpose.REPLY, until)


def test_both_secrets_may_be_files_of_the_secrets_folder(monkeypatch, tmp_path):
    old = made_with(monkeypatch, OLD)[0]
    monkeypatch.delenv("CASEBEAT_SIGNING_SECRET")
    files = {"": NEW, "_before": OLD, "_before_until": LAST.isoformat()}
    for name, value in files.items():
        (tmp_path / f"signing_secret{name}").write_text(value + "\n")
    monkeypatch.setenv("CASEBEAT_SECRETS_DIR", str(tmp_path))
    assert read(old, Purpose.REPLY, LAST).person_ref == "P1"
    assert key() != old


def test_the_data_directorys_own_secret_is_replaced_by_moving_its_file(monkeypatch, a_home):
    old = key()
    (a_home / tokens.FILE).rename(a_home / tokens.FILE_BEFORE)
    monkeypatch.setenv("CASEBEAT_SIGNING_SECRET_BEFORE_UNTIL", LAST.isoformat())
    code = "import sys, datetime; from tasks.platform.tokens import *; day = datetime.date(2026, 6, 15); "
    code += "sys.stdout.write(read(sys.argv[1], Purpose.REPLY, day).person_ref + sign('P1', 7, Purpose.REPLY, day))"
    ran = subprocess.run(
        [sys.executable, "-c", code, old], env=dict(os.environ), capture_output=True, text=True, check=True
    )
    assert ran.stdout[:6] == "P1cb1."
    assert ran.stdout[2:] != old
    assert stat.S_IMODE((a_home / tokens.FILE).stat().st_mode) == 0o600


def test_a_day_without_an_old_secret_is_refused_before_anything_is_blamed_for_it(monkeypatch, a_home):
    monkeypatch.setenv("CASEBEAT_SIGNING_SECRET_BEFORE_UNTIL", LAST.isoformat())
    with pytest.raises(Refuse, match=f"{tokens.FILE_BEFORE} cannot be read or made .* set CASEBEAT_SIGNING_SECRET_BEF"):
        tokens.check()
    (a_home / tokens.FILE_BEFORE).write_bytes((a_home / tokens.FILE).read_bytes())
    (a_home / tokens.FILE_BEFORE).chmod(0o600)
    with pytest.raises(Refuse, match="are the same: replace the one that signs"):
        tokens.check()


def test_a_message_id_is_sealed_and_nothing_else_opens_as_one():
    made, again = tokens.mail_ref(MAIL, MAIL), tokens.mail_ref(MAIL, f"{MAIL}#1")
    assert re.fullmatch("[0-9a-f]{40}", made)
    assert len(tokens.mail_ref(MAIL, f"{MAIL}#256")) == 42
    assert tokens.read_mail_ref(made, LAST) == tokens.read_mail_ref(again, LAST) == tokens.key_digest(MAIL)
    assert len({made, again, tokens.mail_ref(MAIL, MAIL), tokens.mail_ref(f"{MAIL}:mailed", f"{MAIL}:mailed")}) == 3
    raw = base64.urlsafe_b64decode(key()[4:] + "==").hex()
    for other in ("", "zz", "0" * 40, made[:-2], made[2:], made + "00", raw, hashlib.sha256(MAIL.encode()).hexdigest()):
        with pytest.raises(tokens.NotOurs):
            tokens.read_mail_ref(other, LAST)


def test_the_number_in_a_message_id_of_before_is_still_read(monkeypatch):
    monkeypatch.setenv("CASEBEAT_SIGNING_SECRET", "x" * 32)
    assert tokens.read_mail_ref("1a8b616d4dc3901f73a6ede562332e8de0580ea4ca31780d94", LAST) == "4711"


@given(st.text(max_size=120))
def test_whatever_else_stands_in_a_message_id_is_not_ours(text):
    with pytest.raises(tokens.NotOurs):
        tokens.read_mail_ref(text, LAST)


def test_the_secret_is_made_once_for_its_owner_only(a_home):
    key()
    kept = a_home / tokens.FILE
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert len(kept.read_bytes().strip()) >= 48
    code = "import sys, datetime; from tasks.platform.tokens import *; "
    code += "sys.stdout.write(sign('P1', 7, Purpose.REPLY, datetime.date(2026, 6, 15)))"
    environment = os.environ | {"CASEBEAT_HOME": str(a_home)}
    other = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert other.stdout == key()


def test_two_first_calls_at_once_end_with_one_secret(a_home):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(secret_file.make, [a_home / "one"] * 8))
    assert [path.name for path in a_home.iterdir()] == ["one"]


def test_a_secret_that_others_may_read_is_refused(a_home):
    (a_home / tokens.FILE).write_text("s" * 48)
    (a_home / tokens.FILE).chmod(0o644)
    with pytest.raises(Refuse, match="run chmod 600 on it"):
        key()


@pytest.mark.parametrize("held", ["", "\n", "s" * 31])
def test_a_secret_that_can_be_guessed_is_refused(a_home, held):
    (a_home / tokens.FILE).touch(0o600)
    (a_home / tokens.FILE).write_text(held)
    with pytest.raises(Refuse, match="holds no secret of 32 characters"):
        key()


def test_a_secret_that_cannot_be_made_is_refused_in_a_sentence(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path / "file"))
    with pytest.raises(Refuse, match="cannot be read or made"):
        key()
