"""An act as it was kept: in whose name, about what, and whether it can still be taken back."""

from datetime import date, timedelta

from config.doors import ActKind
from models.acts import ActRow
from models.cases import Completion
from models.queries.people import acts
from tests.worlds.rows import AT_NINE, TUESDAY

OVER = {"ended_on": TUESDAY, "end_reason": "met"}


def ahead(days: int) -> date:
    return TUESDAY + timedelta(days=days)


def completion(rows, action_ref: str, by_ref: str = "of1", days: int = 0) -> int:
    return rows.put(Completion, action_ref=action_ref, by_ref=by_ref, done_on=ahead(days), made_on=TUESDAY,
                     made_at=AT_NINE)  # fmt: skip


def test_acts_of_a_case_come_in_the_order_in_which_they_were_done(rows):
    case_id, other = rows.case_of("T1"), rows.case_of("T2")
    promises = [
        (of, rows.promise(rows.owes(of, TUESDAY, rule=rule), until_on=TUESDAY, by_ref="of1"))
        for of, rule in ((case_id, "d"), (other, "c"), (case_id, "b"), (case_id, "a"))
    ]
    ids = [rows.act(of, promise_id=promise) for of, promise in reversed(promises)]
    for id_ in (ids[1], ids[0]):
        rows.move_back(ActRow, id_)
    assert [(one.id, one.rule) for one in acts.of_case(rows.connection, case_id)] == [
        (ids[0], "a"), (ids[1], "b"), (ids[3], "d")
    ]  # fmt: skip


def test_a_promise_can_be_taken_back_while_it_and_what_it_is_about_are_live(rows):
    case_id = rows.case_of("T1")
    rows.action("A1", case_id, kind="CCTV")
    for name, owed, given in (
        ("live", {}, {}), ("lapsed", {}, {"ended_on": TUESDAY, "end": "lapsed"}), ("over", OVER, {}),
        ("action", {"subject": "action:A1"}, {}), ("undoing", {}, {}),
    ):  # fmt: skip
        obligation = rows.owes(case_id, TUESDAY, **{"rule": name} | owed)
        promise = rows.promise(obligation, until_on=ahead(3), by_ref=f"by-{name}", **given)
        rows.act(case_id, promise_id=promise, undoes=name == "undoing")
    found = {one.rule: one for one in acts.of_case(rows.connection, case_id)}
    assert {rule: one.stands for rule, one in found.items()} == {
        "live": True, "lapsed": False, "over": False, "action": True, "undoing": False,
    }  # fmt: skip
    assert {one.deed for one in found.values()} == {ActKind.PROMISE}
    assert {rule: (one.done_by, one.kind) for rule, one in found.items() if rule in ("live", "action")} == {
        "live": ("by-live", ""), "action": ("by-action", "CCTV"),
    }  # fmt: skip
    assert {one.on for one in found.values()} == {ahead(3)}


def test_a_completion_can_be_taken_back_while_it_is_the_latest_that_holds(rows):
    case_id, other = rows.case_of("T1"), rows.case_of("T2")
    made = {}
    for ref, as_sent in (("first", {}), ("last", {}), ("changed", None), ("beside", {})):
        rows.action(ref, case_id, kind=f"kind-{ref}", as_sent=as_sent)
        made[ref] = completion(rows, ref, f"by-{ref}", -2)
    completion(rows, "first", days=-1)
    for id_ in made.values():
        rows.act(case_id, completion_id=id_)
    for of, subject, rule, given in (
        (case_id, "action:last", "old", OVER), (case_id, "action:last", "live", {}),
        (case_id, "action:last", "later-over", OVER), (other, "action:first", "theirs", {}),
        (case_id, "action:beside", "first-over", OVER), (case_id, "action:beside", "last-over", OVER),
    ):  # fmt: skip
        rows.owes(of, TUESDAY, rule=rule, subject=subject, **given)
    found = {one.subject: one for one in acts.of_case(rows.connection, case_id)}
    assert {subject: (one.stands, one.rule, one.done_by, one.kind) for subject, one in found.items()} == {
        "action:first": (False, "action", "by-first", "kind-first"),
        "action:last": (True, "live", "by-last", "kind-last"),
        "action:changed": (False, "action", "by-changed", "kind-changed"),
        "action:beside": (True, "last-over", "by-beside", "kind-beside"),
    }  # fmt: skip
    assert {one.deed for one in found.values()} == {ActKind.COMPLETION}
    assert {one.on for one in found.values()} == {ahead(-2)}


