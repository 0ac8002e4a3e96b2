"""The statements of convening: which due reviews are looked at, which places end, and what is looked at again."""

from datetime import date, timedelta

from sqlalchemy import select

from config.sittings import ConveningReason
from models.audit import AuditRow
from models.cases import Case
from models.obligations import Obligation
from models.queries.reviews import barred_chairs, convening_ends, convenings
from models.queries.reviews.convenings import PairHorizon
from tests.worlds.rows import TUESDAY

OVER = {"ended_on": TUESDAY, "end_reason": "met"}
MOVED = {"ended_on": TUESDAY, "end": "moved"}


def ahead(days: int) -> date:
    return TUESDAY + timedelta(days=days)


HORIZON = PairHorizon("45", "South East", ahead(20), ahead(7))


def due(rows, ref: str, days: int, area: str = "South East", force: str = "45", **given) -> int:
    case_id = rows.case_of(ref, force, area)
    rows.owes(case_id, ahead(days), force, **given)
    return case_id


def sits(rows, case_id: int, sitting: int, due_in: int, deadline: int = 30, **given) -> int:
    days = {"due_on": ahead(due_in), "deadline_on": ahead(deadline), "slot": case_id}
    return rows.convening(case_id, sitting, **days | given)


def test_a_due_review_is_looked_at_where_it_sits_nowhere_or_its_place_may_have_to_change(rows):
    near, far, today, full = (
        rows.sitting(ref, ahead(days)) for ref, days in (("near", 7), ("far", 14), ("today", 0), ("full", 8))
    )
    london = rows.sitting("london", ahead(7), area="London")
    for ref, due_in, sitting, given in (
        ("well", 9, near, {}), ("anew", 9, near, {"due_in": 8, "chosen_by": "sp1"}), ("full", 9, full, {}),
        ("astray", 9, london, {}),
        ("earlier", 9, far, {}), ("not-before", 14, far, {}), ("deadline", 9, far, {"deadline": 9}),
        ("today", 9, today, {"due_in": 8}), ("beyond", 21, None, {}), ("last", 20, None, {}), ("moved", 9, near, MOVED),
    ):  # fmt: skip
        case_id = due(rows, ref, due_in)
        if sitting is not None:
            sits(rows, case_id, sitting, **{"due_in": due_in} | given)
    due(rows, "over", 9, **OVER)
    due(rows, "other-rule", 9, rule="no-progress")
    due(rows, "there", 9, force="46")
    due(rows, "elsewhere", 9, area="London")
    found = convenings.misplaced(rows.connection, [HORIZON], [full], TUESDAY)
    refs = {one.due.case_ref for one in found}
    assert refs == {"anew", "full", "astray", "earlier", "last", "moved"}
    assert [one.due.case_ref for one in found if one.due.held and one.due.held.chosen] == ["anew"]
    held = {one.due.case_ref: one.due.held and one.due.held.sitting for one in found}
    assert held == {
        "anew": "near", "full": "full", "astray": "london", "earlier": "far", "last": None, "moved": None,
    }  # fmt: skip
    every = {one.due.case_ref for one in convenings.all_due(rows.connection, HORIZON, TUESDAY)}
    assert every == refs | {"well", "not-before", "deadline"}


def test_a_place_to_come_ends_where_its_case_owes_no_review_within_the_horizon(rows):
    to_come, today = rows.sitting("to-come", ahead(1)), rows.sitting("today", TUESDAY)
    for ref in ("owes", "beyond", "over", "other-rule", "elsewhere", "today"):
        given = OVER if ref == "over" else {"rule": "action"} if ref == "other-rule" else {}
        area = "London" if ref == "elsewhere" else "South East"
        case_id = due(rows, ref, 21 if ref == "beyond" else 20, area, **given)
        sits(rows, case_id, today if ref == "today" else to_come, 20)
    sits(rows, rows.case_of("nothing"), to_come, 20)
    sits(rows, rows.case_of("nothing-today"), today, 20)
    there = rows.case_of("there", "46")
    sits(rows, there, rows.sitting("there", ahead(1), "46"), 20)
    ended = convening_ends.end_not_owed(rows.connection, ["45"], [HORIZON], TUESDAY)
    assert names(rows, ended) == {"beyond", "over", "other-rule", "elsewhere", "nothing"}
    assert {end for end, _ in rows.ends().values()} == {None, "not_owed"}


