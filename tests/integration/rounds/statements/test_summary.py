"""The statements of the daily message: the stalled cases, the worst of them, and the outbox."""

from datetime import timedelta

import pytest

from models.queries.rounds import summary
from models.queries.rounds.summary import StalledCaseRow
from models.rounds import Round
from tests.integration.outbox_world import AT_NINE, TUESDAY
from tests.integration.review_rows import ReviewRows

OVER = {"ended_on": TUESDAY, "end_reason": "met"}


def ago(days: int):
    return TUESDAY - timedelta(days=days)


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def stalls(rows, case_id: int, days: int, force: str = "45", due: int | None = None, **given) -> None:
    """Let a case owe something that escalated some days ago, and fell due a day before that."""
    due_on = ago(days + 1 if due is None else due)
    rows.owes(case_id, due_on, force, **{"escalate_on": ago(days), "subject": f"{days}-{len(given)}"} | given)


@pytest.fixture
def book(rows) -> dict[str, int]:
    """Cases of two forces, of which late, later and latest are stalled in the open."""
    refs = ("later", "late", "latest", "quiet", "over", "tomorrow", "today", "apart", "bars")
    apart = {"apart": {"restricted": True}, "bars": {"barred_refs": ["of9"]}}
    cases = {ref: rows.case_of(ref, **apart.get(ref, {})) for ref in refs}
    there = rows.case_of("there", "46")
    stalls(rows, cases["later"], 5)
    stalls(rows, cases["late"], 9, owed_by="police", rule="z")
    stalls(rows, cases["late"], 2, owed_by="cps", rule="a")
    stalls(rows, cases["latest"], 0, due=1)
    stalls(rows, cases["quiet"], 5, stalls=False)
    stalls(rows, cases["over"], 5, **OVER)
    stalls(rows, cases["tomorrow"], -1, due=3)
    stalls(rows, cases["today"], 3, due=0)
    stalls(rows, cases["apart"], 20)
    stalls(rows, cases["bars"], 20)
    stalls(rows, rows.case_of("apart-in-order", restricted=True), 20, stalls=False)
    stalls(rows, there, 7, "46")
    stalls(rows, there, 6, "46", subject="order:1")
    return cases


def test_a_case_is_stalled_once_however_many_obligations_stall_it(rows, book):
    assert summary.stalled(rows.connection, "45", TUESDAY) == 5
    assert summary.stalled(rows.connection, "46", TUESDAY) == 1
    assert summary.unlisted_stalled(rows.connection, ["45"], TUESDAY) == 2
    assert summary.unlisted_stalled(rows.connection, ["46"], TUESDAY) == 0


def test_the_worst_are_those_that_stalled_first_with_all_that_stalls_them(rows, book):
    late = StalledCaseRow("45", "late", ago(9), ("a owed by cps", "z owed by police"))
    there = StalledCaseRow("46", "there", ago(7), ("joint-review owed by both",))
    later = StalledCaseRow("45", "later", ago(5), ("joint-review owed by both",))
    latest = later._replace(case_ref="latest", since=TUESDAY)
    for most in (1, 2, 3, 4, 9):
        found = summary.worst_stalled(rows.connection, ["45", "46"], TUESDAY, most)
        assert found == [late, there, later, latest][:most]
    assert summary.worst_stalled(rows.connection, ["46"], TUESDAY, 9) == [there]
    same = rows.case_of("same")
    stalls(rows, same, 9)
    assert [one.case_ref for one in summary.worst_stalled(rows.connection, ["45"], TUESDAY, 2)] == ["late", "same"]


def test_a_case_is_stalled_by_what_is_live_and_fell_due_before_today(rows):
    case_id, due_today = rows.case_of("once"), rows.case_of("due-today")
    stalls(rows, case_id, 9, rule="over", **OVER)
    stalls(rows, case_id, 4, rule="z")
    stalls(rows, case_id, -3, due=0, rule="later")
    stalls(rows, due_today, 9, due=0, rule="today")
    stalls(rows, due_today, 3, rule="z")
    found = summary.worst_stalled(rows.connection, ["45"], TUESDAY, 9)
    owed = ("z owed by both",)
    assert found == [StalledCaseRow("45", "once", ago(4), owed), StalledCaseRow("45", "due-today", ago(3), owed)]
    assert summary.stalled(rows.connection, "45", TUESDAY) == 2


def test_a_forces_count_is_that_of_its_latest_round_up_to_the_day_that_counted(rows):
    for force, days, account, given in (
        ("45", 1, {"stalled": 3}, {}), ("45", 1, {"stalled": 4}, {}), ("45", 2, {"stalled": 5}, {}), ("45", 0, {}, {}),
        ("45", 0, {"stalled": 6}, {"undoing_id": rows.undoing()}), ("45", -1, {"stalled": 7}, {}),
        ("46", 0, {"stalled": 8}, {}),
    ):  # fmt: skip
        rows.add(Round, force_code=force, day=ago(days), began_at=AT_NINE, account=account, **given)
    assert summary.counted_stalled(rows.connection, ["45", "47"], TUESDAY) == {"45": 4}
    assert summary.counted_stalled(rows.connection, ["46"], TUESDAY) == {"46": 8}


@pytest.mark.parametrize(
    ("key", "days", "kind", "found"),
    [
        ("daily:2026-03-16", 1, "operations", True),
        ("daily:2026-03-16:r2", 3, "operations", True),
        ("daily:2026-03-16:0123456789ab", 1, "operations", True),
        ("daily:2026-03-16:45", 1, "operations", False),
        ("daily:2026-03-17", 0, "operations", False),
        ("daily:2026-03-13", 4, "operations", False),
        ("daily:2026-03-16", 1, "digest", False),
    ],
)
def test_the_daily_message_was_written_on_one_of_the_days_before_today(rows, key, days, kind, found):
    rows.message(None, key=key, day=ago(days), kind=kind)
    assert summary.daily_message_since(rows.connection, ago(3), TUESDAY) is found


def test_the_outbox_of_a_day_is_what_was_written_that_day_or_waits_since_before(rows):
    letter = rows.message("of1", state="sent")
    for state, given in (
        ("void", {}), ("sent", {"day": ago(1)}), ("queued", {"day": ago(1)}), ("retry", {"day": ago(1)}),
        ("claimed", {"day": ago(1)}), ("sending", {"day": ago(1)}), ("dead", {"day": ago(1)}), ("dead", {}),
        ("unknown", {"day": ago(1)}), ("queued", {"letter_id": letter}), ("silent", {}),
    ):  # fmt: skip
        rows.message("of1", state=state, **given)
    found = summary.outbox(rows.connection, TUESDAY)
    assert list(found.items()) == [
        ("claimed", 1), ("dead", 2), ("queued", 1), ("retry", 1), ("sending", 1), ("sent", 1), ("silent", 1),
        ("unknown", 1),
    ]  # fmt: skip
