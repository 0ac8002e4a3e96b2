"""What joins the letter of the day, and what becomes of letters of earlier days."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from models.outbox import Message, Notification
from models.queries.outbox import digests
from models.rules.outbox.message_states import REPEAT
from tests.integration.outbox_world import AT_NINE, TUESDAY
from tests.integration.review_rows import ReviewRows

MONDAY, MIDNIGHT = TUESDAY - timedelta(days=1), datetime(2026, 3, 17, tzinfo=UTC)
SENT = {"state": "sent", "sending_at": AT_NINE}


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def waits(rows, ref: str | None, **given) -> int:
    """Let a notification of a case of its own wait for somebody, who is no contact yet; its id."""
    obligation = rows.critical(rows.case_of(f"CASE-{ref}-{given}"))
    return rows.notification(obligation, None, ref, **given)


def places(rows, table, letter) -> dict[int, str | None]:
    """The key of the letter in which each row travels."""
    keys = dict(rows.found(select(Message.id, Message.key)))
    return {id_: keys.get(held) for id_, held in rows.found(select(table.id, letter))}


def written(rows) -> set[str]:
    """For whom, and by which channel, a letter of the day was begun."""
    key = select(Message.key).where(Message.key.like("digest:%:2026-03-17"), Message.due_at == AT_NINE)
    return {one.removeprefix("digest:").removesuffix(":2026-03-17") for (one,) in rows.found(key)}


def test_a_letter_is_begun_for_what_waits_and_for_what_travels_in_letters(rows):
    placed = rows.message("of9", kind="at_once", day=MONDAY)
    for ref, given in (
        ("waits", {}), ("slack", {"channel": "slack"}), ("resolved", {"happening": "resolved"}),
        ("placed", {"message_id": placed}), ("silent", {"state": "silent"}), (None, {}),
    ):  # fmt: skip
        message_id = given.pop("message_id", None)
        obligation = rows.critical(rows.case_of(f"CASE-{ref}"))
        rows.notification(obligation, message_id, ref, **given)
    for ref, given in (
        ("agenda", {}), ("agenda-retry", {"state": "retry"}), ("agenda-sent", {"state": "sent"}),
        ("agenda-inside", {"letter_id": placed}), ("urgent", {"kind": "at_once"}), (None, {"channel": "slack"}),
    ):  # fmt: skip
        rows.message(ref, **{"kind": "agenda"} | given)
    digests.letters(rows.connection, TUESDAY, AT_NINE)
    begun = {"waits:email", "slack:slack", "operations:email", "agenda:email", "agenda-retry:email"}
    assert written(rows) == begun
    digests.letters(rows.connection, TUESDAY, AT_NINE, patient=False)
    assert written(rows) == begun | {"resolved:email"}


def test_only_named_notifications_get_a_letter_where_some_are_named(rows):
    wanted, other = waits(rows, "of1"), waits(rows, "of2")
    agenda = rows.message("of3", kind="agenda")
    assert digests.letters(rows.connection, TUESDAY, AT_NINE, only=[wanted]) == 1
    assert written(rows) == {"of1:email"}
    assert places(rows, Notification, Notification.message_id) == {wanted: "digest:of1:email:2026-03-17", other: None}
    assert places(rows, Message, Message.letter_id)[agenda] is None


def test_who_was_sent_a_letter_since_midnight_on_that_channel_gets_no_second(rows):
    for ref, given in (
        ("at-midnight", {"sending_at": MIDNIGHT}), ("unknown", {"state": "unknown"}),
        ("before", {"sending_at": MIDNIGHT - timedelta(minutes=1)}), ("shown", {"state": "shown"}),
        ("void", {"state": "void"}), ("by-slack", {"channel": "slack"}), ("urgent", {"kind": "at_once"}),
    ):  # fmt: skip
        rows.message(ref, **SENT | {"day": MONDAY} | given)
        waits(rows, ref)
    assert digests.letters(rows.connection, TUESDAY, AT_NINE) == 5
    assert written(rows) == {"before:email", "shown:email", "void:email", "by-slack:email", "urgent:email"}


def test_what_waits_joins_its_readers_open_letter_of_that_day_and_channel_alone(rows):
    mail, slack = waits(rows, "of1"), waits(rows, "of1", channel="slack")
    theirs, operations = waits(rows, "of2"), waits(rows, None)
    silent = waits(rows, "of1", state="silent", occasion="handed over")
    agenda = {(ref, by): rows.message(ref, kind="agenda", channel=by)
              for ref, by in (("of1", "email"), ("of1", "slack"), ("of2", "email"), ("left", "email"))}  # fmt: skip
    rows.message("left", **SENT)
    left = waits(rows, "left")
    for given in ({"day": MONDAY}, {"kind": "at_once"}, {"state": "claimed"}):
        rows.message("left", **given)
    assert digests.letters(rows.connection, TUESDAY, AT_NINE) == 4
    assert places(rows, Notification, Notification.message_id) == {
        mail: "digest:of1:email:2026-03-17", slack: "digest:of1:slack:2026-03-17",
        theirs: "digest:of2:email:2026-03-17", operations: "digest:operations:email:2026-03-17", left: None,
        silent: None,
    }  # fmt: skip
    found = places(rows, Message, Message.letter_id)
    assert {who: found[id_] for who, id_ in agenda.items()} == {
        ("of1", "email"): "digest:of1:email:2026-03-17", ("of1", "slack"): "digest:of1:slack:2026-03-17",
        ("of2", "email"): "digest:of2:email:2026-03-17", ("left", "email"): None,
    }  # fmt: skip


def test_a_letter_of_an_earlier_day_is_late_until_it_was_sent_or_may_have_arrived(rows):
    letter = rows.message("of1", state="sent")
    late = [rows.message("of1", day=MONDAY), rows.message("of1", day=MONDAY, state="retry", reason="no route")]
    for given in (
        {"kind": "at_once"}, {"state": "sent"}, {"letter_id": letter}, {"day": TUESDAY},
        {"state": "retry", "reason": f"{REPEAT}; no answer"},
    ):  # fmt: skip
        rows.message("of1", **{"day": MONDAY} | given)
    assert sorted(digests.late(rows.connection, TUESDAY)) == late


def test_an_emptied_letter_gives_back_what_waits_in_it_and_no_more(rows):
    emptied, kept = rows.message("of1", day=MONDAY), rows.message("of2", day=MONDAY)
    agendas = [rows.message("of1", kind="agenda", letter_id=letter) for letter in (emptied, kept)]
    held = {
        (letter, state): rows.notification(
            rows.critical(rows.case_of(f"{letter}-{state}")), letter, "of1", state=state, reason="held"
        )
        for letter in (emptied, kept)
        for state in ("queued", "retry", "silent")
    }
    digests.empty(rows.connection, [emptied], TUESDAY, AT_NINE)
    assert places(rows, Message, Message.letter_id)[agendas[0]] is None
    assert places(rows, Message, Message.letter_id)[agendas[1]] is not None
    found = {id_: rest for id_, *rest in rows.found(
        select(Notification.id, Notification.message_id, Notification.state, Notification.reason))}  # fmt: skip
    freed = {held[emptied, state] for state in ("queued", "retry")}
    for (letter, state), id_ in held.items():
        assert found[id_] == ([None, "queued", ""] if id_ in freed else [letter, state, "held"])


def test_the_standing_of_an_emptied_letter_moves_to_the_letter_of_the_day_unless_that_has_left(rows):
    emptied = [
        rows.message(ref, day=day, standing=standing, channel=channel)
        for ref, day, standing, channel in (
            ("new", MONDAY, True, "email"), ("new", MONDAY, True, "slack"), ("plain", MONDAY, False, "email"),
            ("twice", MONDAY, True, "email"), ("twice", MONDAY - timedelta(days=7), True, "email"),
            ("begun", MONDAY, True, "email"), ("gone", MONDAY, True, "email"),
        )
    ]  # fmt: skip
    rows.message("other", day=MONDAY, standing=True)
    for ref, state in (("begun", "queued"), ("gone", "sent")):
        rows.message(ref, key=f"digest:{ref}:email:2026-03-17", state=state)
    digests.empty(rows.connection, emptied, TUESDAY, AT_NINE)
    assert written(rows) == {"new:email", "new:slack", "twice:email"}
    standing = select(Message.contact_ref, Message.channel).where(Message.day == TUESDAY, Message.standing)
    assert set(rows.found(standing)) == {("new", "email"), ("new", "slack"), ("twice", "email"), ("begun", "email")}


def test_what_travels_in_letters_is_listed_as_it_was_made_without_what_fell_silent(rows):
    letters = [rows.message(ref) for ref in ("of1", "of2", "of3")]
    made = [rows.message("of1", kind="agenda", letter_id=letters[at]) for at in (1, 0, 1, 2)]
    for state in ("silent", "void"):
        rows.message("of1", kind="agenda", letter_id=letters[0], state=state)
    for id_ in (made[1], made[0]):
        rows.move_back(Message, id_)
    found = [(letter, one.id) for letter, one in digests.enclosed(rows.connection, letters[:2])]
    assert found == [(letters[1], made[0]), (letters[0], made[1]), (letters[1], made[2])]
