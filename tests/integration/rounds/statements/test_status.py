"""The statements of the status page, each with rows that only one of its conditions leaves out."""

from datetime import timedelta

import pytest

from models.intake import OWN, Extract, Source
from models.queries.rounds import status
from models.queries.rounds.status import OperationsDuty, RejectedRows
from models.rounds import Round
from tests.integration.outbox_world import AT_NINE, TUESDAY
from tests.integration.review_rows import ReviewRows

YESTERDAY = TUESDAY - timedelta(days=1)
OVER = {"ended_on": TUESDAY, "end_reason": "met"}
NUMBERS = {"to_project": 1, "open_cases": 1, "evaluated": 1, "unchanged": 0, "failed": 0}


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def ran(rows, force: str, day=TUESDAY, *, stalled: int | None = 0, **given) -> None:
    account = NUMBERS | ({} if stalled is None else {"stalled": stalled})
    ordinary = {"began_at": AT_NINE, "ended_at": AT_NINE, "account": account}
    rows.add(Round, **ordinary | {"force_code": force, "day": day} | given)


def test_the_account_of_a_day_is_the_last_whole_one_of_each_force(rows):
    for stalled, given in ((1, {}), (2, {}), (None, {}), (3, {"undoing_id": rows.undoing()}), (4, {"day": YESTERDAY})):
        ran(rows, "45", stalled=stalled, **given)
    ran(rows, "46", stalled=5)
    found = status.accounts(rows.connection, TUESDAY)
    assert {force: one.stalled for force, one in found.items()} == {"45": 2, "46": 5}


def test_a_day_went_well_where_one_of_its_rounds_ended_without_failure(rows):
    ran(rows, "45", failure="x1")
    ran(rows, "45", ended_at=None)
    ran(rows, "45", YESTERDAY)
    ran(rows, "45", YESTERDAY, failure="x2")
    ran(rows, "46", YESTERDAY - timedelta(days=1))
    ran(rows, "46", TUESDAY + timedelta(days=1))
    ran(rows, "46", undoing_id=rows.undoing())
    ran(rows, "47", account={"state": "Failed"})
    ran(rows, "48", account={"state": "Degraded"})
    found = status.history(rows.connection, YESTERDAY, TUESDAY)
    assert {(one.force_code, one.day): one.well for one in found} == {
        ("45", TUESDAY): False, ("45", YESTERDAY): True, ("47", TUESDAY): False, ("48", TUESDAY): True,
    }  # fmt: skip


def test_the_outbox_counts_what_waits_what_is_due_and_what_nobody_heard_of_since(rows):
    letter = rows.message("of1", state="sent", sending_at=AT_NINE)
    hour = timedelta(hours=1)
    for ref, state, given in (
        ("of1", "queued", {"due_at": AT_NINE}), ("of1", "queued", {"due_at": AT_NINE + hour}),
        ("of1", "retry", {"due_at": AT_NINE - hour}),
        ("of1", "queued", {"letter_id": letter, "due_at": AT_NINE - hour}),
        ("of1", "unknown", {"sending_at": AT_NINE - hour}), ("of1", "unknown", {"sending_at": AT_NINE - 2 * hour}),
        ("of1", "dead", {"due_at": AT_NINE - 3 * hour}),
        ("of1", "unknown", {"sending_at": AT_NINE - hour - timedelta(minutes=1)}),
        ("of1", "dead", {"due_at": AT_NINE - 2 * hour}), ("of1", "dead", {"sending_at": AT_NINE}),
        ("of1", "dead", {"channel": "slack"}), ("of2", "dead", {}), ("of2", "claimed", {"sending_at": AT_NINE + hour}),
    ):  # fmt: skip
        rows.message(ref, state=state, **given)
    found = status.outbox(rows.connection, AT_NINE)
    assert (found.waiting, found.due, found.oldest_due_at) == (3, 2, AT_NINE - hour)
    assert (found.retry, found.unknown, found.dead) == (1, 2, 3)
    assert (found.held_since, found.in_doubt) == (None, False)
    earlier = [status.outbox(rows.connection, AT_NINE - hours * hour) for hours in (1, 2)]
    assert [(one.due, one.oldest_due_at) for one in earlier] == [(1, AT_NINE - hour), (0, None)]
    rows.switch("held")
    found = status.outbox(rows.connection, AT_NINE)
    assert (found.held_since, found.in_doubt) == (AT_NINE, False)


def test_a_hold_of_its_own_is_in_doubt(rows):
    rows.switch("policy", by=OWN)
    assert not status.outbox(rows.connection, AT_NINE).in_doubt
    rows.switch("held", by=OWN)
    assert status.outbox(rows.connection, AT_NINE).in_doubt


