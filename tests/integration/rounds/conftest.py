"""A book in which a round of a day that had not come may be run."""

import pytest

from tests.worlds.panels import MONDAY, TUESDAYS, WrongDay


@pytest.fixture
def world(database, run_cli, tmp_path, monkeypatch) -> WrongDay:
    """The high-risk case of Mon 2 Mar 2026, a panel on Tuesdays, and the round of Mon 16 Mar."""
    made = WrongDay(database, run_cli, tmp_path, monkeypatch)
    made.panels(TUESDAYS)
    made.several(2, "medium")
    made.whole(MONDAY)
    return made
