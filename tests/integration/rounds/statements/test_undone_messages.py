"""The statements that take back what was said in days that had not come, and correct it."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from models.outbox import Message, Notification
from models.queries.rounds import undone_messages
from models.queries.rounds.undone_messages import Correction
from tests.worlds.rows import AT_NINE, TUESDAY

MONDAY, WEDNESDAY, FRIDAY = date(2026, 3, 16), date(2026, 3, 18), date(2026, 3, 20)
LATER = AT_NINE + timedelta(days=1)
WHY = "undone on Tue 17 Mar 2026"


def states(rows) -> dict[int, tuple[str, str]]:
    return {id_: (state, why) for id_, state, why in rows.found(select(Message.id, Message.state, Message.reason))}


def test_what_was_said_then_is_of_a_later_day_or_was_sent_in_one_and_is_not_of_a_kind_that_stays(rows):
    late = rows.message("of1", day=WEDNESDAY, state="sent")
    sent_then = rows.message("of1", day=MONDAY, state="sending", sending_at=LATER)
    rows.message("of1", day=TUESDAY, state="sent", sending_at=datetime(2026, 3, 17, 23, 30, tzinfo=UTC))
    repeat = rows.message("of2", day=FRIDAY, state="queued", reason="may be a repeat; x", channel="slack")
    operations = rows.message(None, kind="operations", day=WEDNESDAY, state="dead", reason="not a repeat")
    sending = rows.message("of1", day=WEDNESDAY, state="sending", sending_at=AT_NINE)
    for kind in ("invitation", "answer", "correction", "thread", "act"):
        rows.message("of1", kind=kind, day=WEDNESDAY, state="sending")
    rows.message("of1", day=WEDNESDAY, state="void")
    rows.message("of1", day=TUESDAY, state="sending")
    rows.move_back(Message, late)
    found = undone_messages.said(rows.connection, TUESDAY)
    assert [(one.id, one.kind, one.contact_ref, one.channel, one.state) for one in found] == [
        (late, "letter", "of1", "email", "sent"), (sent_then, "letter", "of1", "email", "sending"),
        (repeat, "letter", "of2", "slack", "unknown"), (operations, "operations", None, "email", "dead"),
        (sending, "letter", "of1", "email", "sending"),
    ]  # fmt: skip
    assert undone_messages.being_sent(rows.connection, TUESDAY) == 2


def test_a_day_is_londons_in_summer(rows):
    summer = date(2026, 7, 14)
    for minute in (59, 60):
        at = datetime(2026, 7, 14, 22, tzinfo=UTC) + timedelta(minutes=minute)
        rows.message("of1", day=summer, state="sent", sending_at=at, attempts=minute)
    found = [one.id for one in undone_messages.said(rows.connection, summer)]
    assert rows.found(select(Message.attempts).where(Message.id.in_(found))) == [(60,)]


def test_a_void_message_keeps_its_state_as_its_reason_and_frees_its_key(rows):
    sent, queued, other = (
        rows.message("of1", day=WEDNESDAY, state=state, key=f"letter:{state}", sending_at=LATER)
        for state in ("sent", "queued", "retry")
    )
    before = {"letter_id": sent, "day": MONDAY, "kind": "agenda", "sending_at": LATER, "sent_at": LATER, "reason": "x"}
    went, silent, void = (
        rows.message("of1", key=f"agenda:{state}", state=state, **before) for state in ("sent", "silent", "void")
    )
    elsewhere = rows.message("of1", state="sent", **before | {"letter_id": other})
    said = [one for one in undone_messages.said(rows.connection, TUESDAY) if one.id in {sent, queued}]
    with_it = rows.message("of1", key="agenda:later", state="sending", **before | {"day": WEDNESDAY})
    said += [one for one in undone_messages.said(rows.connection, TUESDAY) if one.id == with_it]
    undone_messages.void(rows.connection, said, 7, WHY, AT_NINE)
    found = states(rows)
    assert [found[one] for one in (sent, queued, other)] == [
        ("void", f"sent: {WHY}"), ("void", f"queued: {WHY}"), ("retry", ""),
    ]  # fmt: skip
    keys = dict(rows.found(select(Message.id, Message.key)))
    assert [keys[one] for one in (sent, queued, other)] == [
        "void:7:letter:sent",
        "void:7:letter:queued",
        "letter:retry",
    ]
    columns = (Message.letter_id, Message.state, Message.reason, Message.sending_at, Message.sent_at)
    after = {id_: tuple(rest) for id_, *rest in rows.found(select(Message.id, *columns))}
    assert after[went] == (None, "queued", "", None, None)
    assert after[silent] == (sent, "silent", "x", LATER, LATER)
    assert after[void] == (sent, "void", "x", LATER, LATER)
    assert after[elsewhere] == (other, "sent", "x", LATER, LATER)
    assert after[with_it][:2] == (sent, "sending")  # a worker has it: it is not queued beside that


def test_a_later_notification_is_void_and_one_of_before_waits_for_the_next_letter(rows):
    letter, other = (rows.message("of1", day=WEDNESDAY, state="sent") for _ in range(2))
    owed = rows.critical(1)
    made = {
        ref: rows.notification(owed, message, ref, state=state, day=on, reason="before")
        for ref, message, state, on in (
            ("later", letter, "sent", WEDNESDAY), ("void", None, "void", FRIDAY), ("waits", letter, "sent", TUESDAY),
            ("other", other, "sent", MONDAY),
        )
    }  # fmt: skip
    said = [one for one in undone_messages.said(rows.connection, TUESDAY) if one.id == letter]
    assert undone_messages.void_notifications(rows.connection, said, TUESDAY, WHY) == 2
    columns = (Notification.state, Notification.reason, Notification.live, Notification.message_id)
    found = {id_: tuple(rest) for id_, *rest in rows.found(select(Notification.id, *columns))}
    assert found == {
        made["later"]: ("void", f"sent: {WHY}", False, letter), made["void"]: ("void", "before", False, None),
        made["waits"]: ("queued", "", True, None), made["other"]: ("sent", "before", True, other),
    }  # fmt: skip


def test_what_stays_leaves_today_and_a_thread_that_waits_is_silent(rows):
    made = {
        (kind, state, on): rows.message("of1", kind=kind, state=state, day=on, due_at=due_at)
        for kind, state, on, due_at in (
            ("thread", "queued", WEDNESDAY, LATER), ("thread", "retry", WEDNESDAY, LATER),
            ("thread", "claimed", WEDNESDAY, LATER), ("thread", "sent", WEDNESDAY, LATER),
            ("thread", "queued", TUESDAY, LATER), ("answer", "queued", WEDNESDAY, LATER),
            ("act", "queued", FRIDAY, AT_NINE - timedelta(hours=1)), ("answer", "queued", TUESDAY, LATER),
            ("invitation", "void", WEDNESDAY, LATER), ("letter", "queued", WEDNESDAY, LATER),
        )
    }  # fmt: skip
    undone_messages.keep_the_rest_going(rows.connection, TUESDAY, AT_NINE)
    columns = (Message.state, Message.day, Message.due_at)
    found = {id_: tuple(rest) for id_, *rest in rows.found(select(Message.id, *columns))}
    for state in ("queued", "retry", "claimed"):
        assert found[made["thread", state, WEDNESDAY]] == ("silent", TUESDAY, AT_NINE)
    assert found[made["thread", "sent", WEDNESDAY]] == ("sent", TUESDAY, AT_NINE)
    assert found[made["answer", "queued", WEDNESDAY]] == ("queued", TUESDAY, AT_NINE)
    assert found[made["act", "queued", FRIDAY]] == ("queued", TUESDAY, AT_NINE - timedelta(hours=1))
    for kept in (("thread", "queued", TUESDAY), ("answer", "queued", TUESDAY), ("invitation", "void", WEDNESDAY),
                 ("letter", "queued", WEDNESDAY)):  # fmt: skip
        assert found[made[kept]] == (kept[1], kept[2], LATER)


def test_a_failed_review_and_a_standing_that_was_never_sent_are_queued_again(rows):
    for ref, kind, key in (
        ("of1", "failed_review", "void:7:failed_review:1"), ("of1", "failed_review", "void:8:failed_review:2"),
        ("of1", "agenda", "void:7:agenda:1"), ("of1", "failed_review", "void:7:failed_review:3"),
        ("of1", "failed_review", "failed_review:3"),
    ):  # fmt: skip
        rows.message(ref, kind=kind, key=key, state="void", about="45/South East")
    reason = "joined 2027-03-01"
    for ref, given in (
        ("of2", {}), ("of2", {}), ("of3", {"standing": False}), ("of4", {"state": "void"}), ("of5", {"reason": "x"}),
        ("of6", {"kind": "at_once"}), ("of7", {"channel": "slack"}), ("of8", {}), ("of9", {}),
    ):  # fmt: skip
        rows.message(ref, **{"state": "silent", "reason": reason, "standing": True, "day": MONDAY} | given)
    for ref, state in (("of8", "queued"), ("of9", "sent")):
        rows.message(ref, key=f"letter:{ref}:email:{TUESDAY}", state=state)
    last = max(states(rows))
    undone_messages.write_again(rows.connection, 7, [reason, "none"], TUESDAY, AT_NINE)
    found = rows.found(
        select(Message.key, Message.kind, Message.contact_ref, Message.day, Message.about, Message.standing)
        .where(Message.id > last)
        .order_by(Message.key)
    )
    assert found == [
        ("failed_review:1", "failed_review", "of1", TUESDAY, "45/South East", False),
        ("letter:of2:email:2026-03-17", "letter", "of2", TUESDAY, None, True),
        ("letter:of7:slack:2026-03-17", "letter", "of7", TUESDAY, None, True),
    ]
    standing = dict(rows.found(select(Message.key, Message.standing).where(Message.key.like("letter:of_:email:2026%"))))
    assert (standing[f"letter:of8:email:{TUESDAY}"], standing[f"letter:of9:email:{TUESDAY}"]) == (True, False)


def test_a_correction_goes_to_each_person_and_channel_that_was_reached_with_what_it_takes_back(rows):
    for ref, channel, day, state, given in (
        ("of1", "email", FRIDAY, "sent", {}), ("of1", "email", WEDNESDAY, "unknown", {}),
        ("of1", "slack", FRIDAY, "sent", {}), ("of2", "email", FRIDAY, "queued", {}),
        (None, "email", FRIDAY, "sent", {}),
        ("of1", "email", date(2026, 3, 27), "dead", {}), ("of3", "email", WEDNESDAY, "unknown", {}),
    ):  # fmt: skip
        rows.message(ref, channel=channel, day=day, state=state, **given)
    said = undone_messages.said(rows.connection, TUESDAY)
    letter = said[0].id
    rows.message("of1", day=date(2026, 4, 1), state="void", key="void:7:a", reason="sent: x", letter_id=letter)
    rows.message("of1", day=date(2026, 4, 2), state="void", key="void:8:a", reason="sent: x")
    rows.message("of1", day=date(2026, 4, 3), state="silent", key="void:7:b", reason="sent: x")
    undone_messages.void(rows.connection, said, 7, WHY, AT_NINE)
    assert undone_messages.correct(rows.connection, said, 7, TUESDAY, AT_NINE) == 3
    waits = select(Message.key, Message.id).where(Message.kind == "correction", Message.hard, Message.day == TUESDAY)
    ids = dict(rows.found(waits))
    assert set(ids) == {f"correction:7:{one}" for one in ("of1:email", "of1:slack", "of3:email")}
    found = undone_messages.corrections(rows.connection, [ids[f"correction:7:{ref}:email"] for ref in ("of1", "of3")])
    assert found == {
        ids["correction:7:of1:email"]: Correction(2, WEDNESDAY, FRIDAY),
        ids["correction:7:of3:email"]: Correction(1, WEDNESDAY, WEDNESDAY),
    }
