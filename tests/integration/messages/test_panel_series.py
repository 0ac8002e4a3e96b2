"""The series of panels: which begin and end as sittings and panels come and go, under which references."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import Connection, text

from config.terms import OwedBy
from flows.configured import configured
from models.queries.reviews.attended_sittings import NewSeries
from models.rules.people.parties import Parties
from models.rules.reviews.invitation_plan import PanelSeries
from models.rules.reviews.inviting import ComingSitting
from tasks.messages.invitation.panel_series import brought_up, series_ref
from tests.worlds.panels import TUESDAYS
from tests.worlds.rows import TUESDAY

WEEK = timedelta(weeks=1)
NOBODY = Parties(OwedBy.BOTH, ())
OLD = "2026-01-06 14:00 FREQ=WEEKLY;BYDAY=TU"  # no panel has it


@pytest.fixture
def rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: object) -> str:
    """Surrey and CPS South East have a panel; its rule."""
    del database
    path = tmp_path / "panels.yaml"
    path.write_text(yaml.safe_dump({"panels": [TUESDAYS]}))
    monkeypatch.setenv("CASEBEAT_PANELS", str(path))
    return str(configured().panels.panels[0].timetable)


def coming(rule: str | None, weeks: int, *, ruled_on: date | None = None, force: str = "45") -> ComingSitting:
    day = TUESDAY + weeks * WEEK
    ruled = None if rule is None else ruled_on or day
    return ComingSitting(
        weeks, f"s{weeks}", force, "South East", day, datetime.combine(day, time(10), UTC), 2, 10, "Room 2",
        rule, ruled, NOBODY, NOBODY, (),
    )  # fmt: skip


def up(connection: Connection, *sittings: ComingSitting) -> dict[str, PanelSeries]:
    return {one.ref: one for one in brought_up(configured(), connection, sittings, TUESDAY)}


def test_a_series_begins_with_the_first_sitting_of_its_rule_after_today(connection: Connection, rule: str) -> None:
    ruled_on = TUESDAY + WEEK - timedelta(days=1)  # moved off a holiday
    found = up(connection, coming(rule, 2), coming(rule, 1, ruled_on=ruled_on), coming(rule, 0), coming(None, 1))
    assert list(found) == ["45-south-east-series-2026-03-23"]
    (one,) = found.values()
    assert (one.rule, one.open) == (rule, True)


def test_one_that_is_open_is_not_begun_again_and_ends_with_its_rule(connection: Connection, rule: str) -> None:
    first = up(connection, coming(rule, 1), coming(OLD, 1, force="46"))
    assert {ref: one.open for ref, one in first.items()} == {
        "45-south-east-series-2026-03-24": True, "46-south-east-series-2026-03-24": True,
    }  # fmt: skip
    second = up(connection, coming(rule, 2), coming(OLD, 2, force="46"))
    assert second.keys() == first.keys()
    third = up(connection)
    assert {ref: one.open for ref, one in third.items()} == {
        "45-south-east-series-2026-03-24": True, "46-south-east-series-2026-03-24": False,
    }  # fmt: skip


def test_a_series_that_begins_again_on_the_same_day_has_a_number(connection: Connection, rule: str) -> None:
    up(connection, coming(rule, 1), coming(OLD, 1))
    refs = connection.scalars(text("select ref from series order by ref")).all()
    assert refs == ["45-south-east-series-2026-03-24", "45-south-east-series-2026-03-24-2"]
    new = NewSeries("45", "South East", OLD, TUESDAY + WEEK)
    assert series_ref(new, set(refs)) == "45-south-east-series-2026-03-24-3"
    assert series_ref(new, {refs[1]}) == refs[0]


def test_a_series_has_the_exceptions_of_its_panel_after_its_last_sitting(
    connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "mondays.yaml"
    path.write_text(yaml.safe_dump({"panels": [{**TUESDAYS, "rrule": "FREQ=WEEKLY;BYDAY=MO", "from": "2026-01-05"}]}))
    monkeypatch.setenv("CASEBEAT_PANELS", str(path))
    mondays = str(configured().panels.panels[0].timetable)
    (one,) = up(connection, coming(mondays, 4), coming(mondays, 1)).values()
    ahead = [ruled for ruled, _ in one.terms.ahead]
    assert ahead[:2] == [date(2026, 5, 4), date(2026, 5, 25)], "not Easter Monday, 6 April, before its last sitting"
    assert ahead[-1] <= TUESDAY + timedelta(days=366)
    gone = up(connection, coming(OLD, 1))
    assert [each.terms.ahead for each in gone.values() if each.rule == OLD] == [()]
