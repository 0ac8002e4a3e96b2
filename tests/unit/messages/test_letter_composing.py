"""What a letter lists beside its blocks, and what its headline and its last line count."""

from dataclasses import replace
from datetime import date

import pytest

from config.terms import Addressee, EndReason, Happening, Risk, Severity
from models.queries.obligations.obligation_views import NotificationView
from tasks.messages.contexts import ObligationItem
from tasks.messages.letter import blocks
from tasks.messages.letter.composing import _beside, _leads_anew, _live, _numbers, _overdue, _Situation
from tasks.messages.letter.contexts import StalledCase, Standing
from tasks.messages.sample_items import ACTION, DAY, LIMIT, RESOLVED
from tests.unit.messages.test_agenda_cases import TODAY, owed
from tests.unit.messages.test_blocks import LONGEST, due

FIRST, SECOND, THIRD = (replace(ACTION, reference=f"45/{number}") for number in (1, 2, 3))
STALLS = replace(ACTION, reference="45/7", severity=Severity.CRITICALLY_OVERDUE, stalls=True)


def stalled(*items: ObligationItem) -> StalledCase:
    return StalledCase(
        reference=items[0].reference, urn=None, risk=Risk.HIGH, since=DAY, days=0, owed=items, moves=()
    )  # fmt: skip


def beside(*cases: StalledCase, overdue: tuple[ObligationItem, ...] = (), listed: tuple[ObligationItem, ...] = (),
           longest: int = 10) -> tuple[list[str], list[str]]:  # fmt: skip
    """The stalled cases and the open matters that a standing has beside the blocks with these items."""
    standing = Standing(since=date(2026, 3, 9), stalled=cases, still_open=(RESOLVED,))
    found = _beside(standing, blocks.arranged(listed, LONGEST), overdue, longest)
    assert found.since == standing.since
    return [one.reference for one in found.stalled], [one.reference for one in found.still_open]


def test_a_stalled_case_is_left_out_where_blocks_list_all_that_it_owes() -> None:
    both = replace(SECOND, reference="45/1")
    assert beside(stalled(FIRST), listed=(FIRST,)) == ([], [])
    assert beside(stalled(FIRST, replace(both, subject="other")), listed=(FIRST,)) == (["45/1"], [])
    assert beside(stalled(FIRST), stalled(SECOND), listed=(FIRST, THIRD)) == (["45/2"], [])


def test_what_is_still_open_stands_once_by_its_urgency() -> None:
    late = due(replace(THIRD, reference="45/4"), 9)
    found = beside(stalled(FIRST), overdue=(FIRST, THIRD, SECOND, late), listed=(SECOND,))
    assert found == (["45/1"], ["45/4", "45/3"])


@pytest.mark.parametrize(
    ("longest", "cases", "still"), [(1, ["45/1"], []), (2, ["45/1", "45/2"], []), (3, ["45/1", "45/2"], ["45/3"])]
)
def test_a_standing_is_as_long_as_the_policy_says_and_its_cases_come_first(
    longest: int, cases: list[str], still: list[str]
) -> None:
    overdue = (THIRD, replace(THIRD, reference="45/4"))
    assert beside(stalled(FIRST), stalled(SECOND), overdue=overdue, longest=longest) == (cases, still)


def numbers(
    *items: ObligationItem, listed: tuple[ObligationItem, ...] = (), standing: Standing | None = None, leads: bool,
    cases: int = 0, old: int = 0,
) -> tuple[dict[str, int], dict[str, int]]:  # fmt: skip
    """The headline and what no block lists, of these items where the blocks list some."""
    parts = blocks.arranged(listed, LONGEST)
    found = _numbers(_Situation(list(items), cases, old, 0), parts, standing, leads=leads)
    headline, rest = ({one.what: one.number for one in each} for each in found)
    return headline, rest


def test_who_leads_reads_the_number_of_stalled_cases_and_who_does_not_that_of_their_matters() -> None:
    assert numbers(STALLS, FIRST, leads=True, cases=3) == (
        {"stalled": 3, "overdue": 1}, {"stalled": 3, "overdue": 1},
    )  # fmt: skip
    assert numbers(STALLS, FIRST, leads=False) == ({"critical": 1, "overdue": 1}, {"critical": 1, "overdue": 1})


def test_a_listed_matter_counts_in_the_headline_alone() -> None:
    assert numbers(STALLS, FIRST, SECOND, listed=(STALLS, FIRST), leads=True, cases=3) == (
        {"stalled": 3, "overdue": 2}, {"stalled": 2, "overdue": 1},
    )  # fmt: skip
    assert numbers(FIRST, SECOND, THIRD, standing=Standing(since=None, still_open=(SECOND,)), leads=True) == (
        {"overdue": 3}, {"overdue": 2},
    )  # fmt: skip


def test_a_case_that_is_listed_twice_is_taken_off_the_stalled_once() -> None:
    other = replace(STALLS, subject="other")
    standing = Standing(since=None, stalled=(stalled(replace(other, news=False)),))
    assert numbers(listed=(STALLS, other), standing=standing, leads=True, cases=1) == ({"stalled": 1}, {})
    assert numbers(listed=(STALLS, replace(STALLS, reference="45/8")), leads=True, cases=1) == ({"stalled": 1}, {})
    assert numbers(standing=standing, leads=True, cases=3) == ({"stalled": 3}, {"stalled": 2})


def test_what_ran_out_long_ago_is_in_both_and_what_ended_is_only_left_over() -> None:
    ended = tuple(replace(RESOLVED, reference=f"45/{number}") for number in range(LONGEST.resolved + 2))
    assert numbers(listed=ended, leads=True, old=4) == ({"old": 4}, {"old": 4, "resolved": 2})


def test_what_is_beyond_the_longest_block_is_left_over_once() -> None:
    items = tuple(replace(ACTION, reference=f"45/{number}") for number in range(LONGEST.yours + 2))
    assert numbers(*items, listed=items, leads=True) == ({"overdue": len(items)}, {"overdue": 2})


def test_a_matter_is_overdue_from_the_day_after_its_due_day() -> None:
    views = [owed("action", days) for days in (-1, 0, 1)]
    assert _overdue(views, TODAY) == views[:1]


def test_what_is_live_is_read_once_and_without_what_has_ended() -> None:
    assert _live([FIRST, replace(SECOND, ended=EndReason.MET), FIRST, THIRD]) == [FIRST, THIRD]


@pytest.mark.parametrize(
    ("changed", "anew"),
    [
        ({}, True), ({"addressee": Addressee.COUNTERPART}, True), ({"addressee": Addressee.OWNER}, False),
        ({"happening": Happening.STEP}, False), ({"note": "in the absence of the SPOC"}, False),
    ],
)  # fmt: skip
def test_a_spoc_leads_anew_where_a_case_is_handed_over_for_good(changed: dict[str, object], anew: bool) -> None:
    handed = owed("action", 3)._replace(happening=Happening.HANDED_OVER, addressee=Addressee.SPOC)
    told: list[NotificationView] = [owed("action", 1), handed._replace(**changed)]
    assert _leads_anew(told) is anew
    assert not _leads_anew([])


def test_a_limit_that_blocks_do_not_list_is_counted_by_its_day() -> None:
    items = [replace(due(LIMIT, days), reference=f"45/{days}") for days in (1, 0, -8)]
    headline, rest = numbers(*items, listed=tuple(items[:1]), leads=True)
    assert headline == {"passed": 1, "within_7_days": 1, "later": 1}
    assert rest == {"within_7_days": 1, "later": 1}
