"""The statements of delivery in a rehearsal: what is due leaves, and what waited for it."""

from datetime import timedelta

from sqlalchemy import select

from models.outbox import Message
from models.queries.rehearsal import virtual_delivery
from tests.worlds.rows import AT_NINE, TUESDAY

MINUTE, MONDAY = timedelta(minutes=1), TUESDAY - timedelta(days=1)


def test_what_is_due_waits_by_itself_since_before_the_moment_and_letters_leave_on_working_days(rows):
    before = {"due_at": AT_NINE - MINUTE}
    letter = rows.message("of1", key="letter", **before)
    for ref, key, given in (
        ("of1", "retry", {"state": "retry"}), ("of1", "at", {"due_at": AT_NINE}), ("of1", "sent", {"state": "sent"}),
        ("of1", "enclosed", {"letter_id": letter}), ("of1", "agenda", {"kind": "agenda"}),
        (None, "to-operations", {"kind": "agenda"}), ("of1", "thread", {"kind": "thread"}),
    ):  # fmt: skip
        rows.message(ref, key=key, **before | given)
    rows.move_back(Message, letter)
    keys = dict(rows.found(select(Message.id, Message.key)))
    working = [keys[one] for one in virtual_delivery.due(rows.connection, AT_NINE, letters=True)]
    assert working == ["letter", "retry", "to-operations", "thread"]
    day_off = [keys[one] for one in virtual_delivery.due(rows.connection, AT_NINE, letters=False)]
    assert day_off == ["to-operations", "thread"]


def test_a_message_waited_that_holds_what_was_decided_on_an_earlier_day(rows):
    owed = rows.critical(1)
    for key, days in (("waited", (0, 1)), ("today", (0,)), ("empty", ()), ("tomorrow", (-1,))):
        made = rows.message("of1", key=key, due_at=AT_NINE - MINUTE)
        for number in days:
            rows.notification(owed, made, key, day=TUESDAY - timedelta(days=number), step=10 + number)
    found = virtual_delivery.waited(rows.connection, AT_NINE, letters=True)
    assert [(one.key, one.contact_ref, one.day) for one in found] == [("waited", "of1", TUESDAY)]
    assert len(virtual_delivery.due(rows.connection, AT_NINE, letters=True)) == 4


def test_a_message_is_being_sent_when_it_is_due_or_at_the_moment_if_that_is_later(rows):
    made = [rows.message("of1", due_at=AT_NINE + number * MINUTE) for number in (-1, 1, 2)]
    virtual_delivery.sending(rows.connection, made[:2], AT_NINE)
    found = rows.found(select(Message.id, Message.state, Message.sending_at).order_by(Message.id))
    assert found == [
        (made[0], "sending", AT_NINE), (made[1], "sending", AT_NINE + MINUTE), (made[2], "queued", None),
    ]  # fmt: skip
    virtual_delivery.sending(rows.connection, made[2:], AT_NINE + 5 * MINUTE)
    assert rows.found(select(Message.sending_at).where(Message.id == made[0])) == [(AT_NINE,)]
