"""The places that one convening gives out: under new days, beside a barred chair, and as it counts them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import Engine, select

from config.terms import Risk
from flows.configured import configured
from models.outbox import Message
from models.sittings import Convening
from tasks.reviews.convening import ConveningCounts, convene_force
from tests.worlds.panels import TUESDAYS
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import TUESDAY

DAY = timedelta(days=1)
FIRST, SECOND = TUESDAY + 14 * DAY, TUESDAY + 21 * DAY  # both may still give up a case


@pytest.fixture
def rows(database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReviewRows]:
    """Surrey and CPS South East are convened 21 days ahead; their sittings are those that a test adds."""
    path = tmp_path / "panels.yaml"
    path.write_text(yaml.safe_dump({"panels": [TUESDAYS]}))
    monkeypatch.setenv("CASEBEAT_PANELS", str(path))
    with database.connect() as connection:
        yield ReviewRows(connection)


def due(rows: ReviewRows, ref: str, days: int, **given: object) -> int:
    """A case whose review falls due so many days from today, and is late only long after that."""
    case_id = rows.case_of(ref, **given)
    on = TUESDAY + days * DAY
    rows.owes(case_id, on, escalate_on=on + 9 * DAY, remind_on=on - 9 * DAY)
    return case_id


def convene(rows: ReviewRows) -> ConveningCounts:
    rows.connection.commit()
    return convene_force(configured(), "45", TUESDAY)


def places(rows: ReviewRows) -> dict[int, int]:
    """The sitting of each case that has one."""
    return dict(rows.found(select(Convening.case_id, Convening.sitting_id).where(Convening.ended_on.is_(None))))


def test_a_case_whose_day_moved_keeps_its_place_under_the_new_day(rows: ReviewRows) -> None:
    at = rows.sitting("s2", SECOND)
    kept = rows.convening(due(rows, "1", 20), at, due_on=TUESDAY + 9 * DAY, deadline_on=SECOND)
    made = convene(rows)
    assert (made.begun, made.ended, made.late, made.changed) == (0, 0, 0, False)
    assert rows.days_of(kept) == (TUESDAY + 20 * DAY, SECOND)


def test_a_case_of_less_worth_gives_way_and_one_apart_takes_what_the_others_leave(rows: ReviewRows) -> None:
    first = rows.sitting("s1", FIRST, places=1, chair_ref="K1")
    second = rows.sitting("s2", SECOND, places=2, chair_ref="K2")
    medium = due(rows, "M", 15, risk=Risk.MEDIUM)
    rows.convening(medium, first, due_on=TUESDAY + 15 * DAY, deadline_on=TUESDAY + 15 * DAY)
    high, apart = due(rows, "H", 14), due(rows, "B", 14, barred_refs=["K1"])
    made = convene(rows)
    assert places(rows) == {high: first, medium: second, apart: second}
    assert (made.begun, made.ended, made.late) == (3, 1, 1)
    assert "places given 3, taken back 1; late cases 1" in made.sentence


def test_a_case_that_bars_every_chair_is_late_and_operations_are_to_know(rows: ReviewRows) -> None:
    rows.sitting("s1", FIRST, chair_ref="K1")
    due(rows, "B", 14, barred_refs=["K1"])
    made = convene(rows)
    assert (made.begun, made.late, places(rows)) == (0, 1, {})
    assert rows.found(select(Message.contact_ref)) == [(None,)]


def test_a_case_that_owes_no_review_any_more_loses_its_place(rows: ReviewRows) -> None:
    at = rows.sitting("s1", FIRST)
    rows.convening(rows.case_of("1"), at)
    made = convene(rows)
    assert (made.begun, made.ended, made.changed, places(rows)) == (0, 1, True, {})


def test_the_lowest_free_places_go_to_what_was_not_held_before_and_then_by_worth(rows: ReviewRows) -> None:
    at = rows.sitting("s1", FIRST, places=4)
    before = rows.sitting("s0", TUESDAY - 7 * DAY)
    rows.convening(due(rows, "AT", 14), at, slot=1, deadline_on=FIRST, due_on=FIRST)
    medium, high = due(rows, "M", 14, risk=Risk.MEDIUM), due(rows, "H", 14)
    failed = due(rows, "F", 14, risk=Risk.MEDIUM)
    rows.outcome(rows.convening(failed, before, ended_on=TUESDAY, end="not_held"), held=False)
    convene(rows)
    slots = dict(rows.found(select(Convening.case_id, Convening.slot).where(Convening.ended_on.is_(None))))
    assert {case: slots[case] for case in (failed, high, medium)} == {failed: 0, high: 2, medium: 3}
