"""The statements of a settled sitting: which sittings are to be settled, and their cases."""

from datetime import date, timedelta

from models.queries.reviews import convenings, minutes, sittings
from models.rules.reviews.convening_book import SittingAhead
from models.sittings import SittingRow
from tests.worlds.rows import TUESDAY

TOMORROW = TUESDAY + timedelta(days=1)
MOVED = {"ended_on": TUESDAY, "end": "moved"}
SITTINGS = (  # reference, day, the sitting's columns, its case's columns
    ("plain", TOMORROW, {}, {}),
    ("again", TOMORROW, {}, {}),
    ("today", TUESDAY, {}, {}),
    ("gone", TOMORROW, {"cancelled_on": TUESDAY}, {}),
    ("settled", TOMORROW, {"settled_on": TUESDAY}, {}),
    ("left", TOMORROW, {}, MOVED),
    ("empty", TOMORROW, {}, None),
)


def awaiting(rows, force: str, today: date) -> list[SittingAhead]:
    return [sitting for sitting in sittings.ahead(rows.connection, [force], today) if sitting.awaits_minutes]


def test_a_sitting_to_come_with_a_case_is_settled_once(rows):
    ids = {}
    for number, (ref, day, given, convened) in enumerate(SITTINGS):
        ids[ref] = rows.sitting(ref, day, area=f"Area {number}", **given)
        if convened is not None:
            rows.convening(number, ids[ref], **convened)
    open_ = rows.sitting("open", TOMORROW, "46", "London")
    rows.convening(98, open_)
    rows.move_back(SittingRow, ids["plain"])
    assert [one.id for one in awaiting(rows, "45", TUESDAY)] == [ids["plain"], ids["again"]]
    assert [one.id for one in awaiting(rows, "46", TUESDAY)] == [open_]


def test_the_cases_of_sittings_are_by_sitting_and_slot_with_whether_they_failed_since_their_last_review(rows):
    first, second, third = (rows.sitting(f"s{day}", TUESDAY + timedelta(days=day)) for day in range(3))
    sat = [rows.sitting(f"sat-{day}", date(2026, 3, day)) for day in (3, 10)]
    names = ("good", "failed", "failed-before", "undone", "other")
    cases = {ref: rows.case_of(ref) for ref in names}
    for slot, ref in ((3, "failed"), (0, "good"), (2, "failed-before"), (1, "undone")):
        rows.convening(cases[ref], second, slot=slot)
    rows.convening(cases["other"], first)
    rows.convening(cases["good"], first, slot=1, **MOVED)
    rows.convening(rows.case_of("elsewhere"), third)
    for ref, at, came in (
        ("good", 1, {}), ("failed", 1, {"cps": False}), ("failed-before", 0, {"cps": False}),
        ("undone", 1, {"cps": False, "stands": False}),
    ):  # fmt: skip
        rows.outcome(rows.convening(cases[ref], sat[at], slot=cases[ref], ended_on=TUESDAY, end="not_held"), **came)
    rows.review("R1", cases["failed-before"], date(2026, 3, 3))
    rows.review("R2", cases["failed"], date(2026, 3, 9))
    found = minutes.convened(rows.connection, [second, first])
    assert [(one.sitting_id, one.case_id) for one in found] == [
        (first, cases["other"]), (second, cases["good"]), (second, cases["undone"]),
        (second, cases["failed-before"]), (second, cases["failed"]),
    ]  # fmt: skip
    assert [one.case_id for one in found if one.failed] == [cases["failed"]]
    assert found[0].reference == "45/other"


def test_the_days_of_a_case_are_those_of_its_live_obligations(rows):
    rows.owes(7, TUESDAY)
    rows.owes(7, TOMORROW, rule="no-progress")
    rows.owes(7, TUESDAY, rule="order-told", ended_on=TUESDAY, end_reason="met")
    rows.owes(8, TUESDAY)
    found = minutes.owed(rows.connection, [7])
    assert {case_id: sorted(one.due_on for one in days) for case_id, days in found.items()} == {7: [TUESDAY, TOMORROW]}


def test_minutes_are_given_anew_without_a_clash_and_the_sitting_is_settled(rows):
    sits, other = rows.sitting("sits", TOMORROW), rows.sitting("other", TUESDAY)
    made = [rows.convening(case_id, sits, slot=case_id) for case_id in range(3)]
    bystander = rows.convening(9, other, slot=5)
    minutes.settle(rows.connection, {sits: [made[2], made[0], made[1]]}, TUESDAY)
    assert rows.slots() == {made[2]: 0, made[0]: 1, made[1]: 2, bystander: 5}
    convenings.give(rows.connection, {made[1]: 7})
    assert rows.slots() == {made[2]: 0, made[0]: 1, made[1]: 7, bystander: 5}
    assert [one.day for one in awaiting(rows, "45", date(2026, 3, 1))] == [TUESDAY]


def test_a_case_that_bars_somebody_keeps_its_minutes_at_a_settled_sitting_while_they_are_behind_all_others(rows):
    settled, other = rows.sitting("settled", TOMORROW, settled_on=TUESDAY), rows.sitting("other", TUESDAY)
    apart, alone = (rows.case_of(ref, barred_refs=["K1"]) for ref in ("A", "B"))
    kept, moved = rows.convening(apart, settled, slot=3), rows.convening(alone, other, slot=3)
    here, there = (rows.convening(number, sitting) for number, sitting in ((90, settled), (91, other)))
    convenings.put_last(rows.connection, [settled, other])
    assert rows.slots() == {kept: 3, here: 0, moved: 1, there: 0}
    comes = rows.convening(92, settled, slot=4)
    convenings.put_last(rows.connection, [settled])
    assert rows.slots() == {kept: 5, comes: 4, here: 0, moved: 1, there: 0}
