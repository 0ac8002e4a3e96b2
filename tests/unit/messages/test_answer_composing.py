"""The answer to a reply: what it shows of the obligation, and all that its writer still owes."""

from datetime import date, timedelta

import pytest

from config.policy import load_policy
from config.replies import Answered
from models.queries.obligations.obligation_views import NotificationView, Reader
from models.queries.replies.replies import RecordedAnswer
from models.rules.people.readdressing import BARRED
from tasks.messages.answer.composing import AnswerBatch, _answer
from tasks.messages.answer.contexts import AnswerContext
from tasks.messages.composing import ComposedMessage
from tests.unit.messages.composed import NO_CONNECTION, TODAY, held, reader, world
from tests.unit.messages.test_agenda_cases import owed

ON = date(2026, 3, 19)


def about(case_ref: str = "45/1", due: int = 3, **changed: object) -> NotificationView:
    told = owed("action", due, subject=f"action:{case_ref}")
    own = {"numbers_of": "45", "case_ref": case_ref, "obligation_id": int(case_ref[3:])}
    return told._replace(matter=told.matter._replace(**own | changed))


def recorded(answered: Answered, told: NotificationView | None = None, because: str = "why") -> RecordedAnswer:
    return RecordedAnswer(answered, ON, because, "<mail@surrey.police.uk>", told)


def compose(
    one: RecordedAnswer, *still: NotificationView, to: Reader | None = None, unknown: bool = False
) -> ComposedMessage:
    batch = AnswerBatch(NO_CONNECTION, [])
    batch._recorded, batch._open = {1: one}, {"P1": list(still)}
    return batch.compose(held(), world(*[] if unknown else [to or reader()]))


def said(*given, **changed) -> AnswerContext:
    made = compose(*given, **changed)
    assert isinstance(made.context, AnswerContext), made.nothing
    return made.context


RESTRICTED = about(restricted=True)


@pytest.mark.parametrize(
    ("answered", "told", "on", "because", "restricted"),
    [
        (Answered.PROMISED, about(), ON, "why", 0),
        (Answered.COMPLETED, about(), ON, "why", 0),
        (Answered.UNCLEAR, None, ON, "why", 0),
        (Answered.PROMISED, RESTRICTED, ON, "", 1),
        (Answered.COMPLETED, RESTRICTED, None, "", 1),
        (Answered.UNCLEAR, RESTRICTED, None, "why", 1),
    ],
)
def test_of_a_case_that_the_writer_may_not_know_only_their_own_words_come_back(
    answered, told, on, because, restricted
) -> None:
    found = said(recorded(answered, told))
    assert (found.on, found.because, found.restricted) == (on, because, restricted)
    assert (found.item is not None) is (told is not None and not restricted)


def test_who_was_barred_since_they_wrote_gets_no_answer_and_everybody_else_does() -> None:
    barring = about(barred=frozenset({"P1"}))
    assert compose(recorded(Answered.PROMISED, barring)).nothing == BARRED
    assert compose(recorded(Answered.PROMISED, about(barred=frozenset({"P9"})))).nothing == ""
    assert compose(recorded(Answered.PROMISED), unknown=True).nothing == ""
    assert compose(recorded(Answered.PROMISED, barring), unknown=True).nothing == ""


def test_a_status_lists_all_that_is_still_owed_worst_first_and_counts_what_is_restricted() -> None:
    still = [about("45/2", 2), about("45/3", -9), about("45/4", restricted=True)]
    found = said(recorded(Answered.STANDING), *still)
    assert [one.reference for one in found.listed] == ["45/45/3", "45/45/2"]
    assert (found.counts.restricted, found.counts.soon, found.counts.stalled) == (1, 1, 1)
    assert [group.name for group in found.groups] == ["critical", "soon"]


def test_any_other_answer_lists_nothing() -> None:
    found = said(recorded(Answered.UNCLEAR), about("45/2"))
    assert (found.listed, found.groups, found.counts.soon) == ((), (), 0)


@pytest.mark.parametrize(("more", "left"), [(0, 0), (2, 2)])
def test_what_is_beyond_the_longest_list_is_in_the_attached_one(more: int, left: int) -> None:
    longest = load_policy().letter.longest.listed
    still = [about(f"45/{number}", 2) for number in range(longest + more)]
    found = _answer(recorded(Answered.STANDING), still, reader(), TODAY)
    assert (found.more, len(found.listed), found.cut_short) == (left, longest + more, bool(left))
    assert sum(len(group.items) for group in found.groups) == longest


def test_an_answer_belongs_to_the_mail_that_it_answers() -> None:
    assert compose(recorded(Answered.UNCLEAR)).in_reply_to == "<mail@surrey.police.uk>"
    assert said(recorded(Answered.PROMISED, about())).day == TODAY == ON - timedelta(days=7)
