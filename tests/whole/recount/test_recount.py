"""Every figure of the monthly report that extracts can tell is what an independent count of the extracts says.

`RECOUNT_SEEDS=1-50` (or `3,7`) counts other books; `make recount` counts thirty.
"""

from __future__ import annotations

import os

import pytest

from tests.whole.reading.seeds import listed
from tests.whole.recount.awaited import WHY, is_awaited
from tests.whole.recount.beside import recounted

SEEDS = listed(os.environ.get("RECOUNT_SEEDS", "1,4"))
DIFFERENCES: dict[int, list[str]] = {}


def differences(seed: int) -> list[str]:
    """Give how the pages of a book differ, lived once for both tests."""
    if seed not in DIFFERENCES:
        DIFFERENCES[seed] = recounted(seed)
    return DIFFERENCES[seed]


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", SEEDS)
def test_each_figure_of_a_random_book_is_what_its_extracts_say(seed: int) -> None:
    differ = [line for line in differences(seed) if not is_awaited(line)]
    assert not differ, "\n".join([f"seed {seed}", *differ])


@pytest.mark.xfail(strict=True, reason=WHY)
@pytest.mark.timeout(1800)
def test_no_figure_of_a_random_book_differs() -> None:
    differ = [f"seed {seed} {line}" for seed in SEEDS for line in differences(seed)]
    assert not differ, "\n".join(differ)
