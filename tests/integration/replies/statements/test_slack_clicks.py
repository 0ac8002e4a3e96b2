"""The statements about clicks: the same click is one row, and a button's message is about its own obligations."""

from datetime import timedelta

from sqlalchemy import select

from config.slack import Click, ClickState
from models.queries.replies import slack_clicks
from models.queries.replies.slack_clicks import StoredClick
from models.slack import ClickRow, Thread
from tests.worlds.rows import AT_NINE, TUESDAY

CLICK = StoredClick(0, "C1", "1.1", "key", Click.HOLD, "U1", "2026-03-18", ClickState.HEARD, "")
OTHERS = (
    {"channel_id": "C2"}, {"ts": "1.2"}, {"key": "other"}, {"click": Click.SHOW}, {"slack_user_id": "U2"},
    {"nonce": "2026-03-19"},
)  # fmt: skip


def test_a_click_that_differs_in_one_value_is_another(rows):
    for other in OTHERS:
        assert slack_clicks.store(rows.connection, CLICK._replace(**other), AT_NINE)
    assert slack_clicks.stored_click(rows.connection, CLICK) is None
    assert slack_clicks.store(rows.connection, CLICK, AT_NINE)
    assert not slack_clicks.store(rows.connection, CLICK, AT_NINE)
    found = slack_clicks.stored_click(rows.connection, CLICK)
    assert found._replace(id=0) == CLICK
    ids = [slack_clicks.stored_click(rows.connection, CLICK._replace(**other)).id for other in OTHERS]
    assert len({found.id, *ids}) == len(OTHERS) + 1


def test_the_oldest_click_that_waits_is_next_and_only_a_refused_one_is_judged_again(rows):
    for nonce in ("a", "b", "c"):
        slack_clicks.store(rows.connection, CLICK._replace(nonce=nonce), AT_NINE)
    first, second, third = rows.connection.scalars(select(ClickRow.id).order_by(ClickRow.id)).all()
    rows.move_back(ClickRow, second)
    slack_clicks.record_outcome(rows.connection, first, ClickState.REFUSED, "no")
    assert slack_clicks.next_waiting(rows.connection).id == second
    slack_clicks.record_outcome(rows.connection, second, ClickState.DONE, "yes")
    assert slack_clicks.next_waiting(rows.connection).id == third
    slack_clicks.reopen(rows.connection, second, AT_NINE)
    assert slack_clicks.next_waiting(rows.connection).id == third
    slack_clicks.reopen(rows.connection, first, AT_NINE)
    assert slack_clicks.next_waiting(rows.connection).id == first


def test_a_person_in_slack_is_their_active_contacts(rows):
    for ref, user, given in (
        ("of3", "U1", {}), ("of1", "U1", {"active_to": TUESDAY}), ("of2", "U2", {}),
        ("of4", "U1", {"active_to": TUESDAY - timedelta(days=1)}), ("of5", "U1", {"withdrawn_on": TUESDAY}),
    ):  # fmt: skip
        rows.contact(ref, slack_user_id=user, **given)
    assert slack_clicks.contacts_of(rows.connection, "U1", TUESDAY) == ["of1", "of3"]


def test_a_message_is_found_by_its_place_in_slack_once_it_was_sent(rows):
    case_id = rows.case_of("S1")
    thread = rows.message(None, channel="slack", remote_ref="C1:1.1", state="sent", kind="thread")
    rows.add(Thread, message_id=thread, case_id=case_id, place="45")
    single = rows.message("of1", channel="slack", remote_ref="C1:1.2", state="sent")
    for ref, given in (("C1:1.3", {"state": "unknown"}), ("C1:1.4", {"channel": "email"})):
        rows.message("of1", **{"channel": "slack", "remote_ref": ref, "state": "sent"} | given)
    found = [slack_clicks.clicked_message(rows.connection, "C1", f"1.{number}") for number in range(1, 6)]
    assert found == [(thread, None, case_id), (single, "of1", None), None, None, None]


def test_a_buttons_obligation_is_the_live_one_that_carries_on_where_the_message_is_about_it(rows):
    case_id, other = rows.case_of("S1"), rows.case_of("S2")
    over = {"ended_on": TUESDAY, "end_reason": "moved"}
    rows.owes(case_id, TUESDAY, subject="other", version=2)
    first = rows.owes(case_id, TUESDAY, **over)
    live = rows.owes(case_id, TUESDAY, version=2)
    rows.owes(case_id, TUESDAY, rule="no-progress", version=2)
    rows.owes(other, TUESDAY, version=2)
    again = rows.owes(case_id, TUESDAY, rule="order-told", **over)
    rows.owes(case_id, TUESDAY, rule="order-told", version=2, chain_from=2)
    void = rows.owes(case_id, TUESDAY, rule="action", ended_on=TUESDAY, end_reason="void", version=3)
    action = rows.owes(case_id, TUESDAY, rule="action", version=1)
    thread = slack_clicks.ClickedMessage(rows.message(None, channel="slack"), None, case_id)
    found = {one: slack_clicks.subject(rows.connection, thread, one) for one in (first, live, again, void)}
    assert {one: subject.live_id for one, subject in found.items()} == {
        first: live, live: live, again: None, void: action,
    }  # fmt: skip
    assert {(one.case_id, one.case_ref) for one in found.values()} == {(case_id, "S1")}
    message = rows.message("of1", channel="slack")
    rows.contact("of1")
    rows.notification(first, message, "of1")
    rows.notification(again, rows.message("of1", channel="slack"), "of1")
    notice = slack_clicks.ClickedMessage(message, "of1", None)
    asked = [slack_clicks.subject(rows.connection, notice, one) for one in (first, again)]
    assert [one and one.live_id for one in asked] == [live, None]
    assert asked[1] is None


def test_a_listener_is_known_while_it_runs(rows):
    assert slack_clicks.last_listening(rows.connection) is None
    rows.switch("held")
    assert slack_clicks.last_listening(rows.connection) is None
    slack_clicks.record_listening(rows.connection, AT_NINE)
    assert slack_clicks.last_listening(rows.connection) == AT_NINE
    slack_clicks.stop_listening(rows.connection)
    assert rows.switches() == ["held"]
