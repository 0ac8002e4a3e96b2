"""What a person may promise of, the latest promise about it, and what a promise writes."""

from datetime import timedelta

from sqlalchemy import select

from models.obligations import Obligation, Promise
from models.queries.obligations import acknowledgements
from models.queries.obligations.acknowledgements import NewPromise
from models.queries.people.parties import asked_case
from models.rules.references import CaseReference
from tests.worlds.rows import AT_NINE, TUESDAY

DAY = timedelta(days=1)
OVER = {"ended_on": TUESDAY, "end_reason": "met"}
LAPSED = {"ended_on": TUESDAY, "end": "lapsed"}


def days(rows) -> dict[int, object]:
    return dict(rows.found(select(Obligation.id, Obligation.next_step_on)))


def test_a_case_is_found_by_its_force_and_reference(rows):
    case_id = rows.case_of("T1")
    rows.case_of("T1", "46")
    rows.case_of("T2")
    asked = [asked_case(rows.connection, CaseReference(*named)) for named in (("45", "T1"), ("46", "T2"))]
    assert [case and case.case_id for case in asked] == [case_id, None]


def test_what_a_case_owes_under_a_rule_is_listed_by_subject(rows):
    case_id, other = rows.case_of("T1"), rows.case_of("T2")
    for of, subject, given in (
        (case_id, "b", {}), (case_id, "B", {}), (case_id, "a", {}), (case_id, "over", OVER | {"rule": "over"}),
        (case_id, "over", OVER),
        (case_id, "rule", {"rule": "other"}), (other, "other", {}),
    ):  # fmt: skip
        rows.owes(of, TUESDAY, subject=subject, **given)
    found = [one.subject for one in acknowledgements.live(rows.connection, case_id, "joint-review")]
    assert found == ["B", "a", "b"]
    owed = [(owed.rule, owed.subject) for owed in acknowledgements.owed(rows.connection, case_id)]
    assert owed == [("joint-review", "B"), ("joint-review", "a"), ("joint-review", "b"), ("other", "rule")]
    assert [owed.rule for owed in acknowledgements.owed(rows.connection, other)] == ["joint-review"]


def test_a_version_is_live_until_it_ended_and_belongs_to_a_case(rows):
    case_id = rows.case_of("T1")
    live, over, without = (
        rows.owes(case_id, TUESDAY), rows.owes(case_id, TUESDAY, rule="over", **OVER), rows.owes(None, TUESDAY)
    )  # fmt: skip
    found = [acknowledgements.live_version(rows.connection, id_) for id_ in (live, over, without)]
    assert [one and one.id for one in found] == [live, None, None]


def test_the_latest_promise_is_the_live_one_of_the_chain_else_the_last_that_was_made(rows):
    kept, lapsed, void, none = (rows.case_of(name) for name in ("KEPT", "LAPSED", "VOID", "NONE"))
    moved = {"ended_on": TUESDAY, "end_reason": "moved"}
    again = rows.owes(kept, TUESDAY, **OVER)
    first = rows.owes(kept, TUESDAY, version=2, chain_from=2, **moved)
    now = rows.owes(kept, TUESDAY, version=3, chain_from=2)
    ids = {"kept": now, "lapsed": rows.owes(lapsed, TUESDAY), "void": rows.owes(void, TUESDAY, version=2)}
    ids["none"] = rows.owes(none, TUESDAY)
    gone = rows.owes(void, TUESDAY, ended_on=TUESDAY, end_reason="void")
    for obligation, by, given in (
        (first, "live", {}), (now, "later", LAPSED), (again, "before", {}), (ids["lapsed"], "first", LAPSED),
        (ids["lapsed"], "last", LAPSED), (gone, "void", LAPSED),
        (rows.owes(none, TUESDAY, subject="other"), "subject", {}),
        (rows.owes(none, TUESDAY, rule="other"), "rule", {}),
    ):  # fmt: skip
        made = rows.promise(obligation, until_on=TUESDAY, by_ref=by, **given)
        if by == "first":
            rows.move_back(Promise, made)
    found = {name: acknowledgements.live_version(rows.connection, id_) for name, id_ in ids.items()}
    assert {name: (one.promised_by, bool(one.standing)) for name, one in found.items()} == {
        "kept": ("live", True), "lapsed": ("last", False), "void": (None, False), "none": (None, False),
    }  # fmt: skip


def test_a_promise_lets_the_climb_look_again_on_the_day_after_it_or_before(rows):
    case_id = rows.case_of("T1")
    later, sooner, none, other = (
        rows.owes(case_id, TUESDAY, rule=rule, next_step_on=day)
        for rule, day in (("a", TUESDAY + 9 * DAY), ("b", TUESDAY), ("c", None), ("d", None))
    )
    for id_ in (later, sooner, none):
        acknowledgements.make(
            rows.connection, NewPromise(id_, "of1", AT_NINE, TUESDAY, TUESDAY + 2 * DAY, 0, None, "FREE-TEXT")
        )
    assert days(rows) == {later: TUESDAY + 3 * DAY, sooner: TUESDAY, none: TUESDAY + 3 * DAY, other: None}


def test_only_the_named_promise_is_renewed_or_withdrawn(rows):
    case_id = rows.case_of("T1")
    owed = [rows.owes(case_id, TUESDAY, rule=rule) for rule in ("a", "b", "c")]
    ids = [rows.promise(id_, until_on=TUESDAY, by_ref="of1") for id_ in owed]
    acknowledgements.renew(rows.connection, ids[0], TUESDAY)
    acknowledgements.withdraw(rows.connection, ids[1], TUESDAY)
    ends = dict(rows.found(select(Promise.id, Promise.end)))
    assert ends == {ids[0]: "renewed", ids[1]: "withdrawn", ids[2]: None}
    assert days(rows) == {owed[0]: None, owed[1]: TUESDAY, owed[2]: None}
