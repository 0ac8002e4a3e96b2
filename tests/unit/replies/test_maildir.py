"""The reply Maildir: the oldest first, only the wanted fields of a header, and each mail put away under its name."""

import os
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from models.errors import Retry
from tasks.network.wire import Limits
from tasks.replies import maildir
from tasks.replies.inbox import HEADERS, MOST_BYTES
from tasks.replies.maildir import ReplyMaildir, open_inbox
from tasks.replies.parts import LONGEST_HEADER

RAW = (
    b"Received: by x\r\n\tFrom: y\r\nSubject: until\r\n Thursday\r\nX-Other: z\r\n more\r\n"
    b"from: a@b.test\r\n\r\ndone\r\n"
)


@pytest.fixture
def box(tmp_path):
    for part in ("tmp", "new", "cur"):
        (tmp_path / part).mkdir()
    return tmp_path


def drop(box, name, at=0.0, raw=RAW, part="new"):
    (box / part / name).write_bytes(raw)
    os.utime(box / part / name, (at, at))


def opened(box, **limits):
    return ReplyMaildir(box, "Casebeat done/old", Limits(**limits))


def test_mails_are_listed_by_the_moment_of_their_delivery_wherever_they_lie(box):
    drop(box, "b", 3)
    drop(box, "a", 2, part="cur")
    drop(box, "c", 1)
    (box / "new" / "folder").mkdir()
    drop(box, "d", 0, part="tmp")
    assert opened(box).mails(9) == ["new/c", "cur/a", "new/b"]
    assert opened(box).mails(2) == ["new/c", "cur/a"]


def test_only_the_wanted_fields_of_a_header_are_read_each_with_its_folded_lines(box):
    drop(box, "a", 1_773_738_000)
    reading = opened(box)
    wanted = b"Subject: until\r\n Thursday\r\nfrom: a@b.test\r\n"
    assert list(reading.headers(["new/a", "new/gone"])) == [{"new/a": wanted}]
    mail = reading.fetch("new/a")
    assert (mail.header, mail.body) == (wanted, b"done\r\n")
    assert mail.received_at == datetime(2026, 3, 17, 9, tzinfo=UTC)
    assert reading.fetch("new/gone") is None


def test_of_a_header_without_end_only_the_beginning_is_read(box):
    drop(box, "a", raw=b"Subject: " + b"x" * (LONGEST_HEADER + 1) + b"\n\n")
    drop(box, "b", raw=b"X-Other: z\n" * (MOST_BYTES // 11) + b"From: a@b.test\n")
    drop(box, "c", raw=b"Subject: x\n" + b"y" * MOST_BYTES + b"\nFrom: a@b.test\n")
    (found,) = opened(box).headers(["new/a", "new/b", "new/c"])
    assert len(found["new/a"]) == LONGEST_HEADER
    assert found["new/b"] == b"From: " or found["new/b"] == b""
    assert found["new/c"] == b"Subject: x\n"
    drop(box, "d", raw=b"\nbody")
    assert opened(box).fetch("new/d")[:2] == (b"", b"body")


def test_of_a_body_only_the_first_quarter_of_a_megabyte_is_read(box):
    drop(box, "a", raw=b"From: a@b.test\n\n" + b"x" * 300_000)
    assert len(opened(box).fetch("new/a").body) == 262_144


def test_headers_are_read_some_at_a_time_until_half_of_the_time_is_over(box, monkeypatch):
    for number in range(HEADERS + 1):
        drop(box, f"{number:02}", number)
    names = opened(box).mails(99)
    assert [len(found) for found in opened(box).headers(names)] == [HEADERS, 1]
    now = [100.0]
    monkeypatch.setattr(maildir, "time", SimpleNamespace(monotonic=lambda: now[0]))
    reading = opened(box, session=60)
    assert [reading.lasts(seconds) for seconds in (59, 60)] == [True, False]
    now[0] = 131.0
    assert list(reading.headers(names)) == []
    now[0] = 129.0
    assert len(list(reading.headers(names))) == 2


def test_mails_are_put_away_as_seen_under_their_own_names(box):
    drop(box, "1.M2.test:2,F", part="cur")
    drop(box, "1.M3.test")
    opened(box).done(["cur/1.M2.test:2,F", "new/gone", "new/1.M3.test"])
    kept = box / ".Casebeat done.old" / "cur"
    assert sorted(path.name for path in kept.iterdir()) == ["1.M2.test:2,S", "1.M3.test:2,S"]
    assert kept.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("limits", [None, Limits(session=0)])
def test_a_reading_lasts_as_long_as_it_may(box, limits):
    chosen = SimpleNamespace(maildir=box, done_folder="Done")
    with open_inbox(chosen, limits) as found:
        assert found.lasts(100) is (limits is None)
    with (
        pytest.raises(Retry, match=r"cannot be opened \(FileNotFoundError\)"),
        open_inbox(SimpleNamespace(maildir=box / "gone", done_folder="Done")),
    ):
        pass
