"""The statements of the list of sittings: which cases and which sittings are on it, and in which order."""

from datetime import date, timedelta

import pytest

from models.queries.reviews import sitting_list
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows

WEEK = TUESDAY + timedelta(days=7)


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def listed(rows, force: str | None = "45") -> dict[str, tuple[str | None, date, date | None]]:
    found = sitting_list.lines(rows.connection, force, WEEK, TUESDAY)
    assert len(found) == len({one.due.case_ref for one in found})
    return {one.due.case_ref: (one.sitting_ref, one.due_on, one.deadline_on) for one in found}


def test_a_line_is_a_review_that_is_due_by_the_day_or_a_case_that_is_convened(rows):
    over = {"ended_on": TUESDAY, "end_reason": "met"}
    for ref, days, given in (
        ("due", 7, {}),
        ("later", 8, {}),
        ("over", 1, over),
        ("other", 1, {"rule": "no-progress"}),
    ):
        rows.owes(rows.case_of(ref), TUESDAY + timedelta(days=days), **given)
    assert listed(rows) == {"due": (None, WEEK, None)}
    sits = rows.sitting("sits", TUESDAY + timedelta(days=2), area="London")
    convened, moved = rows.case_of("convened"), rows.case_of("moved")
    rows.owes(convened, WEEK + timedelta(days=30))
    rows.owes(convened, WEEK, rule="no-progress")
    rows.owes(convened, WEEK, subject="before", ended_on=TUESDAY, end_reason="met")
    rows.convening(convened, sits, due_on=WEEK, deadline_on=WEEK + timedelta(days=9))
    rows.convening(rows.case_of("unowed"), sits, slot=1, due_on=TUESDAY)
    rows.convening(moved, sits, slot=2, ended_on=TUESDAY, end="moved")
    rows.owes(moved, TUESDAY)
    assert listed(rows) == {
        "due": (None, WEEK, None),
        "convened": ("sits", WEEK + timedelta(days=30), WEEK + timedelta(days=9)),
        "unowed": ("sits", TUESDAY, TUESDAY),
        "moved": (None, TUESDAY, None),
    }
    areas = {one.due.case_ref: one.cps_area for one in sitting_list.lines(rows.connection, None, WEEK, TUESDAY)}
    assert areas == {"due": "South East", "convened": "London", "unowed": "London", "moved": "South East"}


def test_the_list_of_one_force_has_neither_the_reviews_nor_the_sittings_of_another(rows):
    for force in ("45", "46"):
        rows.owes(rows.case_of(f"due-{force}", force), WEEK, force)
        sits = rows.sitting(f"sits-{force}", WEEK, force)
        rows.convening(rows.case_of(f"convened-{force}", force), sits)
    assert set(listed(rows)) == {"due-45", "convened-45"}
    assert set(listed(rows, None)) == {"due-45", "convened-45", "due-46", "convened-46"}
    refs = [one.ref for one in sitting_list.to_come(rows.connection, "46", TUESDAY)]
    assert refs == ["sits-46"]


def test_the_sittings_to_come_are_in_order_from_today_with_their_live_cases(rows):
    for ref, days, gone in (("c", 3, None), ("b", 0, None), ("gone", 1, TUESDAY), ("past", -1, None), ("d", 1, None)):
        rows.sitting(ref, TUESDAY + timedelta(days=days), cancelled_on=gone)
    full = rows.sitting("a", TUESDAY + timedelta(days=3), "46")
    for number, ended in enumerate((None, TUESDAY, None)):
        rows.convening(number, full, slot=number, ended_on=ended, end=ended and "moved")
    found = sitting_list.to_come(rows.connection, None, TUESDAY)
    assert [(one.ref, one.taken) for one in found] == [("b", 0), ("d", 0), ("a", 2), ("c", 0)]
