"""Two ordered files of days compared line by line."""

from pathlib import Path

import pytest

from config.policy import load_policy
from config.rehearsal import untried
from tasks.rehearsal.comparison import Shift, shifts

A, B = "2026-03-02", "2026-03-10"


def written(folder: Path, name: str, *lines: tuple[str, str, str, str]) -> Path:
    file = folder / name
    file.write_text("".join("\t".join(line) + "\n" for line in sorted(lines)), "utf-8")
    return file


def test_days_are_compared_thing_by_thing_and_counted_by_rule(tmp_path):
    today = written(
        tmp_path, "today", ("action", "1", "a", A), ("action", "1", "b", B), ("action", "2", "a", A),
        ("action", "3", "a", A), ("action-plan", "1", "a", A),
    )  # fmt: skip
    other = written(
        tmp_path, "other", ("action", "1", "a", B), ("action", "1", "b", A), ("action", "10", "a", A),
        ("action", "2", "a", A), ("review", "1", "case", B),
    )  # fmt: skip
    assert shifts(today, other) == {
        "action": Shift(sooner=1, same=1, later=1, new=1, never=1), "action-plan": Shift(0, 0, 0, 0, 1),
        "review": Shift(0, 0, 0, 1, 0),
    }  # fmt: skip


@pytest.mark.parametrize(("lines", "shift"), [((), None), ((("stall", "1", "", A),), Shift(0, 0, 0, 0, 1))])
def test_a_file_may_be_empty(tmp_path, lines, shift):
    today, nothing = written(tmp_path, "today", *lines), written(tmp_path, "nothing")
    assert shifts(today, nothing) == ({"stall": shift} if shift else {})
    assert shifts(nothing, today) == ({"stall": Shift(0, 0, 0, 1, 0)} if shift else {})


def test_what_a_policy_changes_and_no_letter_of_a_rehearsal_shows_is_named_by_its_path():
    policy = load_policy()
    longest = policy.letter.longest.model_copy(update={"yours": 3, "victim": 4})
    tried = policy.model_copy(update={"letter": policy.letter.model_copy(update={"longest": longest})})
    assert untried(policy, tried) == ("letter.longest.victim", "letter.longest.yours")
    assert untried(policy, policy) == ()
