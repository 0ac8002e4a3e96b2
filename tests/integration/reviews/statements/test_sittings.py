"""The statements of planning: the sittings to come in order, their slots, and the references that are used up."""

from datetime import UTC, datetime, timedelta

import pytest

from models.queries.reviews import convening_book, sittings
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import TUESDAY

TOMORROW = TUESDAY + timedelta(days=1)
MOVED = {"ended_on": TUESDAY, "end": "moved"}


@pytest.fixture
def rows(connection) -> ReviewRows:
    """Sittings of two Areas in no order: c and b of London, f and d of South East, and others of neither list."""
    made = ReviewRows(connection)
    for ref, day, hour, area, force, gone in (
        ("f", TOMORROW, 11, "South East", "45", None), ("d", TOMORROW, 9, "South East", "45", None),
        ("c", TOMORROW + timedelta(days=1), 9, "London", "45", None), ("b", TOMORROW, 9, "London", "45", None),
        ("today", TUESDAY, 9, "London", "45", None), ("gone", TOMORROW, 9, "London", "45", TUESDAY),
        ("there", TOMORROW, 9, "London", "46", None),
    ):  # fmt: skip
        at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
        made.sitting(ref, day, force, area, starts_at=at, cancelled_on=gone)
    return made


def test_the_sittings_to_come_are_those_of_the_force_by_area_and_moment(rows):
    assert [one.ref for one in sittings.to_come(rows.connection, "45", TUESDAY)] == ["b", "c", "d", "f"]
    assert [one.ref for one in sittings.to_come(rows.connection, "46", TUESDAY)] == ["there"]
    assert [one.ref for one in convening_book.open_sittings(rows.connection, ["45"], TUESDAY)] == ["b", "c", "d", "f"]


def test_a_slot_is_taken_by_a_live_case_of_the_sitting(rows):
    first, second, *_ = convening_book.open_sittings(rows.connection, ["45"], TUESDAY)
    for number, (sitting, ended) in enumerate(((first, {}), (first, MOVED), (second, {}))):
        rows.convening(number, sitting.id, slot=number, **ended)
    assert [one.slots for one in convening_book.open_sittings(rows.connection, ["45"], TUESDAY)] == [(0,), (2,), (), ()]


def test_a_reference_is_used_up_from_its_day_unless_it_was_planned_too_early(rows):
    for ref, force, given in (
        ("45-london-2026-03-17", "45", {}), ("45-london-2026-03-16", "45", {}), ("46-london-2026-03-18", "46", {}),
        ("45-london-2026-03-19", "45", {"undoing_id": rows.undoing(), "cancelled_on": TUESDAY}),
        ("45-london-2026-03-20", "45", {"cancelled_on": TUESDAY}),
    ):  # fmt: skip
        rows.sitting(ref, TUESDAY, force, f"Area {ref}", **given)
    found = sittings.refs_from(rows.connection, "45", TUESDAY)
    assert found == {"45-london-2026-03-17", "45-london-2026-03-20"}


def test_a_sitting_that_is_cancelled_or_amended_leaves_the_others(rows):
    first, second, *others = sittings.to_come(rows.connection, "45", TUESDAY)
    sittings.cancel(rows.connection, [first.id], TUESDAY)
    sittings.amend(rows.connection, [second._replace(terms=second.terms._replace(places=9))])
    assert sittings.to_come(rows.connection, "45", TUESDAY) == [
        second._replace(terms=second.terms._replace(places=9)), *others,
    ]  # fmt: skip


def test_a_sitting_that_was_planned_too_early_is_planned_again_and_one_that_is_there_is_not(rows):
    undoing = rows.undoing()
    again, other = (rows.sitting(ref, TOMORROW, "47", undoing_id=undoing, cancelled_on=TUESDAY) for ref in "xy")
    (there,) = sittings.to_come(rows.connection, "46", TUESDAY)

    def planned(ref: str, hour: int) -> sittings.NewSitting:
        at = datetime(2026, 3, 18, hour, tzinfo=UTC)
        return sittings.NewSitting(ref, "47", "South East", TOMORROW, at, there.terms, "rule", TOMORROW)

    made = sittings.make(rows.connection, [planned("x", 10), planned("there", 11), planned("z", 12)])
    assert sorted(made) == ["x", "z"]
    found = sittings.to_come(rows.connection, "47", TUESDAY)
    assert [(one.ref, one.id == again) for one in found] == [("x", True), ("z", False)]
    assert other not in {one.id for one in found}
    assert sittings.to_come(rows.connection, "46", TUESDAY) == [there]
