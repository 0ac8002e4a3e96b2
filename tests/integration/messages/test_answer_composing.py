"""What an answer shows of an obligation that its writer asks about: of that one, while it is owed."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Connection, update

from config.terms import Addressee, OwedBy, StepOutcome
from models.obligations import StepTaken
from models.queries.obligations import obligation_views
from models.queries.obligations.obligation_views import NotificationView
from tasks.messages.answer.composing import _shown
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import TUESDAY

DAY = timedelta(days=1)


@pytest.fixture
def rows(connection: Connection) -> ReviewRows:
    """A case that owes a joint review, and an action of which two steps were decided."""
    made = ReviewRows(connection)
    made.contact("of1")
    made.contact("sp1", roles=("spoc",))
    return made


def asked(rows: ReviewRows, **given: object) -> NotificationView:
    case_id = rows.case_of("1", opened_on=date(2026, 3, 2))
    rows.action("A1", case_id, due_on=TUESDAY - 9 * DAY)
    rows.owes(case_id, TUESDAY + 3 * DAY)
    action = {
        "rule": "action", "subject": "action:A1", "owed_by": OwedBy.POLICE, "last_step": 2,
        "because": [["raised", "2026-03-02", "6d", "2026-03-08", ""]], "taken_on": [TUESDAY - 9 * DAY, TUESDAY - DAY],
    }  # fmt: skip
    owed = rows.owes(case_id, TUESDAY - 9 * DAY, **action | given)
    rows.step(owed, step=1, name="reminder", on_day=TUESDAY - 9 * DAY)
    rows.step(owed, step=2, name="overdue", on_day=TUESDAY - DAY)
    message = rows.message("of1")
    rows.notification(owed, message, "of1", step=2)
    (view,) = obligation_views.notifications(rows.connection, [message])
    return view


def test_it_shows_how_the_day_was_reached_and_what_was_told_and_comes(rows: ReviewRows) -> None:
    shown = _shown(rows.connection, asked(rows).matter, TUESDAY)
    assert shown is not None
    assert [(one.step, one.on) for one in shown.said] == [("reminder", TUESDAY - 9 * DAY), ("overdue", TUESDAY - DAY)]
    assert shown.coming[0].step == "critical"
    assert Addressee.OWNER in shown.coming[0].to
    assert "raised" in shown.sum


def test_a_step_that_another_one_took_over_was_told_to_nobody(rows: ReviewRows) -> None:
    matter = asked(rows).matter
    rows.connection.execute(update(StepTaken).where(StepTaken.step == 1).values(outcome=StepOutcome.SUPERSEDED))
    shown = _shown(rows.connection, matter, TUESDAY)
    assert shown is not None
    assert [one.step for one in shown.said] == ["overdue"]


def test_of_what_has_ended_nothing_is_shown(rows: ReviewRows) -> None:
    assert _shown(rows.connection, asked(rows, ended_on=TUESDAY, end_reason="met").matter, TUESDAY) is None
