"""The statements of convening: which due reviews are looked at, which places end, and what is looked at again."""

from datetime import date, timedelta

from sqlalchemy import select

from config.sittings import ConveningEnd, ConveningReason
from models.audit import AuditRow
from models.cases import Case
from models.obligations import Obligation
from models.queries.reviews import convening_book, convenings
from models.rules.reviews.convening_book import ConveningBook, EndedPlace, GivenPlace, KeptPlace, PairHorizon
from tests.worlds.rows import TUESDAY

OVER = {"ended_on": TUESDAY, "end_reason": "met"}
MOVED = {"ended_on": TUESDAY, "end": "moved"}


def ahead(days: int) -> date:
    return TUESDAY + timedelta(days=days)


HORIZON = PairHorizon("45", "South East", ahead(20))


def book(rows, *pairs: PairHorizon, before: int = -99) -> ConveningBook:
    """What is read of Surrey, where the outcome of sittings before a day is overdue."""
    return convening_book.read(rows.connection, pairs, {"45": ahead(before)}, TUESDAY)


def over(rows, *pairs: PairHorizon, before: int = -99) -> dict[str, str]:
    """The cases whose places end, whatever is decided, and why."""
    ends = {place.case_id: place.end for place in book(rows, *pairs, before=before).over}
    return {ref: ends[case_id] for case_id, ref in rows.found(select(Case.id, Case.case_ref)) if case_id in ends}


def due(rows, ref: str, days: int, area: str = "South East", force: str = "45", **given) -> int:
    case_id = rows.case_of(ref, force, area)
    rows.owes(case_id, ahead(days), force, **given)
    return case_id


def sits(rows, case_id: int, sitting: int, due_in: int, deadline: int = 30, **given) -> int:
    days = {"due_on": ahead(due_in), "deadline_on": ahead(deadline), "slot": case_id}
    return rows.convening(case_id, sitting, **days | given)


def test_a_due_review_is_looked_at_where_it_sits_nowhere_or_its_place_may_have_to_change(rows):
    near, far, today, full = (
        rows.sitting(ref, ahead(days), places=places)
        for ref, days, places in (("near", 7, 9), ("far", 14, 9), ("today", 0, 9), ("full", 8, 0))
    )
    london = rows.sitting("london", ahead(7), area="London")
    for ref, due_in, sitting, given in (
        ("well", 9, near, {"deadline": 9}), ("sooner", 7, near, {"deadline": 9}),
        ("again", 9, near, {"due_in": 8, "chosen_by": "sp1"}), ("full", 9, full, {}),
        ("astray", 9, london, {}),
        ("earlier", 9, far, {}), ("not-before", 14, far, {"deadline": 14}), ("deadline", 9, far, {"deadline": 9}),
        ("today", 9, today, {"due_in": 8}), ("beyond", 21, None, {}), ("last", 20, None, {}), ("moved", 9, near, MOVED),
    ):  # fmt: skip
        case_id = due(rows, ref, due_in)
        if sitting is not None:
            sits(rows, case_id, sitting, **{"due_in": due_in} | given)
    due(rows, "over", 9, **OVER)
    due(rows, "other-rule", 9, rule="no-progress")
    due(rows, "there", 9, force="46")
    due(rows, "elsewhere", 9, area="London")
    found = book(rows, HORIZON).due
    refs = {one.due.case_ref for one in found}
    assert refs == {"sooner", "again", "full", "astray", "earlier", "deadline", "last", "moved"}
    assert [one.due.case_ref for one in found if one.due.held and one.due.held.chosen] == ["again"]
    held = {one.due.case_ref: one.due.held and one.due.held.sitting for one in found}
    assert held == {
        "sooner": "near", "again": "near", "full": "full", "astray": "london", "earlier": "far", "deadline": "far",
        "last": None, "moved": None,
    }  # fmt: skip
    every = {one.due.case_ref for one in convening_book.all_due(rows.connection, HORIZON, TUESDAY)}
    assert every == refs | {"well", "not-before"}


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
    ends = over(rows, HORIZON)
    assert set(ends) == {"beyond", "over", "other-rule", "elsewhere", "nothing"}
    assert set(ends.values()) == {"not_owed"}


