"""One case explained, and a climb with nothing due, by rows."""

import pytest

from config.terms import Duty
from flows.configured import configured
from models.rules.references import CaseReference
from tasks.obligations.climbing import ClimbCounts, climb_force
from tasks.obligations.explain import explain_to_reader
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import TUESDAY


@pytest.mark.parametrize(("projection", "failure"), [("failed", "ValueError"), ("changed", None), ("evaluated", None)])
def test_a_case_tells_of_its_failure_until_it_is_evaluated_again(connection, projection, failure):
    rows = ReviewRows(connection)
    rows.case_of("R1", projection=projection, failure="ValueError")
    found = explain_to_reader(configured(), connection, CaseReference("45", "R1"), TUESDAY)
    assert found is not None
    assert found.failure == failure


def test_a_climb_with_nothing_due_takes_no_step_and_writes_nothing(database):
    for force in ("45", None):
        assert climb_force(configured(), force, TUESDAY, Duty.CHASE) == ClimbCounts(force, 0, 0, ())
