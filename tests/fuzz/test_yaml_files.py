"""Policy, panels, calendar and profiles: any content is read, and can then be used, or is refused with its place."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from config.days.duration import duration
from config.days.overrides import load_overrides
from config.panels import load_panels
from config.policy import SHIPPED as POLICY
from config.policy import fingerprint, load_policy
from config.strict_yaml import Faults
from models.rules.calendar import FIRST, LAST, WorkingCalendar
from models.rules.reviews.sitting_days import occurrences
from tasks.intake.profiles.checking import read_profile
from tests.fuzz.effort import fuzz
from tests.fuzz.mutations import mutated
from tests.house.source import ROOT

TODAY = date(2026, 3, 17)
CALENDAR = WorkingCalendar()
A_PANEL = b"""panels:
  - {force_code: "45", cps_area: South East, from: 2026-01-06, rrule: "FREQ=WEEKLY;BYDAY=TU", starts: "10:00",
     cases: 12, minutes_per_case: 10, chair: P45sp0, place: "Room 2", non_working_day: next, horizon: 42d}
"""
OVERRIDES = b"holidays: [2027-02-26, 2027-06-04]\nworking_days:\n  - 2026-12-28\n"


def policy(path: Path) -> None:
    read = load_policy(path)
    fingerprint(read)
    for force_code in ("45", "46", None):
        read.ladder_of("joint-review", force_code)


def panels(path: Path) -> None:
    for panel in load_panels(path).panels:
        assert all(FIRST <= one.day <= LAST for one in occurrences([panel], TODAY, TODAY, CALENDAR))


def calendar(path: Path) -> None:
    read = load_overrides(path)
    WorkingCalendar(read.holidays, read.working_days).plus(TODAY, duration("10wd"))


def profile(path: Path) -> None:
    read_profile(path)


@pytest.mark.parametrize(
    ("load", "samples", "sample"),
    [
        (policy, [POLICY.read_bytes()], 12),  # half a second each
        (panels, [A_PANEL], 60),
        (calendar, [OVERRIDES], 60),
        (profile, [path.read_bytes() for path in sorted((ROOT / "docs" / "adopting").glob("*.yaml"))], 60),
    ],
)
def test_any_content_of_a_yaml_file_is_read_or_refused_with_its_place(
    load: Callable[[Path], None], samples: list[bytes], sample: int, tmp_path: Path
) -> None:
    path = tmp_path / "file.yaml"

    def run(content: bytes) -> str:
        path.write_bytes(content)
        try:
            load(path)
        except Faults as faults:
            sentence = str(faults)
        else:
            return "read"
        assert sentence.startswith(str(path))
        return "refused"

    answers: Any = fuzz(f"YAML files, {load.__name__}", mutated(samples), run, sample=sample, share=1 / 3)
    assert answers["refused"] > 0
    assert answers["read"] > 0