def logged(rows) -> list[tuple]:
    """What the audit log has of convenings: case, reason and sitting."""
    return rows.found(select(AuditRow.ref, AuditRow.reason, AuditRow.detail["sitting"].astext).order_by(AuditRow.id))


def test_a_case_gets_its_place_once_and_the_log_says_which(rows):
    first, second = rows.sitting("first", ahead(1)), rows.sitting("second", ahead(2))
    cases = [rows.case_of(ref) for ref in ("one", "two", "there")]
    sits(rows, cases[2], first, 5)
    places = zip(cases, (second, first, second), (None, "sp1", None), strict=True)
    new = [
        GivenPlace(case_id, sitting, slot, ahead(5), ahead(6), ConveningReason.DUE, chosen)
        for slot, (case_id, sitting, chosen) in enumerate(places)
    ]
    convenings.begin(rows.connection, new, TUESDAY)
    assert sorted(logged(rows)) == [("45/one", "due", "second"), ("45/two", "due", "first")]
    assert sorted(convenings.cases_at(rows.connection, [first, second])) == cases


def test_a_late_case_is_looked_at_where_its_pair_has_room_before_its_sitting(rows):
    def late(ref: str, area: str, deadline: int = 8, **given) -> None:
        at = rows.sitting(f"{ref}-{area}", ahead(9), area=area, places=1)
        sits(rows, due(rows, ref, deadline, area), at, deadline, deadline, **given)

    for ref, area, given in (
        ("late", "A", {}), ("in-time", "B", {"deadline": 9}), ("chosen", "C", {"chosen_by": "sp1"}), ("full", "D", {}),
        ("none", "E", {}),
    ):  # fmt: skip
        late(ref, area, **given)
    for area in "ABC":
        rows.sitting(f"room-{area}", ahead(5), area=area)
    sits(rows, rows.case_of("taken", area="D"), rows.sitting("room-D", ahead(5), area="D", places=1), 5, 5)
    pairs = [PairHorizon("45", area, ahead(20)) for area in "ABCDE"]
    rows.owes(rows.connection.scalar(select(Case.id).where(Case.case_ref == "taken")), ahead(5))
    assert {review.due.case_ref for review in book(rows, *pairs).due} == {"late"}


def test_a_place_is_over_before_the_day_that_is_asked_about_and_under_a_barred_chair_from_today(rows):
    past, day, today, to_come = (
        rows.sitting(ref, ahead(days)) for ref, days in (("past", -2), ("day", -1), ("today", 0), ("to-come", 1))
    )
    there = rows.sitting("there", ahead(-2), "46")
    for ref, sitting, given in (
        ("past", past, {}), ("ended", past, MOVED), ("day", day, {}), ("there", there, {}),
    ):  # fmt: skip
        sits(rows, rows.case_of(ref), sitting, 5, **given)
    for ref, sitting, barred in (
        ("barred-today", today, "chair"), ("barred", to_come, "chair"), ("barred-yesterday", day, "chair"),
        ("free", today, "other"),
    ):  # fmt: skip
        sits(rows, rows.case_of(ref, barred_refs=[barred]), sitting, 5)
    assert over(rows, before=-1) == {"past": "unrecorded", "barred-today": "barred", "barred": "barred"}


def test_a_place_that_is_over_is_free_and_its_case_sits_nowhere(rows):
    at = rows.sitting("at", ahead(1))
    case_id = due(rows, "barred", 5)
    rows.say_of(case_id, barred_refs=["chair"])
    sits(rows, case_id, at, 5, ended_on=ahead(-1), end="not_held")
    sits(rows, case_id, at, 5)
    read = book(rows, HORIZON)
    assert [sitting.slots for sitting in read.sittings] == [()]
    assert [(review.due.held, review.sitting_id) for review in read.due] == [(None, None)]


