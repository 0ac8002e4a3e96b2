"""What a correction takes back: the latest message before it, and none that is a correction itself."""

from datetime import timedelta

import pytest

from models.queries.obligations import corrections
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows

MOVED = {"ended_on": TUESDAY, "end_reason": "moved"}


@pytest.fixture
def rows(connection) -> ReviewRows:
    made = ReviewRows(connection)
    for ref in ("of1", "of2"):
        made.contact(ref)
    return made


def ago(days: int):
    return TUESDAY - timedelta(days=days)


def test_a_correction_takes_back_what_its_reader_was_sent_last_on_its_channel(rows):
    case_id = rows.case_of("C1")
    first = rows.owes(case_id, ago(9), **MOVED)
    second = rows.owes(case_id, ago(5), version=2, fact_on=ago(4), **MOVED)
    rows.owes(case_id, TUESDAY, version=3)
    rows.owes(case_id, ago(1), version=3, rule="no-progress")
    for obligation, ref, step, day, given in (
        (first, "of1", "due", 8, {}), (second, "of1", "overdue", 3, {}),
        (second, "of1", "silent", 3, {"state": "silent", "step": 4}),
        (second, "of1", "resolved", 3, {"happening": "resolved", "step": 5}),
        (second, "of1", "slack", 2, {"channel": "slack", "step": 6}), (second, "of2", "other", 2, {"step": 7}),
        (second, "of1", "corrected", 1, {"occasion": "corrected", "happening": "resolved", "step": 8}),
    ):  # fmt: skip
        rows.notification(obligation, None, ref, **{"step_name": step, "day": ago(day), "state": "sent"} | given)
    about = {"occasion": "corrected", "happening": "resolved", "step": 9}
    correction = rows.notification(second, None, "of1", **about)
    rows.notification(second, None, "of1", step_name="after", state="sent", step=10)
    news = rows.notification(second, None, "of2", happening="resolved", step=11)
    found = corrections.corrected(rows.connection, [correction, news])
    (told,) = found.values()
    assert (told.step, told.said_on, told.said_due_on, told.due_on, told.fact_on) == (
        "overdue", ago(3), ago(5), TUESDAY, ago(4),
    )  # fmt: skip
    assert set(found) == {
        correction,
    }  # fmt: skip


def test_the_day_that_is_right_is_given_of_what_had_moved_alone(rows):
    case_id = rows.case_of("C1")
    for number, reason in enumerate(("met", "withdrawn", "finalised")):
        subject = {"subject": f"s{number}"}
        one = rows.owes(case_id, ago(5), ended_on=TUESDAY, end_reason=reason, **subject)
        rows.owes(case_id, TUESDAY, version=2, **subject)
        rows.notification(one, None, "of1", state="sent", day=ago(1))
        news = rows.notification(one, None, "of1", occasion="corrected", happening="resolved", step=9)
        (found,) = corrections.corrected(rows.connection, [news]).values()
        assert (found.said_due_on, found.due_on) == (ago(5), None)
