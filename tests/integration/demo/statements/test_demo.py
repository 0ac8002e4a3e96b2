"""The statements of the demo: what was notified, what stalls, who sits where, and its figures."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.queries import demo
from models.queries.demo import CaseAtSitting, CaseToMove, LongStalledCase, NotifiedStep, ReplyEffect, ReviewTotals
from models.replies import Reply
from tests.integration.outbox_world import AT_NINE, TUESDAY
from tests.integration.review_rows import ReviewRows

MONDAY, WEDNESDAY, FRIDAY = date(2026, 3, 16), date(2026, 3, 18), date(2026, 3, 20)
OVER = {"ended_on": TUESDAY, "end_reason": "met"}
MOVED = {"ended_on": TUESDAY, "end": "moved"}


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def replied(rows, identity: str, obligation_id: int | None, answered: str, **given) -> None:
    ordinary = {"day": TUESDAY, "read_at": AT_NINE, "contact_ref": "of1", "in_reply_to": identity}
    rows.add(Reply, identity=identity, obligation_id=obligation_id, answered=answered, **ordinary | given)


def test_a_step_that_was_notified_on_the_day_is_there_once(rows):
    one, two = (rows.owes(rows.case_of(ref), TUESDAY) for ref in ("a", "b"))
    for obligation, ref, given in (
        (one, "of1", {}), (one, "of2", {}), (one, "of1", {"step": 2}), (one, "of1", {"step": 4, "day": MONDAY}),
        (one, "of1", {"step": 5, "happening": "resolved"}), (two, "of1", {}),
    ):  # fmt: skip
        rows.notification(obligation, None, ref, **given)
    found = demo.notified_on(rows.connection, TUESDAY)
    assert sorted(found) == [
        NotifiedStep(ref, "joint-review", "case", step) for ref, step in (("a", 2), ("a", 3), ("b", 3))
    ]


def test_a_case_is_stalled_since_its_first_day_and_the_longest_comes_first(rows):
    def stalls(ref: str, *days: int, force: str = "45", due: int | None = None, **given) -> None:
        case_id = rows.case_of(ref, force, supervisor_ref=f"su-{ref}")
        for number, one in enumerate(days):
            escalate_on = TUESDAY - timedelta(days=one)
            due_on = escalate_on - timedelta(days=1) if due is None else TUESDAY - timedelta(days=due)
            rows.owes(case_id, due_on, force, escalate_on=escalate_on, subject=f"order:{number}", **given)

    stalls("b", 3, 9, 5)
    stalls("a", 3)
    stalls("c", 3)
    stalls("there", 3, force="43")
    stalls("over", 9, **OVER)
    stalls("quiet", 9, stalls=False)
    stalls("tomorrow", -1)
    stalls("at-once", 2, due=2)
    stalls("today", 0, due=0)
    stalls("due-later-but-escalated", 0, due=1)
    found = demo.stalled_on(rows.connection, TUESDAY, "45")
    assert [(one.force_code, one.case_ref, one.obligations) for one in found] == [
        ("45", "b", 3), ("45", "a", 1), ("45", "c", 1), ("45", "at-once", 1),
        ("45", "due-later-but-escalated", 1),
    ]  # fmt: skip
    assert [one.case_ref for one in demo.stalled_on(rows.connection, TUESDAY, "43")] == ["there"]
    assert found[0] == LongStalledCase("45", "b", "su-b", TUESDAY - timedelta(days=9), 3)


def test_the_open_cases_are_not_finalised(rows):
    for ref, given in (("a", {}), ("b", {}), ("c", {"finalised_on": TUESDAY})):
        rows.case_of(ref, **given)
    rows.case_of("d", "43")
    assert [demo.open_cases(rows.connection, force) for force in ("45", "43")] == [2, 1]


def test_the_cases_at_a_days_sittings_are_convened_there_now(rows):
    cases = [rows.case_of(f"c{number}") for number in range(5)]
    for case_id, (ref, day, given, convened) in zip(cases, (
        ("sits", TUESDAY, {}, {}), ("other-day", WEDNESDAY, {}, {}), ("gone", TUESDAY, {"cancelled_on": MONDAY}, {}),
        ("left", TUESDAY, {}, MOVED), ("sits-too", TUESDAY, {"chair_ref": "other"}, {}),
    ), strict=True):  # fmt: skip
        rows.convening(case_id, rows.sitting(ref, day, area=ref, **given), **convened)
    assert sorted(demo.cases_at_sittings(rows.connection, TUESDAY, "45")) == [
        CaseAtSitting("sits", "c0", "chair"), CaseAtSitting("sits-too", "c4", "other"),
    ]  # fmt: skip
    assert demo.cases_at_sittings(rows.connection, TUESDAY, "43") == []


def test_a_case_of_standard_risk_can_move_to_the_first_sitting_with_room_before_its_own(rows):
    for ref, day, area, given in (
        ("c-full", WEDNESDAY, "A", {"places": 1}), ("second", date(2026, 3, 22), "A", {}),
        ("first", date(2026, 3, 21), "A", {"places": 1}), ("today", TUESDAY, "A", {}),
        ("gone", WEDNESDAY, "A", {"cancelled_on": MONDAY}), ("other", WEDNESDAY, "B", {}),
        ("own", date(2026, 3, 23), "A", {"places": 9}), ("later", date(2026, 3, 24), "A", {}),
    ):  # fmt: skip
        made = rows.sitting(ref, day, area=area, **given)
        if ref in {"c-full", "first", "second"}:
            rows.convening(rows.case_of(f"in-{ref}"), made, **(MOVED if ref == "first" else {}))
        if ref == "own":
            own = made
    rows.sitting("other-force", WEDNESDAY, "46", "A")
    for slot, (ref, risk, due_on, ended) in enumerate((
        ("z", "standard", TUESDAY, {}), ("b", "standard", WEDNESDAY, {}), ("a", "standard", WEDNESDAY, {}),
        ("high", "high", MONDAY, {}), ("left", "standard", MONDAY, MOVED),
    )):  # fmt: skip
        rows.convening(rows.case_of(ref, risk=risk, supervisor_ref="su1"), own, slot=slot, due_on=due_on, **ended)
    found = demo.movable_cases(rows.connection, TUESDAY, "45")
    assert found == [CaseToMove(ref, "first", "su1") for ref in ("z", "a", "b")]
    assert demo.movable_cases(rows.connection, date(2026, 3, 22), "45") == []
    assert demo.movable_cases(rows.connection, TUESDAY, "43") == []


def test_the_results_of_a_days_replies_are_in_the_order_of_reading(rows):
    one, two = (rows.owes(rows.case_of(ref), TUESDAY) for ref in ("a", "b"))
    for identity, obligation, answered, given in (
        ("r1", two, "promised", {"on_day": FRIDAY}), ("r2", one, "refused", {}),
        ("r3", one, "promised", {"day": MONDAY}), ("r4", None, "standing", {}),
        ("r5", rows.owes(None, TUESDAY), "refused", {}),
    ):  # fmt: skip
        replied(rows, identity, obligation, answered, **given)
    ((first,),) = rows.found(select(Reply.id).where(Reply.identity == "r1"))
    rows.move_back(Reply, first)
    found = demo.replied_on(rows.connection, TUESDAY)
    assert [(row.case_ref, row.answered, row.on) for row in found] == [
        ("b", "promised", FRIDAY),
        ("a", "refused", None),
    ]


def test_a_reply_had_its_effect_on_the_latest_version_of_its_obligation(rows):
    case_id = rows.case_of("a")
    first = rows.owes(case_id, TUESDAY, **OVER | {"end_reason": "moved"})
    rows.owes(case_id, FRIDAY, version=2)
    for given in ({"rule": "no-progress"}, {"subject": "order:1"}):
        rows.owes(case_id, MONDAY, version=9, **given)
    rows.owes(rows.case_of("b"), MONDAY, version=9)
    for until, ended in (
        (date(2026, 3, 23), {"ended_on": TUESDAY, "end": "renewed"}), (date(2026, 3, 24), {}),
    ):  # fmt: skip
        rows.promise(first, until_on=until, by_ref="of1", **ended)
    replied(rows, "promised", first, "promised")
    replied(rows, "promised-before", first, "promised", day=MONDAY)
    replied(rows, "of-another", first, "promised", contact_ref="of2")
    replied(rows, "asked", first, "standing")
    for ref, occasion in (("sp1", "of3"), (None, "of3"), ("sp2", "of3"), ("sp9", "of4")):
        rows.notification(first, None, ref, occasion=f"not mine:{occasion}")
    rows.notification(first, None, "sp1", occasion="not mine:of3", step=4)
    replied(rows, "passed", first, "passed on", contact_ref="of3")
    replied(rows, "not-passed", first, "refused", contact_ref="of3")
    ((read_first,),) = rows.found(select(Reply.id).where(Reply.identity == "promised"))
    rows.move_back(Reply, read_first)
    found = {one.message_id: one for one in demo.reply_effects(rows.connection)}
    assert list(found) == ["promised", "promised-before", "of-another", "asked", "passed", "not-passed"]
    assert found["promised"] == ReplyEffect("promised", "joint-review", FRIDAY, None, None, date(2026, 3, 24), None, ())
    assert [found[one].promised_until for one in ("promised-before", "of-another", "asked")] == [None] * 3
    assert set(found["passed"].passed_to) == {"operations", "sp1", "sp2"}
    assert len(found["passed"].passed_to) == 3
    assert found["not-passed"].passed_to == ()


def test_the_reviews_are_counted_by_the_outcomes_of_the_sittings_that_took_place(rows):
    ended = {"ended_on": TUESDAY}
    sittings = {
        ref: rows.sitting(ref, day, area=ref, **given)
        for ref, day, given in (
            ("a", MONDAY, {}), ("b", TUESDAY, {}), ("ahead", WEDNESDAY, {}), ("gone", MONDAY, {"cancelled_on": MONDAY}),
        )
    }  # fmt: skip
    for case_id, (sitting, end, outcome, given) in enumerate((
        ("a", "held", {}, {}), ("a", "held", {}, {}), ("a", "held", {}, {"because": "breach"}),
        ("b", "not_held", {"cps": False}, {"because": "risk"}), ("b", "not_held", {"cps": False}, {}),
        ("b", "not_held", {"held": False, "police": False, "cps": False}, {"because": "new_incident"}),
        ("b", "unrecorded", None, {}), ("b", "unrecorded", {"stands": False}, {}), ("b", None, None, {}),
        ("b", "moved", None, {}), ("ahead", None, None, {"due_on": TUESDAY}), ("ahead", "held", {}, {}),
        ("ahead", None, None, {"due_on": WEDNESDAY}), ("ahead", "moved", None, {"due_on": MONDAY}),
        ("gone", "held", {}, {}), ("b", None, None, {"due_on": MONDAY}), ("ahead", None, None, {"due_on": MONDAY}),
    )):  # fmt: skip
        made = rows.convening(case_id, sittings[sitting], slot=case_id, end=end, **(ended if end else {}), **given)
        if outcome is not None:
            rows.outcome(made, **outcome)
    rows.sitting("empty", WEDNESDAY, area="empty")
    for kind, state in (
        ("invitation", "sent"), ("invitation", "queued"), ("invitation", "dead"), ("agenda", "sent"),
        ("agenda", "sent"), ("digest", "sent"), ("digest", "sent"), ("agenda", "dead"),
    ):  # fmt: skip
        rows.message("of1", kind=kind, state=state)
    assert demo.reviews(rows.connection, TUESDAY, "45") == ReviewTotals(
        sittings=2, cases=10, quorate=3, one_side=2, not_held=1, unrecorded=2, brought_forward=3, late=3,
        invitations=1, agendas=2,
    )  # fmt: skip