def test_a_review_has_the_end_of_the_last_convening_since_the_review_before_it(rows):
    sits_at = rows.sitting("sits", ahead(-20))
    for ref, done_on, ends in (
        ("since", ahead(-7), (("moved", -6), ("not_held", -7), ("void", -5))),
        ("before", ahead(-7), (("not_held", -8),)), ("first", None, (("unrecorded", -9),)),
        ("void", None, (("void", -9),)), ("never", None, ()),
    ):  # fmt: skip
        case_id = due(rows, ref, 5, done_on=done_on)
        for end, days in ends:
            sits(rows, case_id, sits_at, 5, ended_on=ahead(days), end=end)
    assert {review.due.case_ref: review.grounds.end for review in book(rows, HORIZON).due} == {
        "since": "not_held", "before": None, "first": "unrecorded", "void": None, "never": None,
    }  # fmt: skip


def test_the_breaches_of_a_review_that_falls_due_earlier_are_those_of_the_case_its_urn_and_its_linked_cases(rows):
    shared, at = rows.urn("45ZZ0000126"), rows.sitting("at", ahead(9), places=9)
    cases = {ref: due(rows, ref, 5) for ref in ("earlier", "as-before", "alone")}
    linked, other = rows.case_of("linked", urn_key_id=shared), rows.case_of("other")
    for ref, was_due in (("earlier", 9), ("as-before", 5), ("alone", 9)):
        sits(rows, cases[ref], at, was_due, 4)
    rows.say_of(cases["earlier"], urn_key_id=shared)
    for ref, key, days, given in (
        ("I1", cases["earlier"], 1, {}), ("I2", linked, 2, {}), ("I3", shared, 3, {}), ("I4", other, 4, {}),
        ("I5", cases["earlier"], 5, {"breach": False}), ("I6", cases["earlier"], 6, {"withdrawn_on": TUESDAY}),
        ("I7", cases["as-before"], 7, {}), ("I8", cases["alone"], 8, {}),
    ):  # fmt: skip
        rows.incident(ref, key, ahead(days), **given)
    found = convening_book.all_due(rows.connection, HORIZON, TUESDAY)
    assert {review.due.case_ref: review.grounds.breaches for review in found} == {
        "earlier": {ahead(1), ahead(2), ahead(3)}, "as-before": set(), "alone": {ahead(8)},
    }  # fmt: skip
    assert {review.due.case_ref: len(review.grounds.because) for review in found} == {
        "earlier": 1, "as-before": 0, "alone": 1,
    }  # fmt: skip


def test_slots_and_cases_of_a_sitting_are_those_of_its_live_convenings(rows):
    first, second, third = (rows.sitting(ref, ahead(days)) for days, ref in enumerate(("a", "b", "c"), start=1))
    for case_id, sitting, given in ((101, first, {}), (102, first, MOVED), (103, second, {}), (104, third, {})):
        sits(rows, case_id, sitting, 5, **given)
    assert convenings.slots(rows.connection, [first]) == {first: [101]}
    assert convenings.cases_at(rows.connection, [first]) == [101]


def test_a_case_keeps_its_place_under_other_days_or_loses_it_and_the_log_says_why(rows):
    at = rows.sitting("at", ahead(1))
    case_id, before = rows.case_of("kept"), rows.case_of("bystander")
    ended = sits(rows, case_id, at, 5, **MOVED)
    kept, bystander = sits(rows, case_id, at, 5), sits(rows, before, at, 5)
    convenings.reschedule(rows.connection, [KeptPlace(case_id, ahead(3), ahead(4))])
    days = {convening: rows.days_of(convening) for convening in (kept, ended, bystander)}
    assert days == {kept: (ahead(3), ahead(4)), ended: (ahead(5), ahead(30)), bystander: (ahead(5), ahead(30))}
    convenings.end(rows.connection, [EndedPlace(case_id, ConveningEnd.BARRED)], TUESDAY)
    assert {convening: end for convening, (end, _) in rows.ends().items()} == {
        ended: "moved", kept: "barred", bystander: None,
    }  # fmt: skip
    assert logged(rows) == [("45/kept", "barred", "at")]


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
