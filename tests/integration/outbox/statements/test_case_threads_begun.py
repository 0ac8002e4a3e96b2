"""Which cases get a thread in which place, what is posted there, and where a post belongs."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.cases import Case
from models.outbox import Message, Notification
from models.queries.outbox import case_threads
from models.slack import Thread, ThreadPost
from tests.integration.outbox_world import AT_NINE, TUESDAY
from tests.integration.review_rows import ReviewRows

DAY = timedelta(days=1)


@pytest.fixture
def rows(connection) -> ReviewRows:
    made = ReviewRows(connection)
    for ref, agency in (("sp1", "police"), ("sp2", "police"), ("cps1", "cps")):
        made.contact(ref, agency=agency, roles=("spoc",))
    return made


def begin(rows, *places: str, channel: str = "slack") -> int:
    return case_threads.begin(rows.connection, channel, places or ("45", "South East"), TUESDAY, AT_NINE)


def threads(rows) -> set[tuple[str, str]]:
    """The cases that have a thread, each with its place."""
    return set(rows.found(select(Case.case_ref, Thread.place).join(Case, Case.id == Thread.case_id)))


def posts(rows) -> list[int]:
    """The notifications that are posted, in the order of their messages."""
    return [one for (one,) in rows.found(select(ThreadPost.notification_id).order_by(ThreadPost.message_id))]


def begun(rows, case_id: int, place: str, channel: str = "slack", **given) -> int:
    """Add a thread that is there already; its message's id."""
    message = rows.message(None, kind="thread", channel=channel, **given)
    rows.add(Thread, message_id=message, case_id=case_id, place=place)
    return message


def test_a_case_that_was_escalated_lately_gets_a_thread_in_its_readers_place(rows):
    for name, case, owed, given in (
        ("police", {}, {}, {}), ("cps", {}, {}, {"ref": "cps1"}), ("there", {"force": "46"}, {}, {}),
        ("secret", {"restricted": True}, {}, {}), ("barred", {"barred_refs": ["of9"]}, {}, {}),
        ("over", {}, {"ended_on": TUESDAY, "end_reason": "met"}, {}), ("chase", {}, {}, {"duty": "chase"}),
        ("handed", {}, {}, {"happening": "handed_over"}), ("lapsed", {}, {}, {"happening": "lapsed"}),
        ("end", {}, {}, {"happening": "resolved"}), ("void", {}, {}, {"state": "void"}),
        ("instead", {}, {}, {"occasion": "instead of 4"}), ("in-time", {}, {}, {"day": TUESDAY - 3 * DAY}),
        ("too-old", {}, {}, {"day": TUESDAY - 4 * DAY}), ("to-come", {}, {}, {"day": TUESDAY + DAY}),
    ):  # fmt: skip
        obligation = rows.critical(rows.case_of(name, **case), **owed)
        values = {"ref": "sp1"} | given
        rows.notification(obligation, None, **values)
    assert begin(rows) == 4
    assert threads(rows) == {("police", "45"), ("cps", "South East"), ("lapsed", "45"), ("in-time", "45")}
    keys = select(Message.key).join(Thread, Thread.message_id == Message.id)
    named = select(Thread.case_id, Thread.place)
    assert sorted(key for (key,) in rows.found(keys)) == sorted(f"thread:{id_}:{at}" for id_, at in rows.found(named))


def test_a_step_is_posted_once_a_thread_however_many_heard_of_it_in_the_order_of_deciding(rows):
    case_id = rows.case_of("T1")
    first, second = rows.critical(case_id, rule="a"), rows.critical(case_id, rule="b")
    decided = [
        rows.notification(obligation, None, ref, **given)
        for obligation, ref, given in (
            (second, "sp1", {}), (second, "sp2", {}), (first, "sp2", {}), (first, "sp1", {}),
            (second, "sp1", {"happening": "lapsed", "occasion": "promise:1"}),
        )
    ]  # fmt: skip
    rows.move_back(Notification, decided[0])
    assert begin(rows) == 3
    assert posts(rows) == [decided[0], decided[2], decided[4]]
    assert threads(rows) == {("T1", "45")}
    assert begin(rows) == 0


