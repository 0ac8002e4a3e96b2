"""Convening in rounds: who sits when, why they stay, and what moves them."""

import pytest

from config.sittings import Because
from tests.integration.panel_world import TUESDAYS, PanelWorld


@pytest.fixture
def world(database, run_cli, tmp_path, monkeypatch) -> PanelWorld:
    """The high-risk case of Mon 2 Mar 2026: due Mon 16 Mar, so that it sits on Tue 10 Mar."""
    made = PanelWorld(database, run_cli, tmp_path, monkeypatch)
    made.panels(TUESDAYS)
    return made


def test_a_due_case_sits_at_the_latest_sitting_before_its_due_day(world):
    world.round("Wed 4 Mar 2026")
    assert world.where() == {"45/1234": "03-10"}
    assert world.history("45/1234") == [("03-10", Because.DUE, None)]
    (told,) = world.told_sittings("2026-03-04")
    assert told == {
        "sitting_ref": "45-south-east-2026-03-10", "day": "2026-03-10", "starts_at": "2026-03-10T10:00:00+00:00",
        "force_code": "45", "cps_area": "South East", "case_ref": "45/1234", "due_on": "2026-03-16",
        "deadline_on": "2026-03-16", "late": False,
    }  # fmt: skip
