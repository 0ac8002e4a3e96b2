"""What a message tells of an obligation: since when, what is owed again, what is still open, and who may read."""

from datetime import date, timedelta

import pytest

from models.outbox import Notification
from models.queries.obligations import obligation_views
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def ago(days: int) -> date:
    return TUESDAY - timedelta(days=days)


def ended(reason: str = "met") -> dict:
    return {"ended_on": TUESDAY, "end_reason": reason}


def test_a_message_tells_its_own_notifications_as_they_were_decided_without_what_fell_silent(rows):
    message, other = rows.message("of1"), rows.message("of1")
    owed = [rows.critical(rows.case_of(f"T{at}")) for at in range(3)]
    ids = [rows.notification(owed[at], message, "of1") for at in (2, 0, 1)]
    for obligation, held, given in ((owed[0], other, {}), (owed[1], message, {"state": "silent"})):
        rows.notification(obligation, held, "of1", occasion="again", **given)
    for id_ in (ids[1], ids[0]):
        rows.move_back(Notification, id_)
    found = obligation_views.notifications(rows.connection, [message])
    assert [(one.notification_id, one.matter.obligation_id) for one in found] == [
        (ids[0], owed[2]), (ids[1], owed[0]), (ids[2], owed[1])
    ]  # fmt: skip


def test_a_reader_was_first_told_on_the_day_of_their_own_first_notification(rows):
    message = rows.message("of1")
    owed, other = rows.critical(rows.case_of("T1")), rows.critical(rows.case_of("T2"))
    for obligation, ref, days, given in (
        (owed, "of1", 3, {}), (owed, "of1", 4, {}), (owed, "of2", 9, {}), (owed, None, 2, {}), (owed, None, 6, {}),
        (other, "of1", 9, {}), (owed, "of1", 8, {"happening": "resolved"}), (owed, "of1", 8, {"state": "void"}),
    ):  # fmt: skip
        occasion = f"{days}-{given}"
        rows.notification(obligation, None, ref, **{"day": ago(days), "occasion": occasion, "state": "sent"} | given)
    end = rows.critical(rows.case_of("T3"))
    for ref, obligation, given in (
        ("of1", owed, {}), (None, owed, {}), ("of3", end, {"happening": "resolved"}),
    ):  # fmt: skip
        rows.notification(obligation, message, ref, day=ago(1), **given)
    found = obligation_views.notifications(rows.connection, [message])
    assert [one.first_told_on for one in found] == [ago(4), ago(6), ago(1)]


def test_what_ended_is_owed_again_where_a_later_live_version_carries_on_from_it(rows):
    message = rows.message("of1")
    for name, owed, later, given in (
        ("again", {}, {"version": 2}, {}), ("later", {}, {"version": 3, "chain_from": 1}, {}),
        ("anew", {}, {"version": 2, "chain_from": 2}, {}), ("over", {}, {"version": 2} | ended(), {}),
        ("moved", ended("moved"), {"version": 2}, {}), ("step", {}, {"version": 2}, {"happening": "step"}),
        ("before", {"version": 2}, {"version": 1}, {}), ("other-rule", {}, {"version": 2, "rule": "other"}, {}),
        ("other-subject", {}, {"version": 2, "subject": "other"}, {}),
    ):  # fmt: skip
        case_id = rows.case_of(name)
        obligation = rows.critical(case_id, **ended() | owed)
        rows.critical(case_id, **later)
        rows.notification(obligation, message, "of1", note=name, **{"happening": "resolved"} | given)
    found = obligation_views.notifications(rows.connection, [message])
    assert {one.note for one in found if one.owed_again} == {"again", "later"}
    assert len(found) == 9


