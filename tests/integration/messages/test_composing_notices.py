"""Answers and acts beside letters in one batch: each is composed of its own rows."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, select

from config.message_kinds import MessageKind
from config.replies import Answered
from config.terms import OwedBy
from flows.configured import configured
from models.outbox import Message
from models.queries.outbox.outbox import ClaimedMessage
from models.replies import Reply
from tasks.messages.act import ActContext, ActItem
from tasks.messages.answer import AnswerBatch, AnswerContext
from tasks.messages.composing import MessageBatch
from tasks.messages.kinds import composers
from tests.worlds.messages import held
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE, TUESDAY

DAY = timedelta(days=1)


@pytest.fixture
def rows(connection: Connection) -> ReviewRows:
    made = ReviewRows(connection)
    made.contact("of1")
    return made


def claimed(rows: ReviewRows, id_: int) -> ClaimedMessage:
    statement = select(Message.key, Message.kind, Message.contact_ref).where(Message.id == id_)
    ((key, kind, ref),) = rows.found(statement)
    return held(ref, key=key, kind=MessageKind(kind), id=id_)


def owed(rows: ReviewRows, case_ref: str, due: int, **given: object) -> int:
    """An action that of1 was notified of, which falls due so many days from today."""
    case_id = rows.case_of(case_ref)
    rows.action(f"A{case_ref}", case_id, due_on=TUESDAY + due * DAY)
    action = {"rule": "action", "subject": f"action:A{case_ref}", "owed_by": OwedBy.POLICE}
    made = rows.owes(case_id, TUESDAY + due * DAY, **action | given)
    rows.notification(made, rows.message("of1", state="sent"), "of1", step=1, state="sent")
    return made


def answer(rows: ReviewRows, answered: Answered, about: int | None = None) -> ClaimedMessage:
    message = rows.message("of1", kind=MessageKind.ANSWER)
    rows.add(Reply, identity=f"reply-{message}", day=TUESDAY, read_at=AT_NINE, contact_ref="of1", message_id=message,
             answered=answered, obligation_id=about)  # fmt: skip
    return claimed(rows, message)


def answers(rows: ReviewRows, *batch: ClaimedMessage) -> list[AnswerContext]:
    known = MessageBatch(configured(), rows.connection, batch, AT_NINE)
    made = AnswerBatch(rows.connection, batch, known)
    contexts = [made.compose(one, known).context for one in batch]
    assert all(isinstance(one, AnswerContext) for one in contexts)
    return [one for one in contexts if isinstance(one, AnswerContext)]


def test_a_status_lists_what_its_writer_still_owes_and_another_answer_does_not(rows: ReviewRows) -> None:
    owed(rows, "1", 1)
    owed(rows, "2", -9)
    status, unclear = answers(rows, answer(rows, Answered.STANDING), answer(rows, Answered.UNCLEAR))
    assert [one.reference for one in status.listed] == ["45/2", "45/1"]
    assert (unclear.listed, unclear.answered) == ((), Answered.UNCLEAR)
    (alone,) = answers(rows, answer(rows, Answered.UNCLEAR))
    assert alone.listed == ()


def test_only_who_asks_to_be_shown_an_obligation_reads_how_its_day_was_reached(rows: ReviewRows) -> None:
    one = owed(rows, "1", 1)
    shown, promised = answers(rows, answer(rows, Answered.SHOWN, one), answer(rows, Answered.PROMISED, one))
    assert (shown.shown is not None, promised.shown) == (True, None)
    assert [each.item.reference if each.item else "" for each in (shown, promised)] == ["45/1", "45/1"]


def moved(rows: ReviewRows, met_on: date) -> ActItem:
    """What of1 is told of a move of a case to the meeting of a day."""
    case_id = rows.case_of("2")
    convening = rows.convening(case_id, rows.sitting("s1", met_on), because="chosen", chosen_by="of1")
    act = rows.act(case_id, convening_id=convening)
    notice = claimed(rows, rows.message("of1", kind=MessageKind.ACT, about=str(act)))
    known = MessageBatch(configured(), rows.connection, [notice], AT_NINE)
    context = composers(rows.connection, [notice], known)[MessageKind.ACT].compose(notice, known).context
    assert isinstance(context, ActContext)
    return context.act


def test_an_act_is_told_by_its_own_message(rows: ReviewRows) -> None:
    told = moved(rows, TUESDAY + DAY)
    assert (told.reference, told.by.ref, told.own) == ("45/2", "sp1", False)


@pytest.mark.parametrize(("days", "offered"), [(1, True), (0, False)])
def test_a_move_is_taken_back_until_the_day_of_its_meeting(rows: ReviewRows, days: int, offered: bool) -> None:
    assert moved(rows, TUESDAY + days * DAY).stands is offered
