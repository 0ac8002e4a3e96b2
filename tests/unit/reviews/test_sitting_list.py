"""The list of sittings: by when each case should sit, whether that is missed, and the order of the lines."""

from datetime import UTC, date, datetime, timedelta

import pytest

from config.terms import Risk
from models.queries.reviews.sitting_list import SittingListLine
from tasks.reviews.sitting_list import _listed, _order
from tests.unit.reviews.places import TUESDAYS, review

FIRST = TUESDAYS[0]
ONE_DAY = timedelta(days=1)


def line(
    ref: str = "1", sits: date | None = FIRST, *, deadline_on: date | None = FIRST, due_on: date = FIRST,
    sitting: str = "s1", force: str = "45", risk: Risk = Risk.HIGH,
) -> SittingListLine:  # fmt: skip
    due = review(ref, due_on=due_on, risk=risk).due
    if sits is None:
        return SittingListLine(None, None, None, None, force, "South East", due_on, None, due)
    starts_at = datetime(sits.year, sits.month, sits.day, 10, tzinfo=UTC)
    return SittingListLine(sitting, sits, starts_at, 0, force, "South East", due_on, deadline_on, due)


@pytest.mark.parametrize(("deadline_on", "late"), [(FIRST + ONE_DAY, False), (FIRST, False), (FIRST - ONE_DAY, True)])
def test_a_case_is_late_where_it_sits_after_the_day_by_which_it_should(deadline_on: date, late: bool) -> None:
    found = _listed(line(deadline_on=deadline_on), None)
    assert (found.deadline_on, found.late) == (deadline_on, late)


@pytest.mark.parametrize(
    ("next_on", "by"), [(None, FIRST), (FIRST - ONE_DAY, FIRST), (FIRST + ONE_DAY, FIRST + ONE_DAY)]
)
def test_a_case_without_a_sitting_is_late_and_should_sit_on_its_day_or_at_the_next_sitting(next_on, by) -> None:
    found = _listed(line(sits=None), next_on)
    assert (found.deadline_on, found.late) == (by, True)


def test_lines_stand_by_sitting_and_worth_and_those_without_a_sitting_last() -> None:
    wanted = [
        line("9", risk=Risk.HIGH),
        line("2", risk=Risk.MEDIUM),
        line("1", sitting="s2"),
        line("8", sits=TUESDAYS[1], sitting="s0"),
        line("7", sits=None, force="44", risk=Risk.STANDARD),
        line("6", sits=None, due_on=FIRST - ONE_DAY),
        line("5", sits=None),
    ]
    found = sorted((_listed(one, None) for one in reversed(wanted)), key=_order)
    assert [one.line for one in found] == wanted
