"""What a thread's parent shows: the obligations that were posted there, each by its latest version."""

from datetime import timedelta

import pytest

from models.obligations import Obligation
from models.queries.outbox import case_threads
from models.slack import Thread, ThreadPost
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows

MOVED = {"ended_on": TUESDAY, "end_reason": "moved"}


@pytest.fixture
def rows(connection) -> ReviewRows:
    made = ReviewRows(connection)
    made.contact("sp1", roles=("spoc",))
    return made


def thread(rows, case_id: int, place: str = "45") -> int:
    """Add the thread of a case in a place; its message's id."""
    message = rows.message(None, kind="thread", channel="slack", state="sent", remote_ref=f"C1:{case_id}.{place}")
    rows.add(Thread, message_id=message, case_id=case_id, place=place)
    return message


def posted(rows, thread_id: int, obligation_id: int, **given) -> None:
    """Add a step of an obligation to a thread."""
    notification = rows.notification(obligation_id, None, "sp1", **given)
    post = rows.message(None, kind="post", channel="slack")
    rows.add(ThreadPost, message_id=post, thread_id=thread_id, notification_id=notification)


def test_a_parent_shows_what_was_posted_by_the_latest_version_that_carries_on(rows):
    case_id, other = rows.case_of("T1"), rows.case_of("T2")
    here, there, elsewhere = thread(rows, case_id), thread(rows, other), thread(rows, case_id, "South East")
    first = rows.owes(case_id, TUESDAY, **MOVED)
    rows.owes(case_id, TUESDAY + timedelta(days=9), version=2)
    rows.owes(case_id, TUESDAY, rule="never-posted")
    void = rows.owes(case_id, TUESDAY, rule="void-step")
    anew = rows.owes(case_id, TUESDAY, rule="anew", **MOVED)
    rows.owes(case_id, TUESDAY + timedelta(days=5), rule="anew", version=2, chain_from=2)
    again = rows.owes(case_id, TUESDAY, rule="again", **MOVED)
    rows.owes(case_id, TUESDAY + timedelta(days=7), rule="again", version=2)
    rows.move_back(Obligation, first)
    over = rows.owes(case_id, TUESDAY, rule="over", ended_on=TUESDAY, end_reason="met")
    rows.owes(case_id, TUESDAY, rule="over", subject="never", ended_on=TUESDAY, end_reason="met")
    gone = rows.owes(case_id, TUESDAY, rule="gone", ended_on=TUESDAY, end_reason="void")
    theirs = rows.owes(other, TUESDAY, rule="theirs")
    for obligation in (over, first, again, anew, gone):
        posted(rows, here, obligation)
    posted(rows, here, void, state="void")
    posted(rows, there, theirs)
    found = case_threads.present_state(rows.connection, [here], TUESDAY)
    shown = [(one.matter.rule, one.matter.due_on, one.happening) for one in found[here]]
    assert shown == [
        ("again", TUESDAY + timedelta(days=7), "step"), ("anew", TUESDAY, "resolved"),
        ("joint-review", TUESDAY + timedelta(days=9), "step"),
        ("over", TUESDAY, "resolved"),
    ]  # fmt: skip
    both = case_threads.present_state(rows.connection, [there, elsewhere], TUESDAY)
    assert {message: [one.matter.rule for one in told] for message, told in both.items()} == {there: ["theirs"]}