def test_rows_were_rejected_of_the_newest_loaded_extract_of_a_source(rows):
    newest, older = AT_NINE, AT_NINE - timedelta(days=1)
    for name, extract, at, state, rejected in (
        ("b", "b-2", newest, "loaded", (2, 1)), ("b", "b-1", older, "loaded", (9,)),
        ("a", "a-1", newest, "loaded", (1,)),
        ("c", "c-1", newest, "loaded", (0,)), ("d", "d-1", newest, "refused", (4,)),
        ("c", "c-0", older, "loaded", (5,)),
    ):  # fmt: skip
        if at == newest:
            rows.add(Source, name=name, agency="police", covers=[], first_loaded_at=at, last_extracted_at=at)
        counts = {f"file-{number}": {"rejected": one} for number, one in enumerate(rejected)}
        rows.add(Extract, extract_id=extract, content=extract, source_name=name, state=state, extracted_at=at,
                 judged_at=at, counts=counts)  # fmt: skip
    assert status.rejected(rows.connection) == [RejectedRows("a", "a-1", 1), RejectedRows("b", "b-2", 3)]


def test_a_case_has_nobody_where_operations_heard_of_what_others_owe_on_it(rows):
    for number, (ref, obligation, notification) in enumerate((
        (None, {}, {}), (None, {"rule": "no-progress"}, {}), (None, {}, {}), (None, {}, {}), ("of1", {}, {}),
        (None, OVER, {}),
        (None, {"owed_by": "operations"}, {}), (None, {}, {"live": False}),
    )):  # fmt: skip
        one = rows.critical(max(number, 1), subject=f"s{number}", **obligation)
        rows.notification(one, None, ref, **notification)
    rows.notification(rows.critical(None, rule="spoc-vacancy", subject="force:45"), None, None)
    assert status.unaddressed(rows.connection) == 3
    assert status.failed_cases(rows.connection) == 0
    rows.case_of("F1", projection="failed")
    assert status.failed_cases(rows.connection) == 1


def test_a_due_review_sits_nowhere_where_everybody_who_chairs_is_barred(rows):
    barred = {"barred_refs": ["chair"]}
    cases = {
        ref: rows.case_of(ref, area=area, **given)
        for ref, area, given in (
            ("nobody", "A", barred), ("nobody-2", "A", barred), ("nobody-3", "A", barred), ("another", "B", barred),
            ("sits", "A", barred), ("sits-too", "A", barred), ("free", "A", {}),
            ("over", "A", barred), ("none-planned", "C", barred), ("other-rule", "A", barred),
        )
    }  # fmt: skip
    for ref, case_id in cases.items():
        rows.owes(case_id, TUESDAY, **(OVER if ref == "over" else {"rule": "action"} if ref == "other-rule" else {}))
    for area, days, given in (
        ("A", 1, {}), ("B", 1, {}), ("B", 2, {"chair_ref": "other"}), ("A", 0, {"chair_ref": "other"}),
        ("A", 3, {"chair_ref": "other", "cancelled_on": TUESDAY}), ("C", 0, {}), ("D", 1, {"chair_ref": "other"}),
    ):  # fmt: skip
        sitting = rows.sitting(f"{area}-{days}", TUESDAY + timedelta(days=days), area=area, **given)
        if (area, days) == ("A", 1):
            rows.convening(cases["sits"], sitting)
            rows.convening(cases["sits-too"], sitting, slot=2)
            rows.convening(cases["nobody"], sitting, ended_on=TUESDAY, end="barred", slot=1)
    rows.sitting("there", TUESDAY + timedelta(days=1), "46", "A", chair_ref="other")
    assert status.without_chair(rows.connection, TUESDAY) == 3


def test_what_operations_owe_of_no_case_is_by_its_first_day_and_rule(rows):
    own = {"owed_by": "operations", "force": None}
    for number, (case_id, rule, days, given) in enumerate((
        (None, "z", 3, {}), (None, "c", 0, {}), (None, "a", 2, {}), (None, "a", 1, {}), (None, "b", 2, {}),
        (None, "later", -1, {}),
        (None, "left-out", 1, {}), (7, "of-a-case", 1, {}), (None, "over", 1, OVER),
        (None, "police", 1, {"owed_by": "police"}),
    )):  # fmt: skip
        rows.owes(case_id, TUESDAY - timedelta(days=days), **{**own, "rule": rule, "subject": f"s{number}", **given})
    assert status.operations_duties(rows.connection, TUESDAY, ["left-out", "none"]) == [
        OperationsDuty("z", 1, TUESDAY - timedelta(days=3)), OperationsDuty("a", 2, TUESDAY - timedelta(days=2)),
        OperationsDuty("b", 1, TUESDAY - timedelta(days=2)), OperationsDuty("c", 1, TUESDAY),
    ]  # fmt: skip
    assert len(status.operations_duties(rows.connection, TUESDAY, ["left-out"])) == 4
