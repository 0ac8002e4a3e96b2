"""Who gets the weekly standing, which hard clocks are repeated, and what operations get on another channel."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from config.routes import Route
from models.outbox import Message, Notification
from models.queries.outbox import digests
from tests.integration.outbox_world import AT_NINE, TUESDAY
from tests.integration.review_rows import ReviewRows

MONDAY, WEDNESDAY = TUESDAY - timedelta(days=1), TUESDAY + timedelta(days=1)
MAIL = Route("email", "Mail", on=True, address="email", kinds=frozenset(), everyone=True, operations=True)
SLACK = Route("slack", "Slack", on=True, address="slack_user_id", kinds=frozenset(), operations=True)
HELD = {"due_on": MONDAY, "last_step": 1, "escalate_on": WEDNESDAY}


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def standing(rows, *routes: Route, acting: tuple[str, ...] = ()) -> set[tuple[str, str]]:
    """Write the standings of Tuesday; who gets one, and by which channel."""
    digests.standings(rows.connection, TUESDAY, AT_NINE, routes or (MAIL,), acting)
    return set(rows.found(select(Message.contact_ref, Message.channel).where(Message.standing)))


def test_active_spocs_and_leads_and_those_who_act_for_them_get_a_standing_by_each_route_that_reaches_them(rows):
    for ref, given in (
        ("spoc", {}), ("lead", {"roles": ("officer", "lead")}), ("gone", {"withdrawn_on": TUESDAY}),
        ("going", {"withdrawn_on": WEDNESDAY}), ("begins", {"active_from": TUESDAY}),
        ("to-begin", {"active_from": WEDNESDAY}), ("ends", {"active_to": TUESDAY}), ("ended", {"active_to": MONDAY}),
        ("officer", {"roles": ("officer",)}), ("deputy", {"roles": ("officer",)}),
        ("by-slack", {"slack_user_id": "U1"}),
    ):  # fmt: skip
        rows.contact(ref, **{"roles": ("spoc",)} | given)
    told = {"spoc", "lead", "going", "begins", "ends", "deputy", "by-slack"}
    expected = {(ref, "email") for ref in told} | {("by-slack", "slack")}
    assert standing(rows, MAIL, SLACK, acting=("deputy",)) == expected


def test_an_officer_gets_a_standing_while_something_overdue_reached_them(rows):
    for ref, owed, given in (
        ("sent", {}, {"state": "sent"}), ("shown", {}, {"state": "shown"}), ("unknown", {}, {"state": "unknown"}),
        ("queued", {}, {"state": "queued"}), ("today", {"due_on": TUESDAY}, {}), ("no-step", {"last_step": 0}, {}),
        ("over", {"ended_on": TUESDAY, "end_reason": "met"}, {}), ("for-good", {}, {"live": False}),
        ("end", {}, {"happening": "resolved"}),
    ):  # fmt: skip
        obligation = rows.owes(rows.case_of(ref), **HELD | owed)
        rows.notification(obligation, None, rows.contact(ref), **{"state": "sent"} | given)
    rows.contact("unrelated")
    rows.notification(rows.owes(None, force=None, **HELD), None, rows.contact("organisation"), state="sent")
    rows.notification(rows.owes(rows.case_of("OPERATIONS"), **HELD), None, None, state="sent")
    assert {ref for ref, _ in standing(rows)} == {"sent", "shown", "unknown", "organisation"}


def test_what_reached_an_officer_counts_for_the_later_version_that_carries_on_from_it(rows):
    over = {"ended_on": MONDAY, "end_reason": "moved"}
    for ref, told, later in (
        ("carried", {}, {"version": 2}), ("anew", {}, {"version": 2, "chain_from": 2}),
        ("other-rule", {}, {"rule": "other"}), ("other-subject", {}, {"subject": "other"}),
        ("before", {"version": 3, "chain_from": 1}, {"version": 2}),
    ):  # fmt: skip
        case_id = rows.case_of(ref)
        rows.notification(rows.owes(case_id, **HELD | over | told), None, rows.contact(ref), state="sent")
        rows.owes(case_id, **HELD | later)
    rows.notification(rows.owes(rows.case_of("LAST"), **HELD | over), None, rows.contact("other-case"), state="sent")
    assert {ref for ref, _ in standing(rows)} == {"carried"}


def test_a_standing_joins_a_waiting_letter_and_follows_one_that_was_only_shown(rows):
    for ref, state in (("waits", "queued"), ("shown", "shown"), ("sent", "sent")):
        key = f"digest:{rows.contact(ref, roles=('spoc',))}:email:2026-03-17"
        rows.message(ref, key=key, state=state)
    rows.message(rows.contact("elsewhere", roles=("spoc",)), state="shown")
    standing(rows)
    found = rows.found(select(Message.key).where(Message.standing))
    assert {key for (key,) in found} == {
        "digest:waits:email:2026-03-17", "digest:shown:email:2026-03-17:mailed", "digest:elsewhere:email:2026-03-17",
    }  # fmt: skip


def test_the_present_step_of_a_hard_clock_that_was_only_shown_is_repeated_once_a_person_and_channel(rows):
    hard, shown = {"hard": True, "last_step": 2}, {"state": "shown", "step": 2}
    carried, wanted = rows.case_of("CARRIED"), []
    first = rows.owes(carried, MONDAY, **hard, ended_on=MONDAY, end_reason="moved")
    wanted.append(rows.owes(carried, TUESDAY, **hard, version=2))
    rows.notification(first, None, "of1", **shown)
    for ref, owed, given in (
        ("soft", {"hard": False}, {}), ("over", {"ended_on": TUESDAY, "end_reason": "met"}, {}),
        ("end", {}, {"happening": "resolved"}), ("sent", {}, {"state": "sent"}), ("step-1", {}, {"step": 1}),
    ):  # fmt: skip
        obligation = rows.owes(rows.case_of(ref), TUESDAY, **hard | owed)
        rows.notification(obligation, None, "of1", **shown | given)
    several = rows.owes(rows.case_of("SEVERAL"), TUESDAY, **hard)
    for ref, channel, note in (("of1", "email", "a"), ("of1", "slack", "b"), ("of2", "email", "c")):
        rows.notification(several, None, ref, channel=channel, note=note, **shown)
    rows.notification(several, None, "of1", occasion="handed over", note="newest", **shown)
    assert digests.repeat_hard_clocks(rows.connection, WEDNESDAY) == 4
    again = select(Notification.obligation_id, Notification.contact_ref, Notification.channel, Notification.note).where(
        Notification.occasion == "first mailed"
    )
    assert sorted(rows.found(again)) == sorted([
        (wanted[0], "of1", "email", ""), (several, "of1", "email", "newest"), (several, "of1", "slack", "b"),
        (several, "of2", "email", "c"),
    ])  # fmt: skip
    assert digests.repeat_hard_clocks(rows.connection, WEDNESDAY) == 0


def test_messages_to_operations_are_copied_to_another_channel_from_a_day_on(rows):
    for key, given in (
        ("alarm:1", {}), ("paused:email:1", {}), ("paused:slack:1", {}), ("early", {"day": MONDAY - timedelta(days=1)}),
        ("void", {"state": "void"}), ("by-slack", {"channel": "slack"}), ("agenda", {"kind": "agenda"}),
        ("sent", {"state": "sent", "day": TUESDAY}),
    ):  # fmt: skip
        rows.message(None, **{"key": key, "kind": "operations", "day": MONDAY, "text": key} | given)
    assert digests.copy_to_operations(rows.connection, "email", "slack", MONDAY) == 3
    copied = {key: text for key, text in rows.texts().items() if key.endswith(":slack")}
    assert copied == {"alarm:1:slack": "alarm:1", "paused:email:1:slack": "paused:email:1", "sent:slack": "sent"}


def test_a_message_that_was_shown_is_known_among_others(rows):
    assert not digests.any_shown(rows.connection)
    rows.message("of1", state="sent")
    assert not digests.any_shown(rows.connection)
    rows.message("of1", state="shown")
    assert digests.any_shown(rows.connection)
