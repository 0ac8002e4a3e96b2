"""The statements of a rehearsal's figures: readers' days, first news, first stalls, and what falls due."""

from datetime import date, timedelta
from io import BytesIO

import pytest

from models.queries.rehearsal import figures, foreseen
from models.queries.rehearsal.figures import CaseNumbers, ReaderDay
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows

FIRST, LAST = TUESDAY, TUESDAY + timedelta(days=6)


def on(days: int) -> date:
    return TUESDAY + timedelta(days=days)


@pytest.fixture
def rows(connection) -> ReviewRows:
    made = ReviewRows(connection)
    for ref in ("of2", "of1"):
        made.contact(ref, roles=("officer", "supervisor") if ref == "of1" else ("spoc",))
    foreseen.prepare(connection)
    return made


def test_a_readers_day_has_its_mails_and_the_matters_that_left_in_them(rows):
    case_id = rows.case_of("C1")
    one, two = (rows.owes(case_id, on(0), subject=subject) for subject in ("a", "b"))
    letter = rows.message("of1", day=FIRST, state="sent")
    for step in (1, 2):
        rows.notification(one, letter, "of1", step=step, state="sent")
    rows.notification(two, letter, "of1", state="shown")
    rows.notification(rows.owes(case_id, on(0), subject="c"), letter, "of1", state="silent")
    urgent = rows.message("of1", day=FIRST, kind="at_once", state="shown")
    rows.notification(two, urgent, "of1", step=5, state="shown")
    rows.message("of2", day=LAST, state="sent")
    for given in (
        {"day": on(-1), "state": "sent"}, {"day": on(7), "state": "sent"}, {"day": FIRST, "state": "silent"},
        {"day": FIRST, "state": "sent", "kind": "agenda"}, {"day": FIRST, "state": "sent", "channel": "slack"},
        {"day": FIRST, "state": "sent", "letter_id": letter},
    ):  # fmt: skip
        rows.message("of2", **given)
    rows.message(None, day=FIRST, state="sent")
    assert figures.reader_days(rows.connection, FIRST, LAST) == [
        ReaderDay("of1", FIRST, 2, 2), ReaderDay("of2", LAST, 1, 0),
    ]  # fmt: skip
    assert figures.roles(rows.connection) == {"of1": ["officer", "supervisor"], "of2": ["spoc"]}


def written(write, connection) -> tuple[int, list[str]]:
    out = BytesIO()
    return write(connection, FIRST, LAST, out), out.getvalue().decode().splitlines()


def test_a_matter_is_heard_of_on_the_first_day_on_which_a_step_reaches_anybody(rows):
    case_id, other = rows.case_of("C1"), rows.case_of("C2")
    one = rows.owes(case_id, on(0))
    for step, day, given in (
        (1, 3, {}), (2, 2, {"state": "shown"}), (3, 1, {"state": "silent"}), (4, -1, {}), (5, 7, {}),
        (6, 1, {"happening": "resolved"}),
    ):  # fmt: skip
        rows.notification(one, None, "of1", step=step, day=on(day), **{"state": "sent"} | given)
    action = rows.owes(other, on(0), rule="action", subject="action:A1")
    rows.notification(action, None, "of2", day=LAST, state="sent")
    rows.notification(rows.owes(None, on(0), rule="feed-stale", subject="x"), None, "of2", day=FIRST, state="sent")
    heard = [f"action\t{other}\taction:A1\t{LAST}", f"joint-review\t{case_id}\tcase\t{on(2)}"]
    assert written(figures.write_news, rows.connection) == (2, heard)
    (foresaw,) = foreseen.of_ids(rows.connection, [action])
    foreseen.keep_news(rows.connection, [(foresaw, on(1)), (foresaw, on(2))])
    heard[0] = f"action\t{other}\taction:A1\t{on(1)}"
    assert written(figures.write_news, rows.connection) == (2, heard)


def test_a_case_stalls_on_the_first_day_on_which_something_that_stalls_it_is_critically_overdue(rows):
    cases = {name: rows.case_of(name) for name in ("before", "within", "due", "last", "after", "soft", "over", "void")}
    for name, due, escalate, given in (
        ("before", -9, -5, {}), ("within", 0, 3, {}), ("due", 2, 1, {}), ("last", 0, 6, {}), ("after", 0, 7, {}),
        ("soft", -9, -5, {"stalls": False}), ("over", -9, -5, {"ended_on": FIRST, "end_reason": "met"}),
        ("void", -9, -5, {"ended_on": on(9), "end_reason": "void"}),
    ):  # fmt: skip
        rows.owes(cases[name], on(due), escalate_on=on(escalate), **given)
    rows.owes(cases["within"], on(0), subject="later", escalate_on=on(5))
    rows.owes(cases["over"], on(-9), subject="second", escalate_on=on(-5), ended_on=on(1), end_reason="met")
    stalls = {"before": FIRST, "within": on(3), "due": on(3), "last": LAST, "over": FIRST}
    assert written(figures.write_stalls, rows.connection) == (
        5, sorted(f"stall\t{cases[name]}\t\t{day}" for name, day in stalls.items()),
    )  # fmt: skip


def test_reviews_without_a_place_in_time_and_limits_that_end_are_counted_of_what_is_live(rows):
    in_time = rows.sitting("S1", on(2))
    gone = rows.sitting("S2", on(1), cancelled_on=FIRST)
    past = rows.sitting("S3", on(-1))
    for name, due, sitting, given in (
        ("A", 2, in_time, {}), ("B", 1, in_time, {}), ("C", 3, gone, {}), ("D", 3, past, {}), ("E", 3, None, {}),
        ("F", 7, None, {}), ("G", -1, None, {}), ("H", 3, in_time, {"end": "void", "ended_on": FIRST}),
    ):  # fmt: skip
        case_id = rows.case_of(name)
        rows.owes(case_id, on(due))
        if sitting:
            rows.convening(case_id, sitting, slot=ord(name), **given)
    case_id = rows.case_of("I")
    rows.owes(case_id, on(6), rule="bail-end", hard=True)
    rows.owes(case_id, on(0), rule="custody-limit", hard=True, ended_on=FIRST, end_reason="met")
    for number, (ended, reason) in enumerate(
        ((2, "met"), (0, "met"), (2, "moved"))
    ):  # held for its day within the time
        rows.owes(rows.case_of(f"J{number}"), on(4), ended_on=on(ended), end_reason=reason)
    assert figures.case_numbers(rows.connection, FIRST, LAST) == CaseNumbers(7, 6, 1)
