"""What projection reads as stored, and what it writes of versions, promises and notifications."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from config.terms import EndReason, OwedBy
from models.obligations import Obligation, Promise
from models.outbox import Notification
from models.queries.obligations import projection
from models.rules.obligations.lifecycle import Amend, End
from models.rules.result import Owes
from tests.worlds.facts import POLICY
from tests.worlds.rows import AT_NINE, TUESDAY

DAY = timedelta(days=1)
LAPSED = {"ended_on": TUESDAY, "end": "lapsed"}


def over(reason: str = "met", **given) -> dict:
    return {"ended_on": TUESDAY, "end_reason": reason} | given


def stored(rows, case_id: int, obligation_id: int, **given):
    """The stored value of an obligation of a case."""
    one = next(iter(projection.stored(rows.connection, [case_id])[case_id].values()))
    return one._replace(**{"id": obligation_id, "last_step": 1} | given)


def told(rows, live: bool = True) -> set[str]:
    """The notes of the notifications that are live, or not."""
    return set(rows.connection.scalars(select(Notification.note).where(Notification.live == live)))


def test_the_latest_version_of_each_identity_is_stored_whether_live_or_ended(rows):
    case_id, other, unasked = (rows.case_of(f"T{at}") for at in range(3))
    wanted = {}
    for name, of, version, given in (
        ("old", case_id, 1, over("moved")), ("now", case_id, 2, {}), ("void", case_id, 3, over("void")),
        ("ended", case_id, 1, {"rule": "b"} | over()), ("subject", case_id, 1, {"subject": "x"}),
        ("other", other, 1, {}), ("unasked", unasked, 1, {}),
    ):  # fmt: skip
        wanted[name] = rows.owes(of, TUESDAY, version=version, **given)
    rows.promise(wanted["now"], until_on=TUESDAY, by_ref="of1")
    rows.promise(wanted["subject"], until_on=TUESDAY, by_ref="of1", **LAPSED)
    found = projection.stored(rows.connection, [case_id, other])
    assert {of: {identity: one.id for identity, one in each.items()} for of, each in found.items()} == {
        case_id: {
            ("joint-review", "case"): wanted["now"], ("b", "case"): wanted["ended"],
            ("joint-review", "x"): wanted["subject"],
        },
        other: {("joint-review", "case"): wanted["other"]},
    }  # fmt: skip
    only = projection.stored(rows.connection, [case_id, other], ("b",))
    assert {of: list(each) for of, each in only.items()} == {case_id: [("b", "case")], other: []}
    promised = {one.id: one.promised_until for one in found[case_id].values() if one.promised_until}
    assert promised == {wanted["now"]: TUESDAY}


def test_what_no_case_owes_is_stored_by_rule(rows):
    wanted = rows.owes(None, TUESDAY, rule="feed", subject="source:a")
    rows.owes(None, TUESDAY, rule="other")
    rows.owes(rows.case_of("T1"), TUESDAY, rule="feed", subject="source:b")
    found = projection.stored_without_case(rows.connection, ["feed"])
    assert {identity: one.id for identity, one in found.items()} == {("feed", "source:a"): wanted}


def test_an_end_is_written_with_its_reason_and_what_was_told_in_its_chain_lives_no_more(rows):
    case_id = rows.case_of("T1")
    again = rows.owes(case_id, TUESDAY, **over())
    first = rows.owes(case_id, TUESDAY, version=2, chain_from=2, **over("moved"))
    now = rows.owes(case_id, TUESDAY, version=3, chain_from=2)
    ids = {name: rows.owes(case_id, TUESDAY, rule=name) for name in ("moved", "no-step", "other")}
    for name, obligation in (("again", again), ("first", first), ("now", now), *ids.items()):
        rows.notification(obligation, None, "of1", note=name)
    ended = [
        End(stored(rows, case_id, now), EndReason.MET, TUESDAY - DAY),
        End(stored(rows, case_id, ids["moved"]), EndReason.MOVED),
        End(stored(rows, case_id, ids["no-step"], last_step=0), EndReason.FINALISED),
    ]
    projection.end(rows.connection, ended, TUESDAY + DAY)
    found = {id_: rest for id_, *rest in rows.found(
        select(Obligation.id, Obligation.ended_on, Obligation.end_reason, Obligation.fact_on))}  # fmt: skip
    assert found[now] == [TUESDAY + DAY, "met", TUESDAY - DAY]
    assert found[ids["moved"]] == [TUESDAY + DAY, "moved", None]
    assert found[ids["other"]] == [None, None, None]
    assert found[first] == [TUESDAY, "moved", None]
    assert told(rows, live=False) == {"first", "now"}


def test_an_end_knows_whether_letters_of_its_day_had_left(rows):
    case_id = rows.case_of("T1")
    before, after = (rows.owes(case_id, TUESDAY, rule=rule) for rule in ("before", "after"))
    rows.message("of1", kind="letter", day=TUESDAY - DAY, state="sent", sending_at=AT_NINE)
    projection.end(rows.connection, [End(stored(rows, case_id, before), EndReason.MET)], TUESDAY)
    rows.message("of2", kind="letter", day=TUESDAY, state="sent", sending_at=AT_NINE)
    projection.end(rows.connection, [End(stored(rows, case_id, after), EndReason.MET)], TUESDAY)
    found = rows.found(select(Obligation.rule, Obligation.after_letters).order_by(Obligation.id))
    assert [tuple(row) for row in found] == [("before", False), ("after", True)]


def test_what_was_told_of_a_chain_is_live_again_without_ends_and_what_is_void(rows):
    case_id = rows.case_of("T1")
    first, now = rows.owes(case_id, TUESDAY, **over("moved")), rows.owes(case_id, TUESDAY, version=2)
    other = rows.owes(case_id, TUESDAY, rule="other")
    for obligation, note, given in (
        (first, "first", {}), (now, "now", {}), (now, "end", {"happening": "resolved"}),
        (now, "void", {"state": "void"}), (other, "other", {}),
    ):  # fmt: skip
        rows.notification(obligation, None, "of1", **{"note": note, "occasion": note, "live": False} | given)
    projection.make_live(rows.connection, [now])
    assert told(rows) == {"first", "now"}


def test_a_live_promise_moves_to_the_next_version_or_ends_where_the_day_is_earlier_now(rows):
    case_id, other = rows.case_of("T1"), rows.case_of("T2")
    kept, earlier, apart = (rows.owes(case_id, TUESDAY, rule=rule, **over("moved")) for rule in ("a", "b", "c"))
    last = rows.owes(case_id, TUESDAY, rule="a", version=2)
    rows.owes(case_id, TUESDAY, rule="c", version=2)
    for given in ({"rule": "a", "version": 3}, {"rule": "a", "subject": "other", "version": 2}):
        rows.owes(case_id, TUESDAY, **given, **over())
    rows.owes(other, TUESDAY, rule="a", version=2)
    ids = {
        name: rows.promise(obligation, until_on=TUESDAY, by_ref="of1", **given)
        for name, obligation, given in (
            ("kept", kept, {}), ("lapsed", kept, LAPSED), ("earlier", earlier, {}), ("earlier-lapsed", earlier, LAPSED),
            ("apart", apart, {}),
        )
    }  # fmt: skip
    projection.move_promises(rows.connection, [kept], TUESDAY + DAY, [earlier])
    found = {id_: rest for id_, *rest in rows.found(
        select(Promise.id, Promise.obligation_id, Promise.ended_on, Promise.end))}  # fmt: skip
    assert {name: found[id_] for name, id_ in ids.items()} == {
        "kept": [last, None, None], "lapsed": [kept, TUESDAY, "lapsed"],
        "earlier": [earlier, TUESDAY + DAY, "moved earlier"], "earlier-lapsed": [earlier, TUESDAY, "lapsed"],
        "apart": [apart, None, None],
    }  # fmt: skip


def test_a_promise_moves_to_the_version_of_its_own_case_rule_and_subject(rows):
    case_id, other = rows.case_of("T1"), rows.case_of("T2")
    kept = {
        (of, subject): rows.owes(of, TUESDAY, rule="feed", subject=subject, **over("moved"))
        for of in (case_id, None) for subject in ("a", "c")
    }  # fmt: skip
    later = {
        (of, subject): rows.owes(of, TUESDAY, rule="feed", subject=subject, version=2)
        for subject in ("b", "a", "c", "d") for of in (other, case_id, None)
    }  # fmt: skip
    ids = {which: rows.promise(id_, until_on=TUESDAY, by_ref="of1") for which, id_ in kept.items()}
    projection.move_promises(rows.connection, list(kept.values()), TUESDAY, [])
    found = dict(rows.found(select(Promise.id, Promise.obligation_id)))
    assert {which: found[id_] for which, id_ in ids.items()} == {which: later[which] for which in kept}


def test_new_particulars_are_written_to_their_version_alone(rows):
    case_id = rows.case_of("T1")
    ids = [rows.owes(case_id, TUESDAY, rule=rule) for rule in ("a", "b", "c")]
    amended = [
        Amend(
            stored(rows, case_id, id_),
            Owes("case", OwedBy.CPS, TUESDAY, (), remind_on=TUESDAY + at * DAY, escalate_on=TUESDAY, note=f"n{at}"),
            "[]", TUESDAY,
        )
        for at, id_ in enumerate(ids[:2], 1)
    ]  # fmt: skip
    projection.amend(rows.connection, amended, POLICY, TUESDAY)
    found = rows.found(select(Obligation.note, Obligation.remind_on, Obligation.owed_by).order_by(Obligation.id))
    assert found == [("n1", TUESDAY + DAY, "cps"), ("n2", TUESDAY + 2 * DAY, "cps"), ("", TUESDAY, "both")]


@pytest.mark.parametrize(
    ("was", "given", "looked_at"),
    [(1, -3, 0), (1, 2, 2), (1, None, None), (0, -3, 0), (-2, -3, -2), (None, -3, 0)],
)
def test_a_step_that_was_passed_over_is_looked_at_again_today_and_no_earlier(rows, was, given, looked_at):
    def on(days):
        return None if days is None else TUESDAY + days * DAY

    case_id = rows.case_of("T1")
    id_ = rows.owes(case_id, TUESDAY, rule="a", next_step_on=on(was))
    particulars = Owes("case", OwedBy.CPS, TUESDAY, (), remind_on=TUESDAY, escalate_on=TUESDAY)
    amended = [Amend(stored(rows, case_id, id_), particulars, "[]", on(given))]
    projection.amend(rows.connection, amended, POLICY, TUESDAY)
    assert rows.found(select(Obligation.next_step_on)) == [(on(looked_at),)]


def test_the_climb_looks_again_at_what_took_a_step_on_changed_cases(rows):
    case_id, other = rows.case_of("T1"), rows.case_of("T2")
    ids = {}
    for name, of, given in (
        ("none", case_id, {}), ("later", case_id, {"next_step_on": TUESDAY + DAY}),
        ("past", case_id, {"next_step_on": TUESDAY - DAY}), ("over", case_id, over()),
        ("no-step", case_id, {"last_step": 0}), ("other", other, {}),
    ):  # fmt: skip
        ids[name] = rows.owes(of, TUESDAY, **{"rule": name, "last_step": 1} | given)
    projection.look_again(rows.connection, [case_id], TUESDAY)
    found: dict[int, date | None] = dict(rows.found(select(Obligation.id, Obligation.next_step_on)))
    assert {name: found[id_] for name, id_ in ids.items()} == {
        "none": TUESDAY, "later": TUESDAY, "past": TUESDAY - DAY, "over": None, "no-step": None, "other": None
    }  # fmt: skip
