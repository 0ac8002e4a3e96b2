"""What is void once a fact is taken back, what becomes of its promises, and who is told."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models.obligations import Obligation, Promise
from models.outbox import Notification
from models.queries.obligations import reopened
from models.queries.obligations.reopened import GoneFact
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import TUESDAY


def ago(days: int) -> date:
    return TUESDAY - timedelta(days=days)


FACT, SINCE = ago(6), ago(4)
MET = {"ended_on": ago(3), "end_reason": "met", "fact_on": FACT}


@pytest.fixture
def rows(connection) -> ReviewRows:
    made = ReviewRows(connection)
    for ref in ("of1", "of2"):
        made.contact(ref)
    return made


def reopen(rows, case_id: int) -> None:
    reopened.reopen(rows.connection, GoneFact(case_id, FACT, SINCE), TUESDAY)


def begun(rows, case_id: int, rule: str, over: dict | None = None, **given) -> tuple[int, int]:
    """Add what a fact ended, and the version that began because of it; their ids."""
    before = rows.owes(case_id, ago(9), rule=rule, **MET | (over or {}))
    values = {"version": 2, "chain_from": 2, "done_on": FACT} | given
    return before, rows.owes(case_id, ago(-9), rule=rule, next_step_on=TUESDAY, **values)


def void(rows) -> set[int]:
    return set(rows.connection.scalars(select(Obligation.id).where(Obligation.end_reason == "void")))


def test_only_what_began_because_of_that_fact_is_void_on_the_case_and_those_of_its_urn(rows):
    urn, other_urn = rows.urn("45ZZ0000126"), rows.urn("45ZZ0000226")
    case_id, linked = rows.case_of("T1", urn_key_id=urn), rows.case_of("T2", urn_key_id=urn)
    elsewhere, alone = rows.case_of("T3", urn_key_id=other_urn), rows.case_of("T4")
    expected = {
        begun(rows, case_id, "plain")[1], begun(rows, linked, "plain")[1],
        begun(rows, case_id, "since", {"ended_on": SINCE})[1],
    }  # fmt: skip
    for rule, of, over, given in (
        ("plain", elsewhere, {}, {}), ("plain", alone, {}, {}), ("before", case_id, {"ended_on": ago(5)}, {}),
        ("other-fact", case_id, {"fact_on": ago(5)}, {"done_on": ago(5)}),
        ("finalised", case_id, {"end_reason": "finalised"}, {}), ("other-done", case_id, {}, {"done_on": ago(5)}),
        ("carries-on", case_id, {}, {"chain_from": 1}),
        ("over", case_id, {}, {"ended_on": ago(1), "end_reason": "met"}),
        ("much-later", case_id, {}, {"version": 3, "chain_from": 3}),
    ):  # fmt: skip
        begun(rows, of, rule, over, **given)
    for rule, subject in (("plain", "other"), ("other", "case")):
        rows.owes(case_id, ago(-9), rule=rule, subject=subject, version=2, chain_from=2, done_on=FACT)
    reopen(rows, case_id)
    assert void(rows) == expected
    ends = select(Obligation.ended_on, Obligation.next_step_on).where(Obligation.id.in_(expected))
    assert set(rows.found(ends)) == {(TUESDAY, None)}


def test_a_case_without_urn_is_linked_with_no_other(rows):
    first, second = rows.case_of("T1"), rows.case_of("T2")
    (_, live), _ = begun(rows, first, "plain"), begun(rows, second, "plain")
    reopen(rows, first)
    assert void(rows) == {live}


def test_each_version_of_the_run_is_void_with_what_was_told_of_it(rows):
    case_id = rows.case_of("T1")
    before, live = begun(rows, case_id, "plain", version=4)
    moved = rows.owes(case_id, ago(-5), rule="plain", version=2, chain_from=2, ended_on=ago(2), end_reason="moved")
    undone = rows.owes(case_id, ago(-5), rule="plain", version=3, chain_from=2, ended_on=ago(1), end_reason="void")
    later = rows.owes(case_id, ago(-5), rule="plain", version=5, chain_from=5, ended_on=ago(1), end_reason="moved")
    ids = {
        obligation: rows.notification(obligation, None, "of1", state="sent")
        for obligation in (before, live, moved, undone, later)
    }
    gone = rows.notification(before, None, "of1", live=False, occasion="x")
    reopen(rows, case_id)
    assert void(rows) == {live, moved, undone}
    days = dict(rows.found(select(Obligation.id, Obligation.ended_on)))
    assert (days[live], days[moved], days[undone]) == (TUESDAY, ago(2), ago(1))
    told = dict(rows.found(select(Notification.id, Notification.live)))
    assert {obligation for obligation, id_ in ids.items() if told[id_]} == {before, undone, later}
    assert not told[gone]


def test_a_live_promise_goes_back_to_what_is_owed_again_where_that_has_none(rows):
    case_id = rows.case_of("T1")
    plain, kept, lapsed, ended = (begun(rows, case_id, rule) for rule in ("plain", "kept", "lapsed", "ended"))
    over = {"ended_on": ago(2), "end": "lapsed"}
    other = {"subject": "other", "version": 2, "chain_from": 2, "done_on": FACT}
    beside = rows.owes(case_id, ago(-9), rule="plain", **other)
    promises = {
        name: rows.promise(obligation, until_on=ago(-2), by_ref="of1", **given)
        for name, obligation, given in (
            ("plain", plain[1], {}), ("kept", kept[1], {}), ("kept-before", kept[0], {}), ("lapsed", lapsed[1], {}),
            ("lapsed-before", lapsed[0], over), ("ended", ended[1], over),
            ("beside", beside, {}),
        )
    }  # fmt: skip
    reopen(rows, case_id)
    found = dict(rows.found(select(Promise.id, Promise.obligation_id)))
    assert {name: found[id_] for name, id_ in promises.items()} == {
        "plain": plain[0], "kept": kept[1], "kept-before": kept[0], "lapsed": lapsed[0], "lapsed-before": lapsed[0],
        "ended": ended[1], "beside": beside,
    }  # fmt: skip


def corrected(rows) -> list[tuple[int, str, str, str]]:
    made = select(
        Notification.obligation_id, Notification.contact_ref, Notification.channel, Notification.addressee
    ).where(Notification.occasion == "reopened", Notification.day == TUESDAY)  # fmt: skip
    return sorted(rows.found(made))


def read_of_the_end(rows, obligation_id: int, ref: str, given) -> None:
    rows.notification(obligation_id, None, ref, **{"happening": "resolved", "state": "sent"} | given)


def test_who_read_of_the_end_and_is_active_is_told_once_a_channel_by_the_latest(rows):
    for ref, state in (
        ("gone", {"withdrawn_on": TUESDAY}), ("going", {"withdrawn_on": ago(-1)}), ("left", {"active_to": ago(1)}),
        ("last-day", {"active_to": TUESDAY}),
    ):  # fmt: skip
        rows.contact(ref, **state)
    case_id = rows.case_of("T1")
    over, live = begun(rows, case_id, "plain")
    for ref, given in (
        ("of1", {"addressee": "owner"}), ("of1", {"addressee": "lead", "step": 4}), ("of1", {"channel": "slack"}),
        ("gone", {}), ("going", {}), ("left", {}), ("last-day", {}), ("of2", {"happening": "step"}),
        *(("of2", {"state": unsaid, "step": at}) for at, unsaid in enumerate(("queued", "silent", "dead", "void"), 5)),
    ):  # fmt: skip
        read_of_the_end(rows, over, ref, given)
    rows.notification(live, None, "of2", happening="resolved", state="sent")
    again, _ = begun(rows, case_id, "again")
    rows.notification(again, None, "of2", happening="resolved", state="sent", occasion="reopened", day=ago(1))
    reopen(rows, case_id)
    assert corrected(rows) == [
        (over, "going", "email", "spoc"), (over, "last-day", "email", "spoc"), (over, "of1", "email", "lead"),
        (over, "of1", "slack", "spoc"),
    ]  # fmt: skip
