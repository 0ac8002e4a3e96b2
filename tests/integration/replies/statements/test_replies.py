"""The statements about replies: claimed once, answered up to a number, and shown with what their writer was sent."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select

from config.replies import Answered
from models.outbox import Notification
from models.queries.replies import replies
from models.queries.replies.replies import HandOver, ReplyIdentity
from models.replies import Reply
from tests.worlds.review_rows import ReviewRows
from tests.worlds.routes import MAIL, SLACK
from tests.worlds.rows import AT_NINE, TUESDAY

YESTERDAY = TUESDAY - timedelta(days=1)
_numbers = count(1)
MOVED = {"ended_on": TUESDAY, "end_reason": "moved"}


@pytest.fixture
def rows(connection) -> ReviewRows:
    made = ReviewRows(connection)
    for ref in ("of1", "of2"):
        made.contact(ref)
    return made


def replied(rows, identity: str, **given) -> int:
    """Add a reply of of1, today; its id."""
    rows.add(Reply, **{"identity": identity, "day": TUESDAY, "read_at": AT_NINE, "contact_ref": "of1"} | given)
    return rows.connection.scalars(select(Reply.id).where(Reply.identity == identity)).one()


def test_a_reply_is_claimed_once_also_where_an_earlier_version_read_it(rows):
    replied(rows, "old-today")
    replied(rows, "old-before", day=YESTERDAY)
    claimed = [
        replies.claim(rows.connection, ReplyIdentity(new, old, TUESDAY), TUESDAY, AT_NINE) is not None
        for new, old in (("a", "none"), ("a", "none"), ("b", "old-today"), ("c", "old-before"))
    ]
    assert claimed == [True, False, False, True]


def test_an_answer_is_due_up_to_a_number_and_for_each_act_once(rows):
    case_id = rows.case_of("R1")
    one, other = rows.owes(case_id, TUESDAY), rows.owes(case_id, TUESDAY, rule="no-progress")
    sent = rows.message("of1", kind="answer")
    act = {"answered": Answered.PROMISED, "obligation_id": one, "on_day": TUESDAY}
    replied(rows, "first", message_id=sent, **act)
    replied(rows, "unanswered", answered=Answered.STANDING)
    replied(rows, "yesterday", day=YESTERDAY, message_id=sent, **act)
    replied(rows, "of-another", contact_ref="of2", message_id=sent, **act)
    for number, given in enumerate(
        ({"contact_ref": "of2"}, {"day": YESTERDAY}, {"contact_ref": "of2", "day": YESTERDAY})
    ):
        replied(rows, f"more-{number}", **{"message_id": sent, **act, "answered": Answered.COMPLETED, **given})

    def answered(most: int, **given) -> bool:
        identity = f"asked-{next(_numbers)}"
        id_ = replied(rows, identity, **given)
        made = replies.answer(rows.connection, id_, identity, "email", most)
        kept = rows.connection.scalars(select(Reply.message_id).where(Reply.id == id_)).one()
        assert (kept is not None) is made
        return made

    assert not answered(1, answered=Answered.STANDING)
    assert not answered(1, **act)
    assert answered(2, answered=Answered.STANDING)
    assert answered(1, **act | {"obligation_id": other})
    assert answered(1, **act | {"answered": Answered.COMPLETED})
    assert answered(1, **act | {"on_day": YESTERDAY})
    assert answered(1, **act | {"on_day": None})
    assert not answered(1, **act | {"on_day": None})
    assert answered(1, contact_ref="of2", **act | {"obligation_id": other})
    assert not answered(0, contact_ref="of2", **act)


def test_an_outcome_is_recorded_with_its_own_reply(rows):
    one, other = replied(rows, "one", contact_ref=None), replied(rows, "other")
    owed = rows.owes(rows.case_of("R1"), TUESDAY)
    became = replies.ReplyOutcome(Answered.PROMISED, TUESDAY, "because", owed)
    replies.record(rows.connection, one, "of2", became, "<1@x>")
    columns = (Reply.contact_ref, Reply.answered, Reply.on_day, Reply.because, Reply.obligation_id, Reply.in_reply_to)
    found = {id_: tuple(rest) for id_, *rest in rows.found(select(Reply.id, *columns))}
    assert found == {
        one: ("of2", "promised", TUESDAY, "because", owed, "<1@x>"),
        other: ("of1", None, None, "", None, ""),
    }


def test_a_step_is_handed_over_once_on_each_channel_in_their_order(rows):
    owed = rows.owes(rows.case_of("R1"), TUESDAY)
    rows.contact("of3", slack_user_id="U3")
    given = {
        "step": 3, "step_name": "critical", "occasion": "not mine:of1", "day": TUESDAY, "duty": "escalate",
        "manner": "digest", "addressee": "supervisor", "note": "declined",
    }  # fmt: skip
    told = [HandOver(obligation_id=owed, contact_ref=ref, **given) for ref in ("of3", "of2")]
    for _ in range(2):
        replies.hand_over(rows.connection, told, (SLACK, MAIL))
    columns = (Notification.contact_ref, Notification.channel, Notification.happening, Notification.note)
    assert rows.found(select(*columns).order_by(Notification.id)) == [
        (ref, channel, "handed_over", "declined")
        for ref, channel in (("of3", "email"), ("of3", "slack"), ("of2", "email"))
    ]


def test_a_version_is_carried_on_by_the_live_one_and_its_reader_is_whom_it_was_sent_to_last(rows):
    case_id = rows.case_of("R1")
    first = rows.owes(case_id, TUESDAY, **MOVED)
    live = rows.owes(case_id, TUESDAY, version=2)
    rows.owes(case_id, TUESDAY, rule="no-progress", version=2)
    again = rows.owes(case_id, TUESDAY, rule="action", **MOVED)
    rows.owes(case_id, TUESDAY, rule="action", version=2, chain_from=2)
    found = {one: replies.carried_on(rows.connection, one) for one in (first, live, again)}
    assert found == {first: live, live: None, again: None}
    for obligation, ref, addressee, given in (
        (first, "of1", "owner", {}), (live, "of1", "supervisor", {}), (live, "of1", "lead", {"state": "void"}),
        (live, "of1", "lead", {"happening": "resolved"}), (live, "of2", "spoc", {}),
        (again, "of1", "legal_manager", {}),
    ):  # fmt: skip
        step = {"step": obligation * 100 + len(addressee) + len(given)}
        rows.notification(obligation, None, ref, addressee=addressee, **step, **given)
    asked = ((live, "of1"), (first, "of1"), (live, "of2"), (first, "of2"))
    told = replies.told_as(rows.connection, [live, first], ["of1", "of2"])
    assert [told.get(one) for one in asked] == ["supervisor", "owner", "spoc", None]
    version = replies.version(rows.connection, first)
    assert (version.case_ref, version.rule, version.end_reason) == ("R1", "joint-review", "moved")
    assert replies.version(rows.connection, first + 1000) is None


def test_the_replies_about_a_case_are_in_the_order_of_reading_with_the_state_of_their_answer(rows):
    case_id, other = rows.case_of("R1"), rows.case_of("R2")
    one, there = rows.owes(case_id, TUESDAY), rows.owes(other, TUESDAY)
    sent = rows.message("of1", kind="answer", state="sent")
    first = replied(rows, "a", obligation_id=one, answered=Answered.PROMISED, message_id=sent)
    replied(rows, "b", obligation_id=one, answered=Answered.REFUSED)
    replied(rows, "c", obligation_id=there, answered=Answered.REFUSED)
    second = replied(rows, "d", obligation_id=one, answered=Answered.STANDING)
    replied(rows, "e", obligation_id=one, answered=Answered.COMPLETED)
    for moved in (second, first):
        rows.move_back(Reply, moved)
    found = replies.of_case(rows.connection, case_id)
    assert [(row.answered, row.state) for row in found] == [
        ("promised", "sent"), ("refused", None), (Answered.STANDING, None), (Answered.COMPLETED, None),
    ]  # fmt: skip


def test_an_answer_shows_what_its_writer_was_sent_last_of_its_obligation(rows):
    case_id = rows.case_of("R1")
    first = rows.owes(case_id, TUESDAY, **MOVED)
    live = rows.owes(case_id, TUESDAY, version=2)
    other = rows.owes(case_id, TUESDAY, rule="no-progress")
    for step, obligation, ref, given in (
        (1, first, "of1", {}), (2, live, "of1", {"happening": "opened"}), (3, live, "of1", {"state": "void"}),
        (5, live, "of2", {}), (4, live, "of1", {"happening": "resolved"}), (6, other, "of1", {}),
    ):  # fmt: skip
        rows.notification(obligation, None, ref, step=step, **given)
    messages = [rows.message("of1", kind="answer") for _ in range(4)]
    for message, obligation, ref in zip(messages, (live, first, live, None), ("of1", "of1", "of9", "of1"), strict=True):
        replied(rows, f"r{message}", message_id=message, obligation_id=obligation, contact_ref=ref,
                answered=Answered.STANDING)  # fmt: skip
    found = replies.answers(rows.connection, messages)
    shown = [found[message].told and (found[message].told.step, found[message].told.happening) for message in messages]
    assert shown == [(2, "step"), (2, "step"), (0, "step"), None]
    ((message, alone),) = replies.answers(rows.connection, messages[:1]).items()
    assert (message, alone.told) == (messages[0], found[messages[0]].told)
