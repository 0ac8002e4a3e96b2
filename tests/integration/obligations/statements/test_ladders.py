"""What may climb today, who heard of a present step, and what one climb writes where another was faster."""

from datetime import timedelta

from sqlalchemy import select

from models.audit import AuditRow
from models.obligations import Obligation, Promise
from models.outbox import Notification
from models.queries.obligations import ladders
from models.queries.obligations.ladders import ClimbDecision, LadderChange, NewNotification, NotifiedContacts, StepClaim
from tests.worlds.routes import MAIL, SLACK
from tests.worlds.rows import TUESDAY

DAY = timedelta(days=1)
OVER = {"ended_on": TUESDAY, "end_reason": "met"}


def due(rows, force: str | None = "45") -> list[ladders.DueObligation]:
    found, broken = ladders.due(rows.connection, force, TUESDAY)
    assert broken == []
    return found


def test_what_is_live_and_whose_next_step_falls_due_climbs_in_the_order_of_its_making(rows):
    ids = {}
    for name, force, given in (
        ("today", "45", {}), ("past", "45", {"next_step_on": TUESDAY - DAY}),
        ("later", "45", {"next_step_on": TUESDAY + DAY}), ("over", "45", OVER), ("there", "46", {}),
        ("again", "45", {}), ("never", "45", {"next_step_on": None}),
    ):  # fmt: skip
        case_id = rows.case_of(name, force)
        ids[name] = rows.owes(case_id, TUESDAY, force, **{"next_step_on": TUESDAY, "rule": name} | given)
    without = rows.owes(None, TUESDAY, None, subject="force:45", next_step_on=TUESDAY)
    rows.move_back(Obligation, ids["today"])
    assert [one.id for one in due(rows)] == [ids[name] for name in ("today", "past", "again")]
    assert [one.id for one in due(rows, "46")] == [ids["there"]]
    only = [ids[name] for name in ("past", "later", "there")]
    assert [one.id for one in ladders.due(rows.connection, "45", TUESDAY, only)[0]] == [ids["past"]]
    assert ladders.due(rows.connection, "45", TUESDAY, []) == ([], [])
    assert [(one.id, one.matter.force_codes) for one in due(rows, None)] == [(without, ("45",))]


def test_a_live_promise_holds_unless_who_made_it_is_barred_since(rows):
    ids = {}
    for name, by, given in (
        ("kept", "of1", {}), ("barred", "of9", {}), ("lapsed", "of1", {"ended_on": TUESDAY, "end": "lapsed"}),
    ):  # fmt: skip
        case_id = rows.case_of(name, barred_refs=["of9"])
        obligation = rows.owes(case_id, TUESDAY, next_step_on=TUESDAY)
        ids[name] = rows.promise(obligation, until_on=TUESDAY + DAY, by_ref=by, **given)
    assert [(one.promise_id, one.promised_until) for one in due(rows)] == [
        (ids["kept"], TUESDAY + DAY), (ids["barred"], TUESDAY - DAY), (None, None)
    ]  # fmt: skip


def test_a_joint_review_climbs_with_the_sitting_of_its_live_place(rows):
    placed, moved = rows.case_of("T1"), rows.case_of("T2")
    sittings = [rows.sitting(f"S-{at}", TUESDAY + at * DAY) for at in (3, 4)]
    rows.convening(placed, sittings[0])
    rows.convening(moved, sittings[1], ended_on=TUESDAY, end="moved")
    for case_id, rule in ((placed, "joint-review"), (placed, "other"), (moved, "joint-review")):
        rows.owes(case_id, TUESDAY, rule=rule, next_step_on=TUESDAY)
    assert [one.sits_on for one in due(rows)] == [TUESDAY + 3 * DAY, None, None]


def test_who_heard_of_the_present_step_in_its_chain_is_known(rows):
    case_id = rows.case_of("T1")
    again = rows.critical(case_id, **OVER)
    first = rows.critical(case_id, version=2, chain_from=2, ended_on=TUESDAY, end_reason="moved")
    now, other = rows.critical(case_id, version=3, chain_from=2), rows.critical(case_id, rule="other")
    for obligation, ref, given in (
        (now, "of1", {}), (first, "of2", {"state": "dead"}), (now, None, {}), (again, "again", {}),
        (other, "other", {}),
        (now, "step", {"step": 2}), (now, "silent", {"state": "silent"}), (now, "void", {"state": "void"}),
        (first, "ended", {"happening": "resolved", "step_name": "resolved"}),
    ):  # fmt: skip
        rows.notification(obligation, None, ref, **given)
    notified = ladders.notified_at_present_step(rows.connection, [now])
    assert notified == {now: NotifiedContacts(frozenset({"of1", "of2", None}))}
    assert ladders.notified_at_present_step(rows.connection, []) == {}


