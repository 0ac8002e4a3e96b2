"""The recorded outcomes of a case's sittings."""

from datetime import date

from models.queries.reviews import outcome_history
from models.sittings import OutcomeRow
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows


def test_every_outcome_of_a_cases_sittings_is_there_in_the_order_of_recording(connection):
    rows = ReviewRows(connection)
    first, second = rows.sitting("first", date(2026, 3, 10)), rows.sitting("second", TUESDAY)
    held, again = (rows.convening(1, sitting, ended_on=TUESDAY, end="held") for sitting in (first, second))
    other = rows.convening(2, second, slot=1)
    earliest = rows.outcome(again, stands=False)
    rows.outcome(other)
    rows.outcome(held, by_ref=None)
    rows.outcome(again, cps=False)
    rows.move_back(OutcomeRow, earliest)
    found = outcome_history.of_case(connection, 1)
    assert [(one.sitting_ref, one.by_ref, one.cps_attended, one.stands) for one in found] == [
        ("second", "sp1", True, False), ("first", None, True, True), ("second", "sp1", False, True),
    ]  # fmt: skip
