"""The message about reviews that fail again and again: what its reader may know, and when it is not sent."""

from datetime import date

import pytest

from config.terms import MessageKind
from models.queries.obligations.obligation_views import Reader
from models.queries.reviews.failed_reviews import RUNNING, Failure, FailureNotice
from models.rules.people.readdressing import BARRED, LEFT
from tasks.messages.composing import ComposedMessage
from tasks.messages.failed_review.composing import HELD_SINCE, FailedReviewBatch
from tasks.messages.failed_review.contexts import FailedReviewContext
from tests.unit.messages.composed import NO_CONNECTION, TODAY, held, reader, world

DAYS = [date(2026, 3, day) for day in (10, 3)]
FAILED = Failure(DAYS[0], held=True, police_attended=True, cps_attended=False, not_reached=False)
ONE = FailureNotice(
    1, "45", "7", "45AB0000007", False, frozenset(), date(2026, 1, 5), None, date(2026, 3, 9), None,
    tuple(FAILED._replace(on=day) for day in DAYS),
)  # fmt: skip


def compose(to: Reader | None, ref: str | None = "P1", **changed: object) -> ComposedMessage:
    batch = FailedReviewBatch(NO_CONNECTION, [])
    batch._found = {1: ONE._replace(**changed)}
    message = held(ref, kind=MessageKind.UNHELD)
    assert [batch.has(one) for one in (message, message._replace(id=2))] == [True, False]
    return batch.compose(message, world(*[to] if to else []))


def said(*given, **changed) -> FailedReviewContext:
    made = compose(*given, **changed)
    assert isinstance(made.context, FailedReviewContext), made.nothing
    return made.context


def test_who_may_know_the_case_reads_which_it_is() -> None:
    found, hidden = said(reader()), said(reader(), restricted=True)
    assert (found.reference, found.urn, found.restricted) == ("45/7", "45AB0000007", 0)
    assert (hidden.reference, hidden.urn, hidden.restricted) == ("", None, 1)
    assert found.days == (TODAY - date(2026, 3, 9)).days == 3


@pytest.mark.parametrize(
    ("to", "ref", "changed", "nothing"),
    [
        (None, "P1", {}, LEFT),
        (reader(email=""), "P1", {}, LEFT),
        (None, None, {}, ""),
        (reader(), "P1", {"failures": ONE.failures[: RUNNING - 1]}, HELD_SINCE),
        (reader(), "P1", {"due_on": None}, HELD_SINCE),
        (reader(), "P1", {"barred": frozenset({"P1"})}, BARRED),
        (reader(), "P1", {"barred": frozenset({"P9"})}, ""),
        (None, None, {"barred": frozenset({"P9"})}, ""),
    ],
)
def test_when_it_is_not_sent(to, ref, changed, nothing) -> None:
    assert compose(to, ref, **changed).nothing == nothing


@pytest.mark.parametrize(
    ("changed", "how"),
    [
        ({"held": False}, "not_held"), ({"held": False, "not_reached": True}, "not_reached"), ({}, "police"),
        ({"police_attended": False, "cps_attended": True}, "cps"), ({"police_attended": False}, "nobody"),
    ],
)  # fmt: skip
def test_how_each_of_them_failed(changed, how) -> None:
    failures = (FAILED._replace(**changed), FAILED)
    assert [one.how for one in said(reader(), failures=failures).failed] == [how, "police"]
