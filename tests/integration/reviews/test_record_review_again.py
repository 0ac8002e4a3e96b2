"""What an outcome writes of its own: its actions by number, the row that counts it, and the case's reason."""

from datetime import date

import pytest
from sqlalchemy import Connection, select

from config.sittings import Pattern
from models.cases import Case, ReviewRow
from models.queries.intake import sources
from models.queries.reviews import recorded_outcomes
from models.queries.reviews.recorded_outcomes import ReviewableCase
from models.rules.reviews.record_review import ReviewOutcome
from tasks.reviews.record_review import follow
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE, TUESDAY

REVIEW = "JR-sits-O1"
HELD = ReviewOutcome(held=True, police_attended=True, cps_attended=True)


@pytest.fixture
def rows(connection: Connection) -> ReviewRows:
    """A case at the sitting of Tuesday."""
    made = ReviewRows(connection)
    made.contact("of1")
    made.contact("sp1", roles=("spoc",))
    made.convening(made.case_of("O1"), made.sitting("sits", TUESDAY))
    return made


def found(rows: ReviewRows) -> ReviewableCase:
    one = recorded_outcomes.find(rows.connection, "sits", "45", "O1")
    assert one is not None
    return one


def follows(rows: ReviewRows, came: ReviewOutcome | None, *, here: bool) -> list[tuple[bool, bool]]:
    """Whether the review's own row has both sides, and is withdrawn."""
    follow(rows.connection, found(rows), came, REVIEW, sources.own(rows.connection, AT_NINE), TUESDAY, here=here)
    return rows.found(select(ReviewRow.quorate, ReviewRow.withdrawn_on.is_not(None)))


def test_a_review_has_a_row_of_ours_while_it_is_held_and_no_source_has_one(rows: ReviewRows) -> None:
    assert follows(rows, HELD, here=True) == [(True, False)]
    assert follows(rows, HELD, here=False) == [(True, True)]
    assert follows(rows, HELD._replace(cps_attended=False), here=True) == [(False, False)]
    assert follows(rows, None, here=True) == [(False, True)]


def reason(rows: ReviewRows) -> date | None:
    ((day,),) = rows.found(select(Case.why_not_stalking_on))
    return day


def test_only_a_rationale_for_harassment_is_the_cases_reason(rows: ReviewRows) -> None:
    stalking, harassment = (HELD._replace(pattern=one) for one in (Pattern.STALKING, Pattern.HARASSMENT_WITH_RATIONALE))
    for came, day in ((stalking, None), (harassment, TUESDAY), (None, None)):
        follows(rows, came, here=True)
        assert reason(rows) == day