def test_what_ended_without_a_case_is_owed_again_by_its_own_rule_and_subject(rows):
    message = rows.message("of1")
    for subject in ("source:a", "source:b"):
        obligation = rows.critical(None, subject=subject, rule="feed", **ended())
        rows.notification(obligation, message, "of1", note=subject, happening="resolved")
    rows.critical(None, subject="source:a", rule="feed", version=2)
    rows.critical(None, subject="source:b", rule="other", version=2)
    found = obligation_views.notifications(rows.connection, [message])
    assert [(one.note, one.owed_again) for one in found] == [("source:a", True), ("source:b", False)]


def test_only_the_news_that_takes_an_end_back_is_reopened(rows):
    message = rows.message("of1")
    obligation = rows.critical(rows.case_of("T1"))
    for occasion in ("reopened", "resolved"):
        rows.notification(obligation, message, "of1", occasion=occasion, happening="resolved")
    assert [one.reopened for one in obligation_views.notifications(rows.connection, [message])] == [True, False]


def test_a_reader_who_left_has_no_address(rows):
    for ref, given in (
        ("here", {}), ("gone", {"withdrawn_on": TUESDAY}), ("going", {"withdrawn_on": ago(-1)}),
        ("last-day", {"active_to": TUESDAY}), ("left", {"active_to": ago(1)}), ("not-asked", {}),
    ):  # fmt: skip
        rows.contact(ref, **given)
    asked = ["here", "gone", "going", "last-day", "left"]
    found = obligation_views.readers(rows.connection, asked, TUESDAY)
    assert {ref: bool(one.email) for ref, one in found.items()} == {
        "here": True, "gone": False, "going": True, "last-day": True, "left": False,
    }  # fmt: skip


def test_what_is_still_open_is_what_reached_a_person_of_a_live_version_hard_clocks_first(rows):
    day = timedelta(days=1)
    for name, owed, given in (
        ("soft-late", {"escalate_on": TUESDAY}, {}), ("soft", {"escalate_on": TUESDAY - day}, {}),
        ("hard", {"escalate_on": TUESDAY + day, "hard": True}, {}), ("shown", {}, {"state": "shown"}),
        ("unknown", {}, {"state": "unknown"}), ("queued", {}, {"state": "queued"}), ("over", ended(), {}),
        ("for-good", {}, {"live": False}), ("end", {}, {"happening": "resolved"}), ("theirs", {}, {"ref": "of2"}),
    ):  # fmt: skip
        obligation = rows.critical(rows.case_of(name), **{"escalate_on": ago(9)} | owed)
        values = {"ref": "of1", "state": "sent", "note": name} | given
        rows.notification(obligation, None, **values)
    rows.notification(rows.critical(rows.case_of("hidden", barred_refs=["of1"])), None, "of1", state="sent")
    found = obligation_views.still_open(rows.connection, ["of1"])
    assert {ref: [one.note for one in each] for ref, each in found.items()} == {
        "of1": ["hard", "shown", "unknown", "soft", "soft-late"]
    }  # fmt: skip


def test_what_is_still_open_is_told_by_the_latest_notification_of_its_chain(rows):
    case_id, other = rows.case_of("T1"), rows.case_of("T2")
    first = rows.critical(case_id, **ended("moved"))
    now = rows.critical(case_id, version=2)
    anew = rows.critical(other, **ended())
    rows.critical(other, version=2, chain_from=2)
    ids: list[int] = []
    for obligation, note, given in (
        (now, "early", {"step": 1}), (now, "late", {"step": 2}), (first, "latest", {}),
        (anew, "anew", {}), (now, "of2", {"ref": "of2"}),
        (first, "of2-later", {"ref": "of2", "step": 2}),
    ):  # fmt: skip
        values = {"ref": "of1", "state": "sent", "note": note} | given
        ids.append(rows.notification(obligation, None, **values))
    rows.move_back(Notification, ids[0])
    found = obligation_views.still_open(rows.connection, ["of1", "of2"])
    assert {ref: [(one.note, one.matter.obligation_id) for one in each] for ref, each in found.items()} == {
        "of1": [("latest", now)], "of2": [("of2-later", now)]
    }  # fmt: skip
