"""What a round does about a force that it handed out: read, wait, begin again, give up, or run it itself."""

from datetime import timedelta

import pytest

from models.rules.rounds.handing_out import ForceSeen, Next, divide, next_step

SCHEDULED = ForceSeen(1, "SCHEDULED", False, False, False, timedelta(0), timedelta(0))
RUNNING = SCHEDULED._replace(state="RUNNING", began=True, running=True)
MOMENT, DIED, PATIENCE = (timedelta(seconds=seconds) for seconds in (9.9, 10, 120))


@pytest.mark.parametrize(
    ("seen", "step"),
    [
        (SCHEDULED, Next.WAIT),
        (SCHEDULED._replace(idle=PATIENCE - timedelta(seconds=1), unchanged=PATIENCE), Next.WAIT),
        (SCHEDULED._replace(idle=PATIENCE), Next.HERE),
        (SCHEDULED._replace(state=None), Next.WAIT),
        (SCHEDULED._replace(state=None, idle=PATIENCE), Next.HERE),  # no server, and nobody works on anything
        (SCHEDULED._replace(state="RUNNING", unchanged=PATIENCE), Next.WAIT),  # it waits for its force's lock
        (RUNNING, Next.WAIT),
        (RUNNING._replace(unchanged=PATIENCE), Next.WAIT),
        (RUNNING._replace(state=None, unchanged=PATIENCE), Next.WAIT),
        (RUNNING._replace(ended=True), Next.READ),
        (RUNNING._replace(ended=True, state=None), Next.READ),
        (RUNNING._replace(ended=True, state="CRASHED"), Next.READ),  # after its round had ended
        (RUNNING._replace(running=False, unchanged=MOMENT), Next.WAIT),  # between lock and end
        (RUNNING._replace(running=False, unchanged=DIED), Next.AGAIN),
        (RUNNING._replace(running=False, unchanged=DIED, state=None), Next.AGAIN),
        (RUNNING._replace(running=False, unchanged=DIED, attempt=3), Next.LOST),
        (SCHEDULED._replace(state="CRASHED"), Next.AGAIN),
        (SCHEDULED._replace(state="CRASHED", attempt=2), Next.AGAIN),
        (SCHEDULED._replace(state="CRASHED", attempt=3), Next.LOST),
        (RUNNING._replace(state="CRASHED"), Next.AGAIN),  # the next run waits for the lock
        (SCHEDULED._replace(state="FAILED"), Next.LOST),
        (RUNNING._replace(state="FAILED", running=False, unchanged=DIED), Next.LOST),
        (SCHEDULED._replace(state="CANCELLED", idle=PATIENCE), Next.LOST),  # by a person
        (SCHEDULED._replace(state="COMPLETED"), Next.LOST),
    ],
)
def test_a_force_that_was_handed_out(seen, step):
    assert next_step(seen) is step


@pytest.mark.parametrize(
    ("work", "shares", "runs"),
    [
        ({"01": 90, "45": 20, "46": 30, "47": 35}, 2, [("01",), ("47", "46", "45")]),
        ({"45": 20, "46": 30, "47": 35, "48": 20}, 2, [("47", "48"), ("46", "45")]),
        ({"45": 20, "46": 30}, 1, [("46", "45")]),
        ({"45": 0, "46": 0, "47": 0}, 2, [("45", "47"), ("46",)]),  # without a case there is work too
        ({"01": 2, "45": 0, "46": 0, "47": 0}, 2, [("01",), ("45", "46", "47")]),  # as much as one case
        ({"45": 20, "46": 30}, 48, [("46",), ("45",)]),
        ({}, 4, []),
    ],
)
def test_forces_are_divided_by_their_cases_the_largest_first(work, shares, runs):
    assert divide(work, shares) == runs
