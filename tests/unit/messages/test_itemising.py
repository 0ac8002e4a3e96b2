"""One obligation in a message: the day of the next step, beside a promise."""

from datetime import date, timedelta

import pytest

from flows.configured import configured
from tasks.messages.contexts import FollowingStep
from tasks.messages.itemising import item
from tests.worlds.messages import TODAY, owed


def following(*, promised: int | None, hard: bool = False, end: str | None = None) -> FollowingStep | None:
    """The next step of an action that falls due in three days, notified once, and promised for so many days."""
    told = owed("action", 3, remind=4, hard=hard)
    promised_until = None if promised is None else TODAY + timedelta(days=promised)
    matter = told.matter._replace(
        last_step=1, taken_on=(TODAY,), promised_until=promised_until, promised_role="officer", promise_end=end,
        numbers_of="45",
    )  # fmt: skip
    return item(configured(), told._replace(matter=matter), None, TODAY).following


def on(found: FollowingStep | None) -> date:
    assert found is not None
    assert found.step == "overdue"
    return found.on


NEXT = TODAY + timedelta(days=4)


def test_without_a_promise_the_next_step_has_its_own_day() -> None:
    assert on(following(promised=None)) == NEXT


@pytest.mark.parametrize(("promised", "later"), [(1, 0), (3, 0), (4, 1)])
def test_while_a_promise_stands_the_next_step_comes_when_it_has_lapsed_and_not_before_its_day(
    promised: int, later: int
) -> None:
    assert on(following(promised=promised)) == NEXT + timedelta(days=later)


def test_a_long_promise_that_lapses_on_a_saturday_is_followed_on_monday_by_the_step_reached_by_then() -> None:
    found = following(promised=9)
    assert found is not None
    assert (found.step, found.on) == ("critical", NEXT + timedelta(days=7))


def test_a_promise_that_has_ended_or_a_hard_clock_puts_nothing_off() -> None:
    assert on(following(promised=9, end="lapsed")) == NEXT
    assert on(following(promised=9, hard=True)) == NEXT