def logged(rows) -> list[tuple]:
    """What the audit log has of convenings: case, reason and sitting."""
    return rows.found(select(AuditRow.ref, AuditRow.reason, AuditRow.detail["sitting"].astext).order_by(AuditRow.id))


def test_a_case_gets_its_place_once_and_the_log_says_which(rows):
    first, second = rows.sitting("first", ahead(1)), rows.sitting("second", ahead(2))
    cases = [rows.case_of(ref) for ref in ("one", "two", "there")]
    sits(rows, cases[2], first, 5)
    places = zip(cases, (second, first, second), (None, "sp1", None), strict=True)
    new = [
        convenings.NewConvening(case_id, sitting, slot, ahead(5), ahead(6), ConveningReason.DUE, chosen)
        for slot, (case_id, sitting, chosen) in enumerate(places)
    ]
    convenings.begin(rows.connection, new, TUESDAY)
    assert sorted(logged(rows)) == [("45/one", "due", "second"), ("45/two", "due", "first")]
    assert sorted(convenings.cases_at(rows.connection, [first, second])) == cases


def names(rows, case_ids) -> set[str]:
    return set(rows.connection.scalars(select(Case.case_ref).where(Case.id.in_(case_ids))))


def test_a_place_after_its_deadline_ends_where_an_earlier_sitting_of_the_pair_has_room(rows):
    def late(ref: str, area: str, days: int = 9, force: str = "45", deadline: int = 8, **given) -> None:
        case_id = rows.case_of(ref, force, area, barred_refs=given.pop("barred_refs", []))
        late_at = rows.sitting(f"{ref}-{area}", ahead(days), force, area)
        sits(rows, case_id, late_at, 5, deadline, **given)

    late("late", "A")
    late("in-time", "B", deadline=9)
    late("chosen", "C", chosen_by="sp1")
    late("barred", "D", barred_refs=["chair"])
    late("free", "E", barred_refs=["nobody"])
    for ref, area in (("full", "F"), ("today", "G"), ("cancelled", "H"), ("elsewhere", "I"), ("none", "J")):
        late(ref, area)
    for ref, area in (("barred-elsewhere", "K"), ("barred-today", "M"), ("room-left", "N")):
        late(ref, area, barred_refs=["another"])
    rows.sitting("another-L", ahead(2), area="L", chair_ref="another")
    rows.sitting("another-M", TUESDAY, area="M", chair_ref="another")
    left = rows.sitting("room-N", ahead(2), area="N", places=1)
    sits(rows, rows.case_of("left", area="N"), left, 5, **MOVED)
    late("there", "A", force="46")
    late("moved", "A", 10, **MOVED)
    for area in "ABCDEKM":
        rows.sitting(f"room-{area}", ahead(2), area=area)
    full = rows.sitting("room-F", ahead(2), area="F", places=1)
    sits(rows, rows.case_of("taken", area="F"), full, 5)
    rows.sitting("room-G", TUESDAY, area="G")
    rows.sitting("room-H", ahead(2), area="H", cancelled_on=TUESDAY)
    rows.sitting("room-I", ahead(2), "46", "I")
    assert names(rows, convening_ends.end_late(rows.connection, ["45"], TUESDAY)) == {
        "late", "free", "barred-elsewhere", "barred-today", "room-left",
    }  # fmt: skip


