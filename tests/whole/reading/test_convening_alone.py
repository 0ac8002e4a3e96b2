"""The reading's own convening, on small books: nothing is better, seated cases stay, and the latest place is taken."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from config.days.london import LONDON
from tests.whole.reading.best import better
from tests.whole.reading.convening import Review, convene, deadline
from tests.whole.reading.days import add
from tests.whole.reading.panels import Panel, Plan, Sitting

TODAY = date(2026, 3, 2)
TUESDAYS = {
    "force_code": "45",
    "cps_area": "South East",
    "from": date(2026, 1, 6),
    "rrule": "FREQ=WEEKLY;BYDAY=TU",
    "starts": "10:00",
    "cases": 2,
    "chair": "C",
    "non_working_day": "next",
    "horizon": "42d",
}


def _sittings(*places: int, apart: int = 7) -> list[Sitting]:
    days = [TODAY + timedelta(days=1 + apart * number) for number in range(len(places))]
    at = [datetime(day.year, day.month, day.day, 10, tzinfo=LONDON) for day in days]
    return [Sitting(at[index], str(day), day, places[index], "C") for index, day in enumerate(days)]


def _review(ref: str, risk: str | None, due: date, since: date = date(2026, 1, 1)) -> Review:
    escalate = add(due, {"high": "2wd", "medium": "5wd", "standard": "10wd"}[risk or "high"])
    return Review(("45", ref), risk, due, escalate, since)


def _seat(reviews: list[Review], kept: dict[Any, Sitting], to_come: list[Sitting]) -> dict[str, str]:
    deadlines = {review.case: deadline(review.due, to_come) for review in reviews}
    seated = convene(reviews, kept, deadlines, to_come, TODAY)
    return {case[1]: one.ref for case, one in seated.items()}


@pytest.mark.parametrize("seed", range(300))
def test_nothing_is_better_than_what_it_arranges(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    to_come = _sittings(*(rng.randint(1, 2) for _ in range(rng.randint(1, 5))), apart=rng.choice([2, 7]))
    risks = [None, "high", "medium", "medium", "standard", "standard"]
    days = [TODAY + timedelta(days=rng.randint(-20, 35)) for _ in range(9)]
    reviews = [_review(str(number), rng.choice(risks), due) for number, due in enumerate(days)]
    rng.shuffle(reviews)
    deadlines = {review.case: deadline(review.due, to_come) for review in reviews}
    old = reviews[: rng.randint(1, 6)]
    before = convene(old, {}, deadlines, to_come, TODAY)
    where = convene(reviews, before, deadlines, to_come, TODAY)
    ranks = {review.case: review.rank(TODAY) for review in reviews}
    assert not better(where, before, ranks, deadlines, to_come, TODAY)
    assert all(list(where.values()).count(one) <= one.places for one in to_come)
    assert convene(reviews, where, deadlines, to_come, TODAY) == where
    moved = [case for case, one in before.items() if where.get(case) != one]
    newcomers = [ranks[case] for case in where if case not in before and where[case].day <= deadlines[case]]
    assert all(any(rank < ranks[case] for rank in newcomers) for case in moved)


def test_a_case_sits_at_the_latest_place_in_time_and_a_late_one_at_the_earliest_left() -> None:
    to_come = _sittings(1, 1, 2)  # 3, 10 and 17 March
    reviews = [_review(ref, "high", date(2026, 3, 12)) for ref in "ABC"]
    assert _seat(reviews, {}, to_come) == {"A": "2026-03-10", "B": "2026-03-03", "C": "2026-03-17"}


def test_of_those_who_may_give_way_it_is_the_least_by_worth() -> None:
    to_come = _sittings(1, 1, 1)
    kept = {("45", "M"): to_come[1], ("45", "S"): to_come[2]}
    reviews = [
        _review("M", "medium", date(2026, 3, 12)),
        _review("S", "standard", date(2026, 3, 18)),
        _review("H", "high", date(2026, 3, 20)),
        _review("I", "high", date(2026, 3, 4)),
    ]
    assert _seat(reviews, kept, to_come) == {"H": "2026-03-17", "I": "2026-03-03", "M": "2026-03-10"}


def test_a_settled_sitting_is_given_up_to_nobody() -> None:
    (one,) = _sittings(1)
    reviews = [_review("S", "standard", date(2026, 3, 4)), _review("H", "high", date(2026, 3, 4))]
    assert _seat(reviews, {("45", "S"): one}, [one]) == {"S": "2026-03-03"}


@pytest.mark.parametrize(
    ("rule", "non_working", "days"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,TU", "next", ["03-31", "04-07", "04-13"]),
        ("FREQ=WEEKLY;BYDAY=MO,TU", "skip", ["03-31", "04-07", "04-13"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "next", ["04-07"]),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "skip", []),
        ("FREQ=MONTHLY;BYDAY=-1SU", "next", []),
        ("FREQ=MONTHLY;BYDAY=1SU", "next", ["04-07"]),
        ("FREQ=MONTHLY;BYMONTHDAY=11", "next", ["04-13"]),
    ],
)
def test_sittings_around_easter_fall_on_working_days(rule: str, non_working: str, days: list[str]) -> None:
    panel = Panel(
        TUESDAYS | {"rrule": rule, "non_working_day": non_working, "horizon": "14d", "from": date(2026, 1, 9)}
    )
    plan = Plan([panel])
    plan.night(date(2026, 3, 30))
    (found,) = plan.to_come.values()
    assert [f"{one.day:%m-%d}" for one in found] == days