def test_who_heard_before_a_version_was_renewed_has_not_heard_of_its_present_step(rows):
    case_id = rows.case_of("T1")
    moved = rows.critical(case_id, ended_on=TUESDAY, end_reason="moved")
    before = rows.critical(case_id, version=2, chain_from=1, ended_on=TUESDAY, end_reason="renewed")
    since = rows.critical(case_id, version=3, chain_from=1, ended_on=TUESDAY, end_reason="moved")
    now = rows.critical(case_id, version=4, chain_from=1)
    for obligation, ref in ((moved, "of1"), (before, "of2"), (since, "of3"), (now, "of4")):
        rows.notification(obligation, None, ref)
    assert ladders.notified_at_present_step(rows.connection, [now])[now].everyone == {"of3", "of4"}


def test_from_whom_a_case_was_withheld_is_known_unless_something_waits_or_was_not_withheld(rows):
    case_id = rows.case_of("T1")
    before = rows.critical(case_id, ended_on=TUESDAY, end_reason="moved")
    now = rows.critical(case_id, version=2, chain_from=1)
    for obligation, ref, given in (
        (before, "of1", {"state": "sent"}), (now, None, {"state": "shown"}), (now, "of2", {"state": "queued"}),
        (now, "of3", {"state": "dead"}), (now, "of4", {"state": "sent"}), (now, "of5", {"state": "unknown"}),
        (now, "of6", {"state": "sent", "step": 2}),
    ):  # fmt: skip
        rows.notification(obligation, None, ref, withheld=True, **given)
    rows.notification(now, None, "of4", state="queued", occasion="opened 2026-03-17")
    rows.notification(now, None, "of7", state="sent")
    (notified,) = ladders.notified_at_present_step(rows.connection, [now]).values()
    assert notified.withheld == {"of1", None, "of5"}
    assert notified.everyone == {"of1", None, "of2", "of3", "of4", "of5", "of7"}


def decision(steps, said=(), moved=(), lapsed=()) -> ClimbDecision:
    return ClimbDecision(
        [StepClaim(id_, step, f"step-{step}", outcome, "why") for id_, step, outcome in steps],
        [
            NewNotification(id_, "step", 2, "step-2", "", "escalate", "digest", "spoc", ref, "")
            for id_, ref in said
        ],
        [LadderChange(id_, 2, (TUESDAY,), TUESDAY + DAY, (), ()) for id_ in moved],
        list(lapsed),
    )  # fmt: skip


def test_a_climb_writes_steps_notifications_and_places_but_not_of_a_step_that_another_took(rows):
    for ref, user in (("of1", "U1"), ("of2", None)):
        rows.contact(ref, slack_user_id=user)
    names = ("won", "lost", "passed", "still")
    won, lost, passed, still = (rows.owes(rows.case_of(name), TUESDAY) for name in names)
    rows.step(lost, step=2, name="step-2", on_day=TUESDAY)
    ladders.write(rows.connection, decision([(passed, 1, "superseded")], moved=[won]), TUESDAY - DAY, [MAIL])
    steps = [
        (won, 2, "taken"), (passed, 3, "superseded"), (lost, 2, "taken"), (passed, 1, "superseded"),
        (passed, 2, "superseded"), (lost, 1, "superseded"),
    ]  # fmt: skip
    said = [(won, "of2"), (won, "of1"), (lost, "of1"), (passed, "of1"), (passed, None)]
    written = ladders.write(rows.connection, decision(steps, said, [won, lost, passed]), TUESDAY, [SLACK, MAIL])
    assert written == (1, 7)
    told = select(Notification.obligation_id, Notification.contact_ref, Notification.channel)
    assert rows.found(told.order_by(Notification.id)) == [
        (won, "of1", "email"), (won, "of1", "slack"), (won, "of2", "email"), (passed, "of1", "email"),
        (passed, "of1", "slack"), (passed, None, "email"), (passed, None, "slack"),
    ]  # fmt: skip
    places = dict(rows.found(select(Obligation.id, Obligation.last_step)))
    assert places == {won: 2, lost: 0, passed: 2, still: 0}
    audited = select(AuditRow.ref).where(AuditRow.about == "step").order_by(AuditRow.id)
    assert [ref for (ref,) in rows.found(audited)] == [
        f"{passed}:1", f"{won}:2", f"{lost}:1", f"{passed}:2", f"{passed}:3"
    ]  # fmt: skip


def test_a_climb_ends_the_promises_that_lapsed_and_no_other(rows):
    owed = [rows.owes(rows.case_of(name), TUESDAY) for name in ("a", "b")]
    ids = [rows.promise(id_, until_on=TUESDAY, by_ref="of1") for id_ in owed]
    ladders.write(rows.connection, decision([], moved=[owed[0]], lapsed=[ids[0]]), TUESDAY, [MAIL])
    assert dict(rows.found(select(Promise.id, Promise.end))) == {ids[0]: "lapsed", ids[1]: None}
    assert ladders.write(rows.connection, decision([]), TUESDAY, [MAIL]) == (0, 0)
