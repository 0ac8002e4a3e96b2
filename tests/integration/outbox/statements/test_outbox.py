"""The statement that claims messages: which are due, and which of them come first."""

from datetime import timedelta
from uuid import UUID

import pytest

from models.queries.outbox import outbox, standstill
from models.queries.outbox.outbox import ClaimTerms
from models.slack import Thread, ThreadPost
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE, TUESDAY

TOKEN = UUID(int=1)


@pytest.fixture
def rows(connection) -> ReviewRows:
    made = ReviewRows(connection)
    made.contact("of1")
    return made


def claimed(rows, most: int = 100, **terms) -> list[str]:
    """Claim messages and give them back; their keys in the order of claiming."""
    wanted = ClaimTerms(**{"channel": "email", "as_of": AT_NINE} | terms)
    found = outbox.claim(rows.connection, TOKEN, wanted, most)
    rows.release([one.id for one in found])
    return [one.key for one in found]


def test_hard_clocks_come_first_then_what_is_due_longest_then_what_was_written_first(rows):
    for key, minutes, hard in (
        ("soft-9", 0, False), ("soft-7", 120, False), ("soft-8", 60, False), ("soft-8-again", 60, False),
        ("hard-8", 60, True), ("hard-7", 120, True), ("later", -1, True),
    ):  # fmt: skip
        rows.message("of1", key=key, due_at=AT_NINE - timedelta(minutes=minutes), hard=hard)
    order = ["hard-7", "hard-8", "soft-7", "soft-8", "soft-8-again", "soft-9"]
    for most in (1, 2, 3, 4, 6):
        assert claimed(rows, most) == order[:most]
    assert claimed(rows, only_hard=True) == order[:2]


def test_what_waits_for_its_channel_its_letter_or_its_thread_is_left(rows):
    letter = rows.message("of1", key="letter")
    for key, given in (
        ("retry", {"state": "retry"}), ("sent", {"state": "sent"}), ("slack", {"channel": "slack"}),
        ("inside", {"letter_id": letter}), ("at-once", {"kind": "at_once"}), ("agenda", {"kind": "agenda"}),
    ):  # fmt: skip
        rows.message("of1", **{"key": key} | given)
    rows.message(None, key="operations-agenda", kind="agenda")
    rows.message(None, key="alarm:1", kind="operations")
    every = {"letter", "retry", "at-once", "operations-agenda", "alarm:1"}
    assert set(claimed(rows)) == every
    assert set(claimed(rows, digests=False)) == every - {"letter", "retry"}
    assert claimed(rows, held=True) == ["alarm:1"]
    assert claimed(rows, channel="slack") == ["slack"]


def test_a_post_waits_until_its_thread_was_sent_or_never_will_be(rows):
    case_id = rows.case_of("T1")
    notification = rows.notification(rows.critical(case_id), None, "of1")
    for state in ("sent", "dead", "silent", "queued", "unknown"):
        parent = rows.message(None, key=f"thread-{state}", kind="thread", state=state, channel="slack")
        rows.add(Thread, message_id=parent, case_id=case_id, place=state)
        post = rows.message(None, key=f"post-{state}", kind="post", channel="slack")
        rows.add(ThreadPost, message_id=post, thread_id=parent, notification_id=notification)
    assert set(claimed(rows, channel="slack")) == {"post-sent", "post-dead", "post-silent", "thread-queued"}


def test_a_question_that_a_hold_lets_out_and_a_message_that_is_due_are_counted_while_they_wait(rows):
    letter = rows.message("of1", due_at=AT_NINE)
    for key, given in (
        ("later", {"due_at": AT_NINE + timedelta(minutes=1)}), ("inside", {"letter_id": letter, "due_at": AT_NINE}),
        ("retry", {"state": "retry", "due_at": AT_NINE}), ("clock:sent", {"state": "sent", "due_at": AT_NINE}),
    ):  # fmt: skip
        rows.message("of1", **{"key": key} | given)
    assert standstill.waiting(rows.connection, AT_NINE) == 2
    assert not standstill.asks(rows.connection)
    rows.message(None, key="clock:1", kind="operations", state="unknown", day=TUESDAY)
    assert standstill.asks(rows.connection)
