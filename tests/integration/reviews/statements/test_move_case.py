"""The statements of moving a case: the case with its place, the sittings with room, and the last move."""

from datetime import UTC, datetime, timedelta

import pytest

from models.queries.reviews import move_case
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows

MOVED = {"ended_on": TUESDAY, "end": "moved"}


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def place(rows, case_ref: str, force: str = "45"):
    found = move_case.case(rows.connection, force, case_ref)
    return found and (found.case_id, found.due_on, found.sits_at, found.sits_on, found.chosen)


def test_a_case_has_its_live_review_and_its_live_place(rows):
    shared = rows.urn("45ZZ0000126")
    first, second, third = (rows.case_of(ref) for ref in ("M1", "M2", "M3"))
    elsewhere = rows.case_of("M1", "46", urn_key_id=shared)
    rows.owes(first, TUESDAY, ended_on=TUESDAY, end_reason="met")
    rows.owes(first, TUESDAY, rule="no-progress")
    rows.owes(second, TUESDAY + timedelta(days=9), version=2)
    sits = rows.sitting("sits", TUESDAY + timedelta(days=2))
    rows.convening(first, sits, slot=1, chosen_by="sp1", **MOVED)
    kept = rows.convening(second, sits, chosen_by="sp1")
    unchosen = rows.convening(third, sits, slot=1)
    for key, ref in ((first, "own"), (shared, "shared")):
        rows.prosecuted(key, ref)
    assert place(rows, "M1") == (first, None, None, None, False)
    assert place(rows, "M2") == (second, TUESDAY + timedelta(days=9), "sits", TUESDAY + timedelta(days=2), True)
    assert place(rows, "M3") == (third, None, "sits", TUESDAY + timedelta(days=2), False)
    move_case.record_choice(rows.connection, unchosen, "sp1")
    assert place(rows, "M3")[-1]
    assert place(rows, "M1", "46") == (elsewhere, None, None, None, False)
    assert place(rows, "M2", "46") is None
    assert move_case.live_convening(rows.connection, second) == kept
    assert move_case.live_convening(rows.connection, first) is None
    refs = {ref: move_case.case(rows.connection, force, ref).matter.prosecutor_ref
            for force, ref in (("45", "M1"), ("45", "M2"))}  # fmt: skip
    assert refs == {"M1": "own", "M2": None}
    assert move_case.case(rows.connection, "46", "M1").matter.prosecutor_ref == "shared"


def test_the_sittings_with_room_are_the_next_five_of_the_pair_in_order(rows):
    for ref, days in (("g", 7), ("b", 2), ("f", 6), ("c", 3), ("a", 1), ("e", 5), ("today", 0)):
        rows.sitting(ref, TUESDAY + timedelta(days=days))
    at_nine = datetime(2026, 3, 20, 9, tzinfo=UTC)
    rows.sitting("c-at-nine", TUESDAY + timedelta(days=3), starts_at=at_nine)
    rows.sitting("gone", TUESDAY + timedelta(days=1), cancelled_on=TUESDAY)
    rows.sitting("46", TUESDAY + timedelta(days=1), "46")
    rows.sitting("london", TUESDAY + timedelta(days=1), area="London")
    full = rows.sitting("full", TUESDAY + timedelta(days=4))
    busy = rows.sitting("busy", TUESDAY + timedelta(days=5), starts_at=at_nine + timedelta(days=2))
    for number, ended in enumerate(({}, {}, MOVED)):
        rows.convening(number, full, slot=number, **ended)
        rows.convening(number + 10, busy, slot=number, **ended or MOVED)
    assert move_case.with_room(rows.connection, "45", "South East", TUESDAY) == ["a", "b", "c-at-nine", "c", "busy"]
    assert [move_case.target(rows.connection, ref)[1].taken for ref in ("full", "busy", "a")] == [2, 0, 0]
    assert move_case.target(rows.connection, "none") is None
    assert move_case.target(rows.connection, "gone")[1].cancelled_on == TUESDAY


def test_the_last_move_is_by_the_last_act_with_the_place_that_was_left_for_it(rows):
    case_id, other = rows.case_of("M1"), rows.case_of("M2")
    first, second = rows.sitting("first", TUESDAY), rows.sitting("second", TUESDAY + timedelta(days=1))
    assert move_case.last_move(rows.connection, case_id) is None
    rows.convening(case_id, second, chosen_by="of1", **MOVED)
    rows.convening(case_id, first, because="unrecorded", chosen_by="of2", **MOVED)
    rows.convening(other, first, slot=1, **MOVED)
    chosen = rows.convening(case_id, second, slot=1, because="chosen", chosen_by="sp1", convened_on=TUESDAY)
    rows.act(case_id, convening_id=chosen)
    rows.act(other, convening_id=rows.convening(other, first, slot=1))
    found = move_case.last_move(rows.connection, case_id)
    assert (found.convening_id, found.sitting, found.live, found.by_ref, found.taken_back) == (
        chosen, "second", True, "sp1", False,
    )  # fmt: skip
    assert (found.before, found.before_because, found.before_chosen_by) == ("first", "unrecorded", "of2")
    other_move = move_case.last_move(rows.connection, other)
    assert (other_move.by_ref, other_move.before) == ("sp1", None)  # it kept the place that it had
    rows.act(case_id, convening_id=chosen, undoes=True)
    assert move_case.last_move(rows.connection, case_id).taken_back
    for number, (before, own) in enumerate((
        ({"end": "unrecorded"}, {}), ({"ended_on": TUESDAY - timedelta(days=1)}, {}), ({}, {"because": "due"}),
    )):  # fmt: skip
        one = rows.case_of(f"N{number}")
        rows.convening(one, first, slot=5 + number, **{**MOVED, **before})
        moved = {"because": "chosen", "convened_on": TUESDAY, **MOVED, **own}
        rows.act(one, convening_id=rows.convening(one, second, slot=5 + number, **moved))
        last = move_case.last_move(rows.connection, one)
        assert (last.before, last.live) == (None, False)
