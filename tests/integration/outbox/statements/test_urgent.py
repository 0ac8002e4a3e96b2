"""The urgent mails of a day: what joins one, what comes first, and from which hour each is due."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.outbox import Message, Notification
from models.queries.outbox import urgent
from tests.integration.outbox_world import AT_NINE, TUESDAY
from tests.integration.review_rows import ReviewRows

WEDNESDAY, AT_SIX, AT_EIGHT = (
    TUESDAY + timedelta(days=1), AT_NINE - timedelta(hours=3), AT_NINE - timedelta(hours=1)
)  # fmt: skip
AT_ONCE = {"manner": "at_once"}


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def urged(rows, ref: str | None = "of1", owed: dict | None = None, **given) -> int:
    """Let something of a case of its own be urgent for somebody; its notification's id."""
    obligation = rows.critical(rows.case_of(f"{ref}-{owed}-{given}"), **owed or {})
    message_id = given.pop("message_id", None)
    return rows.notification(obligation, message_id, ref, **AT_ONCE | given)


def group(rows, most: int = 5, now=AT_NINE, **given) -> int:
    return urgent.at_once(rows.connection, TUESDAY, most, now, AT_EIGHT, WEDNESDAY, **given)


def mailed(rows) -> set[int]:
    """The notifications that an urgent mail of the day holds."""
    held = select(Notification.id).join(Message, Message.id == Notification.message_id).where(Message.day == TUESDAY)
    return set(rows.connection.scalars(held))


def test_what_is_urgent_until_today_and_in_no_message_is_mailed(rows):
    placed = rows.message("of1", kind="at_once", day=TUESDAY - timedelta(days=1))
    today, earlier = urged(rows), urged(rows, day=TUESDAY - timedelta(days=1))
    for given in (
        {"message_id": placed}, {"state": "silent"}, {"manner": "digest"}, {"happening": "resolved"},
        {"day": WEDNESDAY},
    ):  # fmt: skip
        urged(rows, **given)
    assert group(rows) == 2
    assert mailed(rows) == {today, earlier}


def test_only_named_notifications_are_mailed_where_some_are_named(rows):
    urged(rows, "of1")
    wanted = urged(rows, "of2")
    assert group(rows, only=[wanted]) == 1
    assert mailed(rows) == {wanted}


def test_of_too_much_hard_clocks_come_first_then_what_was_due_then_what_escalated_then_what_was_decided(rows):
    day = timedelta(days=1)
    last = urged(rows, owed={"due_on": TUESDAY, "escalate_on": TUESDAY}, occasion="a")
    after = urged(rows, owed={"due_on": TUESDAY, "escalate_on": TUESDAY}, occasion="b")
    escalated = urged(rows, owed={"due_on": TUESDAY, "escalate_on": TUESDAY - day})
    due = urged(rows, owed={"due_on": TUESDAY - day, "escalate_on": WEDNESDAY})
    hard = urged(rows, owed={"due_on": WEDNESDAY, "escalate_on": WEDNESDAY, "hard": True})
    rows.move_back(Notification, last)
    order = [hard, due, escalated, last, after]
    for most in range(1, 6):
        assert group(rows, most) == 1
        assert mailed(rows) == set(order[:most]), most


def test_what_a_person_was_mailed_on_the_day_and_channel_counts_towards_the_most(rows):
    waiting = {}
    for ref, given in (
        ("same", {}), (None, {}), ("slack", {"channel": "slack"}), ("letter", {"kind": "digest"}),
        ("monday", {"day": TUESDAY - timedelta(days=1)}), ("void", {"state": "void"}),
    ):  # fmt: skip
        message = rows.message(ref, **{"kind": "at_once"} | given)
        rows.notification(rows.critical(rows.case_of(f"BEFORE-{ref}")), message, ref, state="sent")
        waiting[ref] = urged(rows, ref)
    rows.message("other", kind="at_once")
    assert group(rows, 1) == 4
    held = select(Notification.id).where(Notification.message_id.is_not(None), Notification.manner == "at_once")
    assert set(rows.connection.scalars(held)) == {waiting[ref] for ref in ("slack", "letter", "monday", "void")}


def test_each_person_has_one_mail_a_channel_named_by_the_first_thing_in_it(rows):
    first = urged(rows, "of1", occasion="a")
    urged(rows, "of1", occasion="b")
    slack, theirs, operations = urged(rows, "of1", channel="slack"), urged(rows, "of2"), urged(rows, None)
    assert group(rows) == 5
    keys = {key for (key,) in rows.found(select(Message.key))}
    assert keys == {
        f"at_once:of1:email:{first}", f"at_once:of1:slack:{slack}", f"at_once:of2:email:{theirs}",
        f"at_once:operations:email:{operations}",
    }  # fmt: skip


def test_only_a_hard_clock_that_ends_before_the_next_working_day_is_due_before_eight(rows):
    for ref, owed in (
        ("hard-today", {"due_on": TUESDAY, "hard": True}), ("hard-next", {"due_on": WEDNESDAY, "hard": True}),
        ("soft-today", {"due_on": TUESDAY}),
    ):  # fmt: skip
        urged(rows, ref, owed)
    group(rows, now=AT_SIX)
    assert dict(rows.found(select(Message.contact_ref, Message.due_at))) == {
        "hard-today": AT_SIX, "hard-next": AT_EIGHT, "soft-today": AT_EIGHT
    }  # fmt: skip


def test_after_eight_every_mail_is_due_now(rows):
    urged(rows)
    group(rows, now=AT_NINE)
    assert rows.found(select(Message.due_at)) == [(AT_NINE,)]
