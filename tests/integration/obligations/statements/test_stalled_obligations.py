"""The statements of the SPOC's page: what stalls, what runs out, and the totals, at each boundary day."""

from datetime import timedelta

import pytest

from models.queries.obligations import stalled_obligations
from models.queries.obligations.stalled_obligations import PlaceTotals
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows

HARD = {"hard": True, "stalls": False}


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def owes(rows, ref: str, due: int, escalates: int, force: str = "45", area: str = "South East", **given) -> int:
    """Let a new case owe something under a rule named as the case, by days from today; the case's id."""
    case = {name: given.pop(name) for name in ("restricted",) if name in given}
    case_id = rows.case_of(ref, force, area, **case)
    days = {"due_on": TUESDAY + timedelta(days=due), "escalate_on": TUESDAY + timedelta(days=escalates)}
    rows.obligation(case_id, **{"last_step": 0, "force_code": force, "subject": ref} | days | given)
    return case_id


def subjects(found) -> list[str]:
    return [one.matter.subject for one in found]


def test_what_stalls_is_critically_overdue_by_the_oldest_stall_of_its_case(rows):
    late = owes(rows, "late", -2, -1)
    owes(rows, "today", -3, 0)
    early = owes(rows, "early", -9, -8)
    for case_id, subject, days in ((late, "late-oldest", 10), (early, "early-too", 3), (late, "late-newest", 0)):
        rows.owes(case_id, TUESDAY - timedelta(days=days + 1), subject=subject,
                  escalate_on=TUESDAY - timedelta(days=days))  # fmt: skip
    for ref, due, escalates, given in (
        ("tomorrow", -3, 1, {}), ("not-due", 0, -1, {}), ("quiet", -9, -9, {"stalls": False}),
        ("over", -9, -9, {"ended_on": TUESDAY, "end_reason": "met"}), ("there", -9, -9, {"force": "46"}),
    ):  # fmt: skip
        owes(rows, ref, due, escalates, **given)
    found = subjects(stalled_obligations.stalled(rows.connection, TUESDAY, ["45"], []))
    assert found == ["late-oldest", "late", "late-newest", "early", "early-too", "today"]
    assert subjects(stalled_obligations.stalled(rows.connection, TUESDAY, ["46"], [])) == ["there"]
    assert "there" in subjects(stalled_obligations.stalled(rows.connection, TUESDAY, [], ["South East"]))
    assert stalled_obligations.stalled(rows.connection, TUESDAY, [], ["London"]) == []


def test_a_limit_is_near_from_its_first_day_to_seven_days_ahead(rows):
    for ref, due, escalates, given in (
        ("in-7", 7, 14, HARD), ("in-8", 8, 9, HARD), ("in-6-far", 6, 15, HARD), ("since", -10, -9, HARD),
        ("before", -11, -9, HARD), ("soft", 1, 1, {}), ("in-2", 2, 2, HARD), ("in-2-too", 2, 3, {"hard": True}),
        ("over", 2, 3, HARD | {"ended_on": TUESDAY, "end_reason": "met"}), ("there", 2, 3, HARD | {"force": "46"}),
    ):  # fmt: skip
        owes(rows, ref, due, escalates, **given)
    first = TUESDAY - timedelta(days=10)
    found = stalled_obligations.near_limits(rows.connection, TUESDAY, first, ["45"], [])
    assert subjects(found) == ["since", "in-2", "in-2-too", "in-7"]
    assert subjects(stalled_obligations.near_limits(rows.connection, TUESDAY, first, ["46"], [])) == ["there"]
    in_area = stalled_obligations.near_limits(rows.connection, TUESDAY, first, [], ["South East"])
    assert subjects(in_area) == ["since", "in-2", "in-2-too", "there", "in-7"]


def totals(rows, *hidden: int, forces=("45",), areas=(), access: bool = False) -> PlaceTotals:
    return stalled_obligations.totals(rows.connection, TUESDAY, forces, areas, access=access, hidden=hidden)


def test_the_totals_count_each_stalled_case_once_and_each_limit_by_its_day(rows):
    stalls = owes(rows, "stalls", -1, 0)
    rows.owes(stalls, TUESDAY - timedelta(days=3), rule="no-progress")
    hidden = owes(rows, "hidden", -1, -1)
    for ref, due, escalates, given in (
        ("soft", 0, 0, {}), ("tomorrow", -1, 1, {}), ("apart", -5, -5, {"restricted": True}),
        ("apart-limit", 3, 3, HARD | {"restricted": True}), ("passed", -1, 5, HARD), ("passed-far", -2, 14, HARD),
        ("passed-beyond", -2, 15, HARD), ("today", 0, 0, HARD), ("in-7", 7, 9, HARD), ("in-8", 8, 9, HARD),
        ("neither", -1, -1, {"stalls": False}), ("over", -1, -1, {"ended_on": TUESDAY, "end_reason": "met"}),
        ("there", -1, -1, {"force": "46"}), ("london", -1, -1, {"area": "London"}),
    ):  # fmt: skip
        owes(rows, ref, due, escalates, **given)
    apart = frozenset({"45/apart"})
    assert totals(rows) == PlaceTotals(stalled=3, passed=2, within_7_days=2, restricted=apart)
    assert totals(rows, hidden) == PlaceTotals(2, 2, 2, apart)
    assert totals(rows, access=True) == PlaceTotals(4, 2, 3, frozenset())
    assert totals(rows, forces=["46"]) == PlaceTotals(1, 0, 0, frozenset())
    assert totals(rows, forces=[], areas=["London"]) == PlaceTotals(1, 0, 0, frozenset())


def test_a_case_is_stalled_from_the_day_of_escalation_and_no_limit_of_a_restricted_case_counts(rows):
    for ref, due, escalates, given in (
        ("today", -1, 0, {}), ("not-yet", -1, 5, {"hard": True, "stalls": True}),
        ("apart", -1, 5, HARD | {"restricted": True}),
    ):  # fmt: skip
        owes(rows, ref, due, escalates, **given)
    assert totals(rows) == PlaceTotals(stalled=1, passed=1, within_7_days=0, restricted=frozenset())
