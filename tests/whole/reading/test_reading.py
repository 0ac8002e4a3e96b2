"""The command line prints, on random books, exactly what an independent reading of the specification says.

The books are the standing ones, and three that the date draws, which the test's id names. `READING_SEEDS=1-50` (or
`3,7,9`) reads others; `READING_NIGHTS` and `READING_CASES` set how long and how large each is, `READING_KEEP=1` leaves
the database to look into. `make reading` reads two hundred.
"""

from __future__ import annotations

import os
from datetime import date

import pytest

from tests.support.casebeat import today
from tests.whole.reading.__main__ import main as many_books
from tests.whole.reading.seeds import STANDING, drawn, ids, listed
from tests.whole.reading.side_by_side import differences

ASKED = os.environ.get("READING_SEEDS")
SEEDS = {str(seed): seed for seed in listed(ASKED)} if ASKED else ids(today())


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", SEEDS.values(), ids=SEEDS)
def test_a_random_book_reads_as_the_specification_says(seed: int) -> None:
    differ = differences(seed)
    assert not differ, "\n".join([f"seed {seed}", *differ])


def test_many_books_are_read_with_a_line_each_and_those_that_differ_or_fail_are_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def differing(seed: int) -> list[str]:
        assert seed < 9, "a command failed"
        return ["how it differs"] if seed == 7 else []

    assert many_books(["--seeds", "3,7-9"], differing) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [" ".join(line.split()[1:4]) for line in lines if "/4 " in line] == [
        "seed 3 agrees", "seed 7 differs", "seed 8 agrees", "seed 9 differs",
    ]  # fmt: skip
    assert {"  how it differs", "2 of 4 books agree."} <= set(lines)
    assert lines[-1].startswith("Differing: 7,9.")
    assert many_books(["--seeds", "3"], differing) == 0


def test_a_date_draws_the_same_books_for_everyone_and_its_tests_say_so() -> None:
    monday, tuesday = date(2026, 11, 30), date(2026, 12, 1)
    assert drawn(monday) == drawn(monday) != drawn(tuesday)
    assert not set(drawn(monday)) & set(STANDING)
    assert [name for name in ids(monday) if "2026-11-30" in name] == [
        f"{seed}-drawn-on-2026-11-30" for seed in drawn(monday)
    ]
