"""The page and the output of a first morning, of invented outcomes: a book that floods, and one with nothing in it."""

from datetime import date, timedelta

from models.queries.obligations.inherited import InheritedGroup
from models.queries.rehearsal.first_morning import EndingLimits, MorningReader, WorstCase
from tasks.platform.templates import command_output, page
from tasks.rehearsal.first_morning import MANY, FirstMorning, Morning, PlannedMeeting, ReviewPlan

FIRST = date(2026, 3, 16)
_BEFORE = Morning(tuple(MorningReader(f"P45of{at}", ("officer",), 1, 60 - at) for at in range(23)))
_WITH = Morning(
    (
        MorningReader("P45of1", ("officer", "spoc"), 1, 9),
        MorningReader("P45sp1", ("spoc",), 2, 3),
        MorningReader("P45ld1", ("lead",), 1, 0, standing=True),
    )
)
_GROUPS = tuple(
    InheritedGroup("action", risk, weeks, 7, FIRST - timedelta(days=7 * weeks + 3))
    for risk, weeks in (("high", 0), ("medium", 4), ("standard", 13), ("standard", 52))
)
_MEETINGS = (
    PlannedMeeting(
        FIRST + timedelta(days=1), "South East", 12, {"high": 9, "medium": 1, "standard": 2}, date(2024, 3, 4), 0
    ),
    PlannedMeeting(FIRST + timedelta(days=8), "South East", 12, {}, None, 3),
)
_FLOODED = FirstMorning(
    "45", FIRST, _WITH, _BEFORE, _GROUPS, EndingLimits(3, 4),
    (WorstCase("45/SAMPLE-0001", "high", 12, 1, date(2024, 3, 4)),), ("plea",), {"no prosecutor is recorded": 31},
    ReviewPlan(_MEETINGS, 40, 4),
)  # fmt: skip
_EMPTY = Morning(())
_NOTHING = FirstMorning("45", FIRST, _EMPTY, _EMPTY, (), EndingLimits(0, 0), (), (), {}, ReviewPlan((), 0, None))
_NO_PANEL = _NOTHING._replace(plan=ReviewPlan((), 3, None), with_day=_WITH)


def texts() -> dict[str, str]:
    """Each as its page and as the command prints it."""
    found = {}
    for name, made in (("flooded", _FLOODED), ("nothing", _NOTHING), ("no-panel", _NO_PANEL)):
        values = {"made": made, "force": "Surrey (45)", "many": MANY}
        found[f"first-day-{name}.html"] = page("first_day/page.html", **values)
        found[f"first-day-{name}.txt"] = command_output("first_day", values)
    return found
