"""What "undo" takes back: a live promise, else the report that the action was done, else nothing."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text, update

from config.replies import Answered
from models.obligations import Obligation
from tasks.platform.tokens import Key, Purpose
from tasks.replies.reply import UNKNOWN
from tasks.replies.taking_back import ONLY_UNDOES
from tests.worlds.reply_rows import MOVED, Replies, key
from tests.worlds.rows import TUESDAY

NEXT = TUESDAY + timedelta(days=2)


@pytest.fixture
def rows(connection) -> Replies:
    return Replies(connection)


def standing(rows: Replies) -> list[Any]:
    """The statuses of the actions, and how the promises ended."""
    statuses = rows.connection.execute(text("select status from actions order by action_ref"))
    ends = rows.connection.execute(text('select "end" from promises order by id'))
    return [row[0] for row in (*statuses, *ends)]


def test_a_promise_is_taken_back_before_the_report_that_the_action_was_done(rows):
    rows.action("A1", rows.case_id)
    item = rows.item()
    assert rows.asks("undo", key(item))[0].startswith("Nobody has taken it on")
    for said in ("until Thursday", "done"):
        rows.asks(said, key(item))
    assert standing(rows) == ["done", None]
    for after, on in (
        (["done", "withdrawn"], NEXT),
        (["pending", "withdrawn"], TUESDAY),
        (["pending", "withdrawn"], TUESDAY),
    ):
        assert rows.asks("undo", key(item)) == (Answered.TAKEN_BACK, item, "of1")
        assert (standing(rows), rows.on) == (after, on)


def test_the_report_of_an_action_that_is_owed_no_more_is_taken_back_too(rows):
    rows.action("A1", rows.case_id)
    item = rows.item()
    rows.asks("done", key(item))
    ended = {"ended_on": TUESDAY, "end_reason": "met"}
    rows.connection.execute(update(Obligation).where(Obligation.id == item).values(**ended))
    assert rows.asks("undo", key(item))[:2] == (Answered.TAKEN_BACK, item)
    assert standing(rows) == ["pending"]


def test_what_is_named_as_an_action_is_takes_back_no_report_of_it(rows):
    rows.action("A1", rows.case_id)
    rows.asks("done", key(rows.item()))
    other = rows.item(rule="no-progress", subject="incident:A1")
    assert rows.asks("undo", key(other))[0].startswith("Nobody has taken it on")
    assert standing(rows) == ["done"]


def test_of_a_day_that_moved_the_promise_about_what_is_owed_now_is_taken_back(rows):
    first, live = rows.item(**MOVED), rows.item(version=2)
    rows.asks("until Thursday", key(live))
    for on in (NEXT, None):
        assert rows.asks("undo", key(first)) == (Answered.TAKEN_BACK, live, "of1")
        assert (standing(rows), rows.on) == (["withdrawn"], on), "the second time there is nothing to take back"


def test_a_link_that_undoes_does_nothing_else_and_nothing_for_who_is_barred(rows):
    sitting = rows.sitting("45-1", TUESDAY)
    convening = rows.convening(rows.case_id, sitting)
    review = rows.owes(rows.case_id, TUESDAY)
    made = rows.act(rows.case_id, outcome_id=rows.outcome(convening))

    def asks(said: str, act_id: int = made) -> Any:
        return rows.asks(said, Key("of1", act_id, NEXT, Purpose.ACT))[:2]

    assert asks("undo", made + 1_000) == (UNKNOWN, None)
    assert asks("thanks") == (Answered.UNCLEAR, review)
    assert asks("done") == (ONLY_UNDOES, review)
    assert asks("undo") == (Answered.TAKEN_BACK, review)
    assert not rows.standing()
    rows.say_of(rows.case_id, barred_refs=["of1"])
    assert asks("undo") == (UNKNOWN, None)
