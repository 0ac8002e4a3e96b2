"""The statements that take back versions, steps and ended promises of days that had not come."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from models.audit import AuditRow
from models.obligations import Obligation, Promise, StepTaken
from models.outbox import Notification
from models.queries.rounds import undone_ladders
from models.rules.obligations.ladder_before import LadderPlace
from tests.worlds.rows import AT_NINE, TUESDAY

MONDAY, FRIDAY, NEXT = date(2026, 3, 16), date(2026, 3, 20), date(2026, 3, 23)
WEDNESDAY = TUESDAY + timedelta(days=1)


def version(rows, case_id: int | None, began: date, ended: date | None = None, why: str = "met", **given) -> int:
    over = {"ended_on": ended, "end_reason": why} if ended else {}
    return rows.owes(case_id, NEXT, began_on=began, next_step_on=MONDAY, **over | given)


def stepped(rows, of: int, step: int, on: date, outcome: str = "taken") -> None:
    rows.add(StepTaken, obligation_id=of, step=step, name=f"step-{step}", on_day=on, outcome=outcome)


def numbers(rows) -> dict[int, tuple[int, int]]:
    return {id_: (own, chain) for id_, own, chain in rows.found(
        select(Obligation.id, Obligation.version, Obligation.chain_from)
    )}  # fmt: skip


def ends(rows) -> dict[int, tuple[date | None, str | None, date | None]]:
    found = rows.found(select(Obligation.id, Obligation.ended_on, Obligation.end_reason, Obligation.next_step_on))
    return {id_: (on, why, again) for id_, on, why, again in found}


def test_a_version_that_began_later_is_void_unless_a_promise_is_about_it_and_no_earlier_one_can_be_live(rows):
    def promised(case_id: int | None, began: date = FRIDAY, **given) -> int:
        made = version(rows, case_id, began, version=2, **given)
        rows.promise(made, until_on=NEXT, by_ref="of1")
        return made

    gone = [
        version(rows, 1, WEDNESDAY), version(rows, 2, WEDNESDAY, FRIDAY), promised(3, ended_on=NEXT, end_reason="met"),
        promised(4), promised(5), promised(None), version(rows, 6, FRIDAY),
    ]  # fmt: skip
    rows.promise(gone[-1], until_on=NEXT, by_ref="of1", ended_on=MONDAY, end="lapsed")
    earlier = [version(rows, 4, MONDAY, WEDNESDAY), version(rows, 5, TUESDAY, NEXT), version(rows, None, MONDAY, NEXT)]
    same = [promised(case_id) for case_id in (11, 12, 13, 14, 15)]
    kept = [
        version(rows, 11, MONDAY, TUESDAY),  # it ended today
        version(rows, 12, MONDAY, NEXT, rule="no-progress"), version(rows, 13, MONDAY, NEXT, subject="order:1"),
        version(rows, 21, MONDAY, NEXT), version(rows, None, MONDAY, NEXT, rule="no-progress"),
        version(rows, 7, TUESDAY), promised(None, rule="not-filed"), promised(16, rule="no-progress"),
        version(rows, 8, MONDAY, FRIDAY),
    ]  # fmt: skip
    version(rows, 22, MONDAY, NEXT, rule="not-filed")  # of a case
    before_it = version(rows, 15, WEDNESDAY, FRIDAY)  # began after today itself
    void = version(rows, 9, WEDNESDAY, FRIDAY, "void")
    before = ends(rows)
    assert undone_ladders.end_begun(rows.connection, TUESDAY) == len(gone) + 1
    after = ends(rows)
    assert {after[one] for one in (*gone, before_it)} == {(TUESDAY, "void", None)}
    assert {one: after[one] for one in (*earlier, *same, *kept, void)} == {
        one: before[one] for one in (*earlier, *same, *kept, void)
    }


def test_a_kept_version_has_the_number_after_the_last_of_its_identity_that_is_not_void(rows):
    kept = {case_id: version(rows, case_id, FRIDAY, version=5) for case_id in (1, 2, None)}
    for one in kept.values():
        rows.promise(one, until_on=NEXT, by_ref="of1")
    others = [
        version(rows, 1, MONDAY, MONDAY, version=1), version(rows, 1, MONDAY, TUESDAY, version=2),
        version(rows, 1, MONDAY, TUESDAY, "void", version=4), version(rows, 1, MONDAY, version=8, rule="no-progress"),
        version(rows, 1, MONDAY, TUESDAY, version=8, subject="order:1"), version(rows, 3, MONDAY, version=8),
        version(rows, None, MONDAY, TUESDAY, version=3), version(rows, 4, TUESDAY, version=7),
        version(rows, 2, WEDNESDAY, FRIDAY, version=4),
    ]  # fmt: skip
    before = numbers(rows)
    undone_ladders.end_begun(rows.connection, TUESDAY)
    after = numbers(rows)
    assert {case_id: after[one] for case_id, one in kept.items()} == {1: (3, 3), 2: (1, 1), None: (4, 4)}
    assert [after[one] for one in others] == [before[one] for one in others]


def test_a_version_that_ended_later_is_live_again_unless_another_of_its_identity_is(rows):
    over = {"fact_on": WEDNESDAY}
    revived = [
        version(rows, 1, MONDAY, WEDNESDAY, **over), version(rows, 2, TUESDAY, FRIDAY), version(rows, 3, MONDAY, NEXT),
        version(rows, None, MONDAY, NEXT),
    ]  # fmt: skip
    live = [
        version(rows, 3, MONDAY, rule="no-progress"), version(rows, 3, MONDAY, subject="order:1"),
        version(rows, None, MONDAY, rule="no-progress"), version(rows, 4, MONDAY, version=2),
        version(rows, None, MONDAY, version=2, rule="not-filed"),
    ]  # fmt: skip
    stay = [
        version(rows, 4, MONDAY, NEXT), version(rows, None, MONDAY, NEXT, rule="not-filed"),
        version(rows, 5, MONDAY, TUESDAY, **over), version(rows, 6, WEDNESDAY, NEXT),
    ]  # fmt: skip
    told = rows.notification(revived[0], None, "of1", live=False)
    rows.notification(stay[2], None, "of1", live=False)
    before = ends(rows)
    assert undone_ladders.revive_ended(rows.connection, TUESDAY) == len(revived)
    after = ends(rows)
    assert {after[one] for one in revived} == {(None, None, TUESDAY)}
    assert [after[one] for one in (*live, *stay)] == [before[one] for one in (*live, *stay)]
    facts = dict(rows.found(select(Obligation.id, Obligation.fact_on)))
    assert (facts[revived[0]], facts[stay[2]]) == (None, WEDNESDAY)
    assert rows.found(select(Notification.id).where(Notification.live)) == [(told,)]


def test_a_place_that_rests_on_a_later_step_has_all_steps_of_its_chain_in_their_order(rows):
    first = version(rows, 1, MONDAY, TUESDAY)
    carries = version(rows, 1, MONDAY, version=2, last_step=2, taken_on=[MONDAY, FRIDAY])
    for one, step, on, outcome in (
        (carries, 2, FRIDAY, "taken"), (first, 1, MONDAY, "superseded"), (first, 3, NEXT, "silent"),
        (first, 4, NEXT, "void"),
    ):  # fmt: skip
        stepped(rows, one, step, on, outcome)
    renewed = version(rows, 2, MONDAY, version=2, chain_from=2)
    stepped(rows, version(rows, 2, MONDAY, TUESDAY), 1, WEDNESDAY)
    apart = version(rows, 2, MONDAY, rule="no-progress")
    void = version(rows, 3, MONDAY, TUESDAY, "void")
    stepped(rows, void, 1, FRIDAY)
    stepped(rows, version(rows, 4, MONDAY), 1, TUESDAY)
    stepped(rows, version(rows, 5, MONDAY), 1, FRIDAY, "void")
    nobody = version(rows, None, MONDAY)
    stepped(rows, nobody, 1, FRIDAY)
    rows.move_back(StepTaken, min(id_ for (id_,) in rows.found(select(StepTaken.id))))
    found = undone_ladders.climbed_after(rows.connection, TUESDAY)
    assert len(found) == 4
    assert not {renewed, apart, void} & {one.id for one, _ in found}
    steps = {one.id: [(each.step, each.on_day, each.own) for each in chain] for one, chain in found}
    assert steps[carries] == [(2, FRIDAY, True), (1, MONDAY, False), (3, NEXT, False)]
    assert steps[first] == [(1, MONDAY, True), (3, NEXT, True)]
    assert steps[nobody] == [(1, FRIDAY, True)]
    assert {one.id: one.place for one, _ in found}[carries] == LadderPlace(2, (MONDAY, FRIDAY))


def test_a_later_step_is_void_with_what_it_was_and_an_audit_row(rows):
    owed = version(rows, 1, MONDAY)
    for step, on, outcome in ((1, MONDAY, "taken"), (2, TUESDAY, "taken"), (3, WEDNESDAY, "silent")):
        stepped(rows, owed, step, on, outcome)
    stepped(rows, owed, 4, FRIDAY, "void")
    ((_, chain),) = undone_ladders.climbed_after(rows.connection, TUESDAY)
    assert [one.step for one in chain] == [1, 2, 3]
    assert undone_ladders.void_steps(rows.connection, TUESDAY, "undone") == 1
    found = rows.found(select(StepTaken.step, StepTaken.outcome, StepTaken.reason).order_by(StepTaken.step))
    assert found == [(1, "taken", ""), (2, "taken", ""), (3, "void", "silent: undone"), (4, "void", "")]
    audited = rows.found(select(AuditRow.ref, AuditRow.reason, AuditRow.detail).where(AuditRow.about == "step"))
    assert audited == [(f"{owed}:3", "void", {"step": "step-3", "because": "silent: undone"})]


def test_whom_a_place_addressed_is_whoever_the_remaining_notifications_of_its_step_reached(rows):
    known = {"addressed": ["before"], "through": ["before"]}
    first = version(rows, 1, MONDAY, TUESDAY, **known)
    placed = version(rows, 1, MONDAY, version=2, chain_from=1, **known)
    empty, void, ended, other = (
        version(rows, case_id, MONDAY, on, last_step=3, **known)
        for case_id, on in ((2, None), (3, None), (4, TUESDAY), (5, None))
    )  # fmt: skip
    for one, ref, given in (
        (first, "b", {"addressee": "owner", "duty": "chase"}), (placed, None, {}), (placed, "a", {}),
        (placed, "a", {"occasion": "again"}), (placed, "copied", {"duty": "chase"}), (placed, "step", {"step": 2}),
        (placed, "resolved", {"happening": "resolved"}), (placed, "silent", {"state": "silent"}),
        (placed, "void", {"state": "void"}), (void, "void", {"state": "void"}), (void, "c", {}),
        (ended, "void", {"state": "void"}), (other, "d", {}),
    ):  # fmt: skip
        rows.notification(one, None, ref, **given)
    places = [(placed, LadderPlace(3, (MONDAY, None, TUESDAY))), (empty, LadderPlace(1, (MONDAY,)))]
    undone_ladders.write_places(rows.connection, places)
    columns = (Obligation.last_step, Obligation.taken_on, Obligation.addressed, Obligation.through)
    after = {id_: tuple(rest) for id_, *rest in rows.found(select(Obligation.id, *columns))}
    assert after[placed] == (3, [MONDAY, None, TUESDAY], ["", "a", "b"], [])
    assert after[empty] == (1, [MONDAY], [], [])
    assert (after[void][0], *after[void][2:]) == (3, ["c"], [])
    assert [after[one][2] for one in (first, ended, other)] == [["before"]] * 3


def test_a_promise_of_a_void_version_is_about_the_live_one_of_its_identity(rows):
    def both(case_id: int | None, why: str = "void", **of_live) -> tuple[int, int]:
        return version(rows, case_id, MONDAY, TUESDAY, why), version(rows, case_id, MONDAY, version=2, **of_live)

    (gone, live), (nobody, of_nobody), (met, _), (other, _), (has_one, with_one) = (
        both(1), both(None), both(2, "met"), both(3, rule="no-progress"), both(4)
    )  # fmt: skip
    rows.promise(live, until_on=NEXT, by_ref="of1", ended_on=MONDAY, end="renewed")
    dead = version(rows, 5, MONDAY, TUESDAY, "void")
    version(rows, 5, MONDAY, TUESDAY, version=2)
    promises = {
        of: rows.promise(of, until_on=NEXT, by_ref="of1") for of in (gone, nobody, met, other, has_one, with_one, dead)
    }
    ended = rows.promise(has_one, until_on=NEXT, by_ref="of1", ended_on=MONDAY, end="renewed")
    undone_ladders.restore_promises(rows.connection, TUESDAY, AT_NINE)
    about = dict(rows.found(select(Promise.id, Promise.obligation_id)))
    assert {of: about[promise] for of, promise in promises.items()} == {
        gone: live, nobody: of_nobody, met: met, other: other, has_one: has_one, with_one: with_one, dead: dead,
    }  # fmt: skip
    assert about[ended] == with_one


def test_a_promise_made_later_runs_from_today_for_as_long(rows):
    later = datetime(2026, 3, 20, 9, tzinfo=UTC)
    for case_id, made, at in ((1, FRIDAY, later), (2, FRIDAY, AT_NINE - timedelta(days=1)), (3, TUESDAY, later)):
        rows.promise(version(rows, case_id, MONDAY), until_on=NEXT, by_ref="of1", made_on=made, made_at=at)
    undone_ladders.restore_promises(rows.connection, TUESDAY, AT_NINE)
    found = rows.found(select(Promise.made_on, Promise.until_on, Promise.made_at).order_by(Promise.obligation_id))
    assert found == [
        (TUESDAY, FRIDAY, AT_NINE), (TUESDAY, FRIDAY, AT_NINE - timedelta(days=1)), (TUESDAY, NEXT, later),
    ]  # fmt: skip


def test_the_last_promise_stands_again_where_it_lapsed_or_its_day_moved_after_today(rows):
    def promised(case_id: int, *made: tuple[date, str]) -> list[int]:
        of = version(rows, case_id, MONDAY)
        return [rows.promise(of, until_on=NEXT, by_ref="of1", ended_on=on, end=why) for on, why in made]

    stand = [*promised(1, (WEDNESDAY, "lapsed")), *promised(2, (FRIDAY, "moved earlier"))]
    promised(3, (TUESDAY, "lapsed"))
    promised(4, (FRIDAY, "renewed"))
    last = promised(5, (WEDNESDAY, "lapsed"), (FRIDAY, "lapsed"))[-1]
    promised(6, (WEDNESDAY, "lapsed"), (FRIDAY, "ended"))
    assert undone_ladders.restore_promises(rows.connection, TUESDAY, AT_NINE) == 3
    assert rows.found(select(Promise.id).where(Promise.ended_on.is_(None)).order_by(Promise.id)) == [
        (one,) for one in (*stand, last)
    ]
    assert len(rows.found(select(Promise.id).where(Promise.end.is_(None)))) == 3