def test_an_outcome_can_be_taken_back_while_it_stands_and_a_move_while_the_place_is_live(rows):
    case_id, other = rows.case_of("T1"), rows.case_of("T2")
    sittings = [rows.sitting(f"S-{at}", ahead(at)) for at in range(3)]
    held = rows.convening(case_id, sittings[0], ended_on=TUESDAY, end="held")
    stands = rows.outcome(held, by_ref="by-outcome")
    again = rows.convening(other, sittings[0], slot=1, ended_on=TUESDAY, end="held")
    gone = rows.outcome(again, by_ref="by-other")
    rows.say_outcome(again, stands=False)
    moved = rows.convening(case_id, sittings[1], ended_on=TUESDAY, end="moved")
    now = rows.convening(case_id, sittings[2])
    ids = {
        name: rows.act(case_id, by_ref=f"act-{name}", **given)
        for name, given in (
            ("stands", {"outcome_id": stands}), ("gone", {"outcome_id": gone}), ("moved", {"convening_id": moved}),
            ("now", {"convening_id": now}),
        )
    }  # fmt: skip
    found = {one.id: one for one in acts.of_case(rows.connection, case_id)}
    assert {name: (found[id_].deed, found[id_].stands, found[id_].done_by, found[id_].sitting)
            for name, id_ in ids.items()} == {
        "stands": (ActKind.OUTCOME, True, "by-outcome", "S-0"), "gone": (ActKind.OUTCOME, False, "by-other", "S-0"),
        "moved": (ActKind.MOVE, False, "act-moved", "S-1"), "now": (ActKind.MOVE, True, "act-now", "S-2"),
    }  # fmt: skip
    assert {(one.rule, one.subject) for one in found.values()} == {("joint-review", "case")}
    assert found[ids["now"]].on == ahead(2)


def test_a_message_tells_its_own_act_with_its_case_or_none(rows):
    urn = rows.urn("45ZZ0000126")
    case_id = rows.case_of("T1", urn_key_id=urn, restricted=True)
    plain = rows.case_of("T2")
    promises = [rows.promise(rows.owes(of, TUESDAY), until_on=TUESDAY, by_ref="of1") for of in (case_id, plain)]
    about = {
        "case": rows.act(case_id, promise_id=promises[0]), "plain": rows.act(plain, promise_id=promises[1]),
        "rounds": rows.put(ActRow, made_at=AT_NINE, made_on=TUESDAY, by_ref="sp1", door="command", through_ref="root",
                            undoing_id=rows.undoing()),
    }  # fmt: skip
    ids = {name: rows.message("of1", kind="act", about=str(id_)) for name, id_ in about.items()}
    rows.message("of1", kind="act", about=str(about["case"]))
    other = rows.message("of1", kind="transfer", about=str(about["case"]))
    found = acts.notices(rows.connection, [*ids.values(), other])
    assert {name: (found[id_].case_ref, found[id_].urn, found[id_].restricted) for name, id_ in ids.items()} == {
        "case": ("T1", "45ZZ0000126", True), "plain": ("T2", None, False), "rounds": (None, None, False),
    }  # fmt: skip
    assert set(found) == set(ids.values())
    rounds = found[ids["rounds"]].act
    assert (rounds.deed, rounds.stands, rounds.on, rounds.done_by) == (ActKind.UNDOING, False, TUESDAY, "sp1")


def test_what_an_act_did_was_taken_back_by_an_act_that_undoes_that_very_row(rows):
    case_id = rows.case_of("T1")
    promises = [
        rows.promise(rows.owes(case_id, TUESDAY, rule=rule), until_on=TUESDAY, by_ref="of1") for rule in ("a", "b")
    ]
    rows.act(case_id, promise_id=promises[0])
    rows.act(case_id, promise_id=promises[1], undoes=True)
    found = [acts.taken_back(rows.connection, ActKind.PROMISE, id_) for id_ in promises]
    assert found == [False, True]
