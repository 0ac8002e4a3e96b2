"""Which threads' parents no longer show the state of their case, and on which day that changes by itself."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from models.obligations import Obligation, Promise
from models.queries.outbox import case_threads
from models.slack import Thread
from tests.worlds.rows import TUESDAY

DAY = timedelta(days=1)
OVER = {"ended_on": TUESDAY, "end_reason": "met"}


def steady(rows, ref: str, **given) -> int:
    """Add a case whose fortnight does not begin again within ten days of Tuesday."""
    for number in range(15):
        case_id = rows.case_of(f"{ref}-{number}", **given)
        if ((TUESDAY - date(2000, 1, 3)).days + case_id) % 14 == 1:
            return case_id
    raise AssertionError


def thread(rows, case_id: int, place: str, **given) -> int:
    message = rows.message(None, kind="thread", remote_ref=place, **{"channel": "slack", "state": "sent"} | given)
    rows.add(Thread, message_id=message, case_id=case_id, place=place)
    return message


def stale(rows, today: date = TUESDAY) -> list[str]:
    return [one.place for one in case_threads.stale(rows.connection, today)]


def test_a_parent_is_stale_while_its_case_is_open_or_lately_owed_something_and_those_kept_apart_come_first(rows):
    long_ago = {"finalised_on": TUESDAY - 31 * DAY}
    for place, case, owed, given in (
        ("open", {}, OVER, {}), ("not-sent", {}, {}, {"state": "queued"}), ("teams", {}, {}, {"channel": "teams"}),
        ("long-ago", long_ago, OVER | {"ended_on": TUESDAY - 31 * DAY}, {}),
        ("secret", long_ago | {"restricted": True}, OVER | {"ended_on": TUESDAY - 31 * DAY}, {}),
        ("lately", {"finalised_on": TUESDAY - 30 * DAY}, OVER | {"ended_on": TUESDAY - 31 * DAY}, {}),
        ("lately-owed", long_ago, OVER | {"ended_on": TUESDAY - 30 * DAY}, {}), ("owes", long_ago, {}, {}),
    ):  # fmt: skip
        case_id = rows.case_of(place, **case)
        rows.owes(case_id, TUESDAY, **owed)
        thread(rows, case_id, place, **given)
    found = stale(rows)
    assert found[0] == "secret"
    assert sorted(found) == ["lately", "lately-owed", "open", "owes", "secret"]


def test_a_parent_that_was_changed_is_stale_no_more_and_no_other(rows):
    ids = {}
    for place in ("a", "b", "c"):
        case_id = rows.case_of(place)
        rows.owes(case_id, TUESDAY)
        ids[place] = thread(rows, case_id, place)
    case_threads.mark_shown(rows.connection, [ids["a"]], TUESDAY)
    assert sorted(stale(rows)) == ["b", "c"]
    now = {one.place: one.now for one in case_threads.stale(rows.connection, TUESDAY)}
    case_threads.record_shown(rows.connection, ids["b"], now["b"])
    assert stale(rows) == ["c"]


def test_a_parent_becomes_stale_by_what_its_case_owes_and_has_and_by_nothing_else(rows):
    case_id, other = steady(rows, "T1"), steady(rows, "T2")
    owed, more, theirs = rows.owes(case_id, TUESDAY), rows.owes(case_id, TUESDAY, rule="b"), rows.owes(other, TUESDAY)
    sittings = [rows.sitting(f"SITTING-{at}", TUESDAY + at * DAY) for at in (7, 8, 9)]
    here, there = thread(rows, case_id, "here"), thread(rows, other, "there")

    def change(obligation: int, **given) -> None:
        rows.connection.execute(update(Obligation).where(Obligation.id == obligation).values(**given))

    for what, changed, does in (
        ("a step", ["here"], lambda: change(owed, last_step=2)),
        ("its day", ["here"], lambda: change(more, due_on=TUESDAY + 5 * DAY)),
        ("a promise", ["here"], lambda: rows.promise(owed, until_on=TUESDAY, by_ref="sp1", ended_on=TUESDAY, end="x")),
        ("another", ["here"], lambda: rows.promise(owed, until_on=TUESDAY + DAY, by_ref="sp1")),
        ("another's", ["there"], lambda: rows.promise(theirs, until_on=TUESDAY, by_ref="sp1")),
        ("a place", ["here"], lambda: rows.convening(case_id, sittings[0])),
        ("a former one", [], lambda: rows.convening(case_id, sittings[1], ended_on=TUESDAY, end="moved")),
        ("another's place", ["there"], lambda: rows.convening(other, sittings[1])),
        ("what is void", [], lambda: rows.owes(case_id, TUESDAY, version=2, ended_on=TUESDAY, end_reason="void")),
        ("an end", ["here"], lambda: change(more, **OVER)),
        ("restriction", ["here"], lambda: rows.say_of(case_id, restricted=True)),
        ("the rows' order", [], lambda: rows.move_back(Obligation, owed)),
    ):  # fmt: skip
        case_threads.mark_shown(rows.connection, [here, there], TUESDAY)
        does()
        assert stale(rows) == changed, what


def test_the_order_in_which_promises_are_read_changes_no_parent(rows):
    case_id = rows.case_of("T1")
    owed, here = rows.owes(case_id, TUESDAY), thread(rows, case_id, "here")
    first = rows.promise(owed, until_on=TUESDAY, by_ref="sp1", ended_on=TUESDAY, end="renewed")
    rows.promise(owed, until_on=TUESDAY + DAY, by_ref="sp1")
    case_threads.mark_shown(rows.connection, [here], TUESDAY)
    rows.move_back(Promise, first)
    assert stale(rows) == []


@pytest.mark.parametrize(
    ("due", "escalates", "changes_after"), [(0, 9, 1), (1, 9, 2), (-9, 1, 1), (-9, 2, 2), (-9, 0, None)]
)
def test_a_parent_changes_by_itself_on_the_day_after_the_due_day_and_on_that_of_escalation(
    rows, due, escalates, changes_after
):
    case_id = steady(rows, "T1")
    rows.owes(case_id, TUESDAY + due * DAY, escalate_on=TUESDAY + escalates * DAY)
    case_threads.mark_shown(rows.connection, [thread(rows, case_id, "here")], TUESDAY)
    changed = [days for days in range(4) if stale(rows, TUESDAY + days * DAY)]
    assert changed[:1] == ([changes_after] if changes_after else [])


def test_a_parent_changes_each_fortnight_while_something_is_owed(rows):
    for ref, owed in (("owes", {}), ("over", OVER)):
        case_id = steady(rows, ref)
        rows.owes(case_id, TUESDAY - 9 * DAY, **owed)
        case_threads.mark_shown(rows.connection, [thread(rows, case_id, ref)], TUESDAY)
    assert stale(rows, TUESDAY + 12 * DAY) == []
    assert stale(rows, TUESDAY + 13 * DAY) == ["owes"]
