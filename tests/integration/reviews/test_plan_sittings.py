"""Which sittings are planned, under which references, and which cases a change of their panel reaches."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import Engine, select

from flows.configured import configured
from models.audit import AuditRow
from models.sittings import SittingRow
from tasks.reviews.plan_sittings import plan_sittings
from tests.worlds.panels import TUESDAYS
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import TUESDAY

WEEK = timedelta(weeks=1)


class Panels:
    """Change the panels from now on."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.monkeypatch, self.number = folder, monkeypatch, 0

    def are(self, *panels: dict[str, object]) -> None:
        self.number += 1
        path = self.folder / f"panels{self.number}.yaml"
        path.write_text(yaml.safe_dump({"panels": list(panels)}))
        self.monkeypatch.setenv("CASEBEAT_PANELS", str(path))


@pytest.fixture
def panels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Panels:
    return Panels(tmp_path, monkeypatch)


@pytest.fixture
def rows(database: Engine, panels: Panels) -> Iterator[ReviewRows]:
    """A panel on Tuesdays, 21 days ahead, and no sitting yet."""
    panels.are(TUESDAYS)
    with database.connect() as connection:
        yield ReviewRows(connection)


def plan(rows: ReviewRows) -> tuple[dict[str, int], bool]:
    """Plan, and return how many sittings each change is audited of, and whether a case was affected."""
    audited = select(AuditRow.reason).where(AuditRow.about == "sitting")
    before = Counter(rows.found(audited))
    rows.connection.commit()
    affected = plan_sittings(configured(), "45", TUESDAY)
    return {change: count for (change,), count in (Counter(rows.found(audited)) - before).items()}, affected


def planned(rows: ReviewRows) -> list[str]:
    statement = select(SittingRow.ref).where(SittingRow.cancelled_on.is_(None)).order_by(SittingRow.day, SittingRow.id)
    return [ref.removeprefix("45-south-east-2026-") for (ref,) in rows.found(statement)]


def test_sittings_are_planned_after_today_up_to_the_last_day_of_the_horizon(rows: ReviewRows) -> None:
    assert plan(rows) == ({"planned": 3}, False)
    assert planned(rows) == ["03-24", "03-31", "04-07"]
    assert plan(rows) == ({}, False)


def test_a_sitting_of_a_day_that_had_another_has_a_reference_of_its_own(rows: ReviewRows) -> None:
    rows.sitting("45-south-east-2026-03-24", TUESDAY + WEEK, cancelled_on=TUESDAY)
    plan(rows)
    assert planned(rows) == ["03-24-2", "03-31", "04-07"]


def test_each_area_has_the_sittings_of_its_own_panels(rows: ReviewRows, panels: Panels) -> None:
    panels.are(TUESDAYS, {**TUESDAYS, "cps_area": "London North", "rrule": "FREQ=WEEKLY;BYDAY=WE"})
    assert plan(rows) == ({"planned": 6}, False)
    found = rows.found(select(SittingRow.cps_area, SittingRow.day))
    assert {(area, day.weekday()) for area, day in found} == {("South East", 1), ("London North", 2)}


def test_a_shorter_horizon_plans_less_and_keeps_what_there_is(rows: ReviewRows, panels: Panels) -> None:
    plan(rows)
    panels.are({**TUESDAYS, "horizon": "7d"})
    assert plan(rows) == ({}, False)
    assert planned(rows) == ["03-24", "03-31", "04-07"]


def test_other_terms_moves_and_ends_reach_the_cases_that_are_convened(rows: ReviewRows, panels: Panels) -> None:
    plan(rows)
    first = rows.found(select(SittingRow.id).order_by(SittingRow.day))[0][0]
    for number in range(2):
        rows.convening(rows.case_of(str(number)), first, slot=number)
    panels.are({**TUESDAYS, "cases": 5})
    assert plan(rows) == ({"amended": 3}, True)
    panels.are({**TUESDAYS, "cases": 5, "rrule": "FREQ=WEEKLY;BYDAY=WE"})
    assert plan(rows) == ({"planned": 1, "moved": 2, "cancelled": 1}, True)  # one is beyond the horizon
    panels.are()
    assert plan(rows) == ({"cancelled": 3}, True)
    assert {end for end, _ in rows.ends().values()} == {"cancelled"}
