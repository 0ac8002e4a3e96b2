"""The doctor's sentences about a full disk, and about many things of which it names the first."""

from types import SimpleNamespace

import pytest

from tasks.rounds.doctor import disk
from tasks.rounds.doctor.check import Mark, fail, ok, some, warn

MB = 1 << 20


@pytest.mark.parametrize(
    ("free", "total", "mark"),
    [
        (2048 * MB, 10_000 * MB, None),
        (2048 * MB - 1, 10_000 * MB, Mark.WARN),
        (256 * MB, 10_000 * MB, Mark.WARN),
        (256 * MB - 1, 10_000 * MB, Mark.FAIL),
        (5_000 * MB, 100_000 * MB, None),
        (5_000 * MB - 1, 100_000 * MB, Mark.WARN),
    ],
)
def test_a_disk_with_little_room_is_a_warning_and_one_with_none_a_failure(monkeypatch, tmp_path, free, total, mark):
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free, total=total))
    found = list(disk._room_of("drop folder", tmp_path))
    assert [one.mark for one in found] == ([] if mark is None else [mark])
    for one in found:
        assert (
            f"The disk of the drop folder {tmp_path} has {free // MB:,} MB left, of {total // MB:,} MB" in one.sentence
        )


def test_the_nearest_folder_that_is_there_is_looked_at(tmp_path):
    assert disk._there(tmp_path / "a" / "b") == tmp_path
    assert disk._there(tmp_path) == tmp_path


@pytest.mark.parametrize(("number", "text"), [(0, ""), (1, "0"), (5, "0, 1, 2, 3, 4"), (6, "0, 1, 2, 3, 4 and 1 more")])
def test_the_first_five_of_many_are_named_in_order_each_once(number, text):
    assert some([str(each) for each in reversed(range(number))] * 2) == text


def test_a_sentence_has_its_mark():
    assert [one.mark for one in (ok("a"), warn("b"), fail("c"))] == [Mark.OK, Mark.WARN, Mark.FAIL]
