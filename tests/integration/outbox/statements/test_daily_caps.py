"""The statements about how much was sent: the day's count of each person, and what is unconfirmed."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text

from models.outbox import Message
from models.queries.outbox import daily_caps, outbox_list, unconfirmed
from models.rules.outbox.message_states import GONE, MOST_TRIES, REPEAT
from tests.worlds.rows import AT_NINE

OURS, THEIRS = UUID(int=1), UUID(int=2)


def test_a_person_was_sent_what_left_since_the_moment_and_what_another_worker_holds(rows):
    letter = rows.message("of2", state="sent", sending_at=AT_NINE - timedelta(minutes=1))
    for state, given in (
        ("sent", {}), ("sending", {}), ("shown", {}), ("unknown", {}), ("dead", {}), ("sent", {"hard": True}),
        ("sent", {"letter_id": letter}), ("claimed", {"lease_token": THEIRS, "sending_at": None}),
        ("claimed", {"lease_token": OURS, "sending_at": None}),
        ("claimed", {"lease_token": THEIRS, "sending_at": None}),
        ("sent", {"sending_at": AT_NINE - timedelta(minutes=1)}),
    ):  # fmt: skip
        rows.message("of1", **{"state": state, "sending_at": AT_NINE} | given)
    rows.message("of3", state="sent", sending_at=AT_NINE)
    assert daily_caps.sent_since(rows.connection, ["of1", "of2"], AT_NINE, OURS) == {"of1": 6}
    assert daily_caps.sent_since(rows.connection, ["of3"], AT_NINE, OURS) == {"of3": 1}


def test_an_unknown_message_is_asked_about_in_the_order_of_sending_where_it_may_be_found_by_now(rows):
    to_come, past = datetime(2999, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    ids = {
        name: rows.message("of1", **{"state": "unknown", "sending_at": AT_NINE, "lease_until": until} | given)
        for name, until, given in (
            ("late", past, {}), ("now", text("now()"), {}), ("waits", to_come, {}), ("sent", past, {"state": "sent"}),
            ("slack", past, {"channel": "slack"}), ("early", past, {"sending_at": AT_NINE - timedelta(hours=1)}),
        )
    }  # fmt: skip
    early, late, now, waits = (ids[name] for name in ("early", "late", "now", "waits"))
    assert unconfirmed.ids(rows.connection, "email", searchable=True) == [early, late]
    assert unconfirmed.ids(rows.connection, "email", searchable=False) == [early, late, now, waits]
    taken = [unconfirmed.take(rows.connection, one) for one in (early, ids["sent"])]
    assert [one and one.id for one in taken] == [early, None]
    for one in (early, ids["sent"]):
        unconfirmed.ask_later(rows.connection, one, 600)
    assert unconfirmed.ids(rows.connection, "email", searchable=True) == [late]
    assert rows.found(select(Message.lease_until).where(Message.id == ids["sent"])) == [(past,)]


def test_a_message_was_sent_twice_unless_the_worker_of_the_first_time_died(rows):
    for reason, attempts, twice in (
        ("no answer", 1, False), (REPEAT, 1, True), (f"{REPEAT}; no answer", 1, True), (f"{REPEAT}; {GONE}", 1, False),
        ("no answer", MOST_TRIES - 1, False), ("no answer", MOST_TRIES, True), ("no answer", MOST_TRIES + 1, True),
    ):  # fmt: skip
        message = rows.message("of1", state="unknown", reason=reason, attempts=attempts, sending_at=AT_NINE)
        taken = unconfirmed.take(rows.connection, message)
        assert taken is not None
        assert taken.twice is twice


def test_the_list_is_by_due_moment_without_what_is_done(rows):
    for key, minutes, state in (
        ("b", 2, "dead"), ("d", 4, "retry"), ("a", 1, "unknown"), ("sent", 3, "sent"), ("silent", 3, "silent"),
        ("a-again", 1, "claimed"),
    ):  # fmt: skip
        rows.message("of1", key=key, state=state, due_at=AT_NINE + timedelta(minutes=minutes))
    listed = [one.key for one in outbox_list.listed(rows.connection)]
    assert listed == ["a", "a-again", "b", "d"]
    every = [one.key for one in outbox_list.listed(rows.connection, everything=True)]
    assert every == ["a", "a-again", "b", "sent", "silent", "d"]
    assert outbox_list.counts(rows.connection) == dict.fromkeys(
        ("dead", "retry", "unknown", "sent", "silent", "claimed"), 1
    )
    assert [outbox_list.dead(rows.connection, key) is not None for key in ("b", "a", "sent")] == [True, False, False]


def test_a_hold_is_one_switch_of_its_own(rows):
    assert not outbox_list.is_held(rows.connection)
    rows.switch("policy")
    assert not outbox_list.is_held(rows.connection)
    outbox_list.hold(rows.connection, "sp1", AT_NINE)
    assert outbox_list.is_held(rows.connection)
    assert outbox_list.release(rows.connection)
    assert not outbox_list.release(rows.connection)
    assert rows.switches() == ["policy"]
