"""The doctor's sentences about the drop folder, the forces and their feeds, and columns that are lacking."""

import os
from types import SimpleNamespace

import pytest

from models.rules.obligations.coverage import Seen
from tasks.rounds.doctor import extracts
from tasks.rounds.expected import FeedTrouble
from tests.worlds.days import NOW

DAYS = 86_400


@pytest.fixture
def drop(put, tmp_path):
    put(DROP=tmp_path / "drop")
    (tmp_path / "drop").mkdir()
    return tmp_path / "drop"


def marks(told):
    return [mark for mark, _ in told]


@pytest.mark.parametrize(("ago", "quiet"), [(0, False), (3 * DAYS, False), (3 * DAYS + 1, True)])
def test_a_drop_folder_in_which_nothing_is_new_since_three_days_wants_a_look(found, drop, ago, quiet):
    for name, more in (("old", 9 * DAYS), ("new", 0)):
        (drop / name).mkdir()
        os.utime(drop / name, (NOW.timestamp() - ago - more,) * 2)
    told = found(extracts, "drop-folder")
    assert ["since 3 days" in sentence for _, sentence in told] == [True] * quiet
    assert marks(told) == ["warn"] * quiet


def test_a_drop_folder_that_is_empty_not_there_a_file_or_not_set_is_found(found, drop, put):
    assert [(mark, "is empty" in sentence) for mark, sentence in found(extracts, "drop-folder")] == [("warn", True)]
    drop.rmdir()
    assert [(mark, "is not there" in sentence) for mark, sentence in found(extracts, "drop-folder")] == [("fail", True)]
    drop.touch(mode=0o755)
    ((mark, sentence),) = found(extracts, "drop-folder")
    assert (mark, f"cannot be read by uid {os.geteuid()}" in sentence) == ("fail", True)
    put(DROP=None)
    assert [(mark, "No drop" in sentence) for mark, sentence in found(extracts, "drop-folder")] == [("warn", True)]


def test_a_drop_folder_that_may_not_be_read_is_wrong(found, drop, monkeypatch):
    monkeypatch.setattr(os, "access", lambda _, mode, **__: mode == os.F_OK)
    ((mark, sentence),) = found(extracts, "drop-folder")
    assert (mark, "cannot be read by uid" in sentence) == ("fail", True)


@pytest.mark.parametrize(
    ("named", "expected", "covered", "told"),
    [
        (None, [], [], ["warn"]),
        (None, ["45"], ["45"], ["ok"]),
        ("45", ["45"], ["45"], []),
        ("45,46", ["45", "46"], ["45"], ["fail"]),
        ("45", ["45"], [], ["fail"]),
    ],
)
def test_the_forces_that_are_expected_have_sent_something(found, put, named, expected, covered, told):
    put(FORCES=named)
    made = found(
        extracts, "expected-forces", expected__expected_forces=list(expected), sources__force_codes=list(covered)
    )
    assert marks(made) == told
    if "46" in expected:
        assert "an extract of force 46, which" in made[0][1]


@pytest.mark.parametrize(
    ("kind", "ask"), [("late", "Ask the source why none came since"), ("refused", "Nothing of it was loaded: ask")]
)
def test_each_feed_in_trouble_is_a_sentence_with_what_to_ask_its_source(found, put, kind, ask):
    trouble = FeedTrouble("niche", ("45",), kind, None, "source niche is in trouble")
    ((mark, sentence),) = found(extracts, "feeds", expected__late_feeds=[trouble])
    assert (mark, sentence.startswith(f"Source niche is in trouble. {ask}")) == ("fail", True)
    put(CLOCK="virtual")
    assert found(extracts, "feeds") == [("ok", "By a virtual clock no extract is late.")]


def test_rules_that_a_source_does_not_let_see_are_named_unless_the_policy_accepts_it(found):
    def rule(source, name, seen):
        return SimpleNamespace(source=source, rule=name, seen=seen)

    unseen = [one for one in Seen if one is not Seen.SEEN]
    rules = [
        rule("a", "r1", unseen[0]), rule("a", "r2", unseen[-1]), rule("a", "r3", Seen.SEEN),
        rule("b", "r1", unseen[0]), rule("c", "r1", unseen[0]), rule("c", "r4", unseen[0]),
    ]  # fmt: skip
    accepted = SimpleNamespace(unseen={"b": ("r1",), "c": ("r1",)})
    told = found(extracts, "columns", coverage__read=rules, configuration__policy=accepted)
    assert [(mark, sentence.partition(":")[0]) for mark, sentence in told] == [
        ("warn", "a sends too few columns for 2 of the rules (r1, r2)"),
        ("warn", "c sends too few columns for 1 of the rules (r4)"),
    ]