def test_an_end_is_posted_where_a_thread_was_begun_in_that_place(rows):
    case_id, other = rows.case_of("T1"), rows.case_of("T2")
    thread = begun(rows, case_id, "45", state="sent", key=f"thread:{case_id}:45")
    begun(rows, case_id, "South East", state="sent")
    begun(rows, other, "45", state="sent")
    end = rows.notification(rows.critical(case_id), None, "sp1", happening="resolved")
    assert begin(rows) == 1
    assert rows.found(select(ThreadPost.thread_id, ThreadPost.notification_id)) == [(thread, end)]


def test_a_thread_that_fell_silent_begins_again_under_a_key_of_its_own(rows):
    fallen, begins, sent = rows.case_of("FALLEN"), rows.case_of("BEGINS"), rows.case_of("SENT")
    for case_id, place, state in (
        (fallen, "45", "silent"), (fallen, "45", "silent"), (fallen, "South East", "silent"),
        (begins, "South East", "silent"), (sent, "45", "sent"),
    ):  # fmt: skip
        key = f"thread:{case_id}:{place}" if state == "sent" else f"old:{case_id}:{place}:{len(threads(rows))}"
        begun(rows, case_id, place, state=state, key=f"{key}{rows.message(None) if state == 'silent' else ''}")
    for case_id in (fallen, begins, sent):
        rows.notification(rows.critical(case_id), None, "sp1")
    assert begin(rows) == 3
    keys = select(Message.key).where(Message.kind == "thread", Message.state == "queued")
    assert {key for (key,) in rows.found(keys)} == {f"thread:{fallen}:45:2", f"thread:{begins}:45"}


def test_a_post_belongs_to_its_thread_and_tells_its_step(rows):
    case_id, other = rows.case_of("T1"), rows.case_of("T2")
    here = begun(rows, case_id, "45", state="sent", remote_ref="C1:1")
    there = begun(rows, other, "South East", state="dead", remote_ref="C2:2")
    made = {}
    for thread, of, rule in ((here, case_id, "a"), (there, other, "b"), (here, case_id, "c")):
        made[rule] = rows.message(None, kind="post", channel="slack")
        notification = rows.notification(rows.critical(of, rule=rule), None, "sp1", note=f"note-{rule}")
        rows.add(ThreadPost, message_id=made[rule], thread_id=thread, notification_id=notification)
    found = case_threads.places(rows.connection, [there, made["a"], made["b"]])
    assert {id_: (one.place, one.parent, one.parent_state) for id_, one in found.items()} == {
        there: ("South East", None, None), made["a"]: ("45", "C1:1", "sent"), made["b"]: ("South East", "C2:2", "dead"),
    }  # fmt: skip
    told = {id_: (one.told.matter.rule, one.told.note) for id_, one in found.items() if one.told}
    assert told == {made["a"]: ("a", "note-a"), made["b"]: ("b", "note-b")}
    assert set(case_threads.places(rows.connection, [made["c"]])) == {made["c"]}


def test_each_channel_has_threads_of_its_own_and_posts_beneath_none_of_another(rows):
    case_id = rows.case_of("T1")
    begun(rows, case_id, "45", state="sent", key=f"thread:{case_id}:45")
    begun(rows, case_id, "45", state="silent", key="old")
    rows.notification(rows.critical(case_id), None, "sp1")
    assert begin(rows, channel="teams") == 1
    made = select(Message.key, Message.channel, Message.kind).where(Message.state == "queued").order_by(Message.id)
    (thread, post) = rows.found(made)
    assert thread == (f"thread:teams:{case_id}:45", "teams", "thread")
    assert (post[1:], begin(rows, channel="teams")) == (("teams", "post"), 0)