def test_a_place_ends_before_the_day_that_is_asked_about_at_its_sitting_or_under_a_barred_chair(rows):
    past, day, to_come = (rows.sitting(ref, ahead(days)) for ref, days in (("past", -2), ("day", -1), ("to-come", 1)))
    there = rows.sitting("there", ahead(-2), "46")
    for ref, sitting, given in (
        ("past", past, {}), ("over", past, MOVED), ("day", day, {}), ("there", there, {}), ("to-come", to_come, {}),
    ):  # fmt: skip
        sits(rows, rows.case_of(ref), sitting, 5, **given)
    assert names(rows, convening_ends.end_unrecorded(rows.connection, {"45": ahead(-1)}, TUESDAY)) == {"past"}
    assert names(rows, convening_ends.end_at(rows.connection, [to_come], TUESDAY)) == {"to-come"}
    assert logged(rows) == [("45/past", "unrecorded", "past"), ("45/to-come", "cancelled", "to-come")]
    today, before = rows.sitting("today", TUESDAY), rows.sitting("before", ahead(-3))
    for ref, sitting, barred in (
        ("barred-today", today, ["chair"]), ("barred-past", before, ["chair"]), ("free", today, ["other"]),
    ):  # fmt: skip
        sits(rows, rows.case_of(ref, barred_refs=barred), sitting, 5)
    assert names(rows, barred_chairs.end_barred(rows.connection, ["45"], TUESDAY)) == {"barred-today"}


def test_slots_and_cases_of_a_sitting_are_those_of_its_live_convenings(rows):
    first, second, third = (rows.sitting(ref, ahead(days)) for days, ref in enumerate(("a", "b", "c"), start=1))
    for case_id, sitting, given in ((101, first, {}), (102, first, MOVED), (103, second, {}), (104, third, {})):
        sits(rows, case_id, sitting, 5, **given)
    assert convenings.slots(rows.connection, [first]) == {first: [101]}
    assert convenings.cases_at(rows.connection, [first]) == [101]
    kept = convenings.KeptConvening(rows.convening(rows.case_of("kept"), first, slot=9), ahead(3), ahead(4))
    convenings.reschedule(rows.connection, [kept])
    assert rows.days_of(kept.convening_id) == (ahead(3), ahead(4))
    assert sum(rows.days_of(one) == (ahead(3), ahead(4)) for one in rows.ends()) == 1
    convening_ends.end_moved(rows.connection, [kept.convening_id], TUESDAY)
    assert [end for end, _ in rows.ends().values()].count("moved") == 2


def test_a_case_whose_sitting_changed_is_looked_at_again_with_its_review(rows):
    ids = {}
    for ref, given in (
        ("later", {"next_step_on": ahead(3)}), ("none", {}), ("earlier", {"next_step_on": ahead(-1)}),
        ("other-rule", {"rule": "no-progress"}), ("over", OVER), ("bystander", {}),
    ):  # fmt: skip
        ids[ref] = due(rows, ref, 5, **given)
        rows.say_of(ids[ref], projection="failed", failure="x1")
    convenings.look_again(rows.connection, [], TUESDAY)
    convenings.look_again(rows.connection, [ids["later"]], TUESDAY)
    convenings.look_again(rows.connection, [ids[ref] for ref in ids if ref != "bystander"], TUESDAY)
    waiting = select(Case.case_ref).where(Case.projection == "changed", Case.failure.is_(None))
    assert set(rows.connection.scalars(waiting)) == set(ids) - {"bystander"}
    found = select(Case.case_ref, Obligation.next_step_on).join(Obligation, Obligation.case_id == Case.id)
    assert dict(rows.found(found)) == {
        "later": TUESDAY, "none": TUESDAY, "earlier": ahead(-1), "other-rule": None, "over": None, "bystander": None,
    }  # fmt: skip


def test_only_the_cases_that_are_named_are_looked_at_again(rows):
    ids = {ref: due(rows, ref, 5, next_step_on=ahead(3)) for ref in ("named", "bystander")}
    for case_id in ids.values():
        rows.say_of(case_id, projection="evaluated")
    convenings.look_again(rows.connection, [ids["named"]], TUESDAY)
    found = select(Case.case_ref, Obligation.next_step_on).join(Obligation, Obligation.case_id == Case.id)
    assert dict(rows.found(found)) == {"named": TUESDAY, "bystander": ahead(3)}
    assert set(rows.connection.scalars(select(Case.case_ref).where(Case.projection == "changed"))) == {"named"}
