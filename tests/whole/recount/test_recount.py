"""Every figure of the monthly report that extracts can tell is what an independent count of the extracts says.

`RECOUNT_SEEDS=1-50` (or `3,7`) counts other books; `make recount` counts thirty.
"""

from __future__ import annotations

import os

import pytest

from tests.whole.reading.seeds import listed
from tests.whole.recount.beside import recounted

SEEDS = listed(os.environ.get("RECOUNT_SEEDS", "1,4"))


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", SEEDS)
def test_each_figure_of_a_random_book_is_what_its_extracts_say(seed: int) -> None:
    differ = recounted(seed)
    assert not differ, "\n".join([f"seed {seed}", *differ])
