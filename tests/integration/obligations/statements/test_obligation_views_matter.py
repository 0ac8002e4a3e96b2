"""The columns of an obligation in a message: its promise, its moves, its sitting, its action and its people."""

from datetime import date, timedelta

import pytest

from models.queries.obligations import obligation_views
from models.queries.obligations.obligation_views import ObligationView
from tests.integration.outbox_world import AT_NINE, TUESDAY
from tests.integration.review_rows import ReviewRows

OVER = {"ended_on": TUESDAY, "end": "lapsed"}


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def ahead(days: int) -> date:
    return TUESDAY + timedelta(days=days)


def ended(reason: str) -> dict:
    return {"ended_on": TUESDAY, "end_reason": reason}


def matters(rows, *obligation_ids: int) -> list[ObligationView]:
    """The obligations as a message tells them."""
    message = rows.message("reader")
    for id_ in obligation_ids:
        rows.notification(id_, message, "reader")
    return [one.matter for one in obligation_views.notifications(rows.connection, [message])]


def test_the_days_that_moved_are_counted_in_the_chain_of_versions_alone(rows):
    case_id, other = rows.case_of("T1"), rows.case_of("T2")
    for version, given in (
        (1, {}), (2, {"chain_from": 2}), (3, {"chain_from": 2}), (1, {"rule": "other"}), (2, {"rule": "other"}),
        (2, {"subject": "other"}), (2, {"case_id": other}), (2, {"case_id": None}),
    ):  # fmt: skip
        values = {"case_id": case_id} | given
        rows.critical(values.pop("case_id"), version=version, **values, **ended("moved"))
    now = rows.critical(case_id, version=4, chain_from=2)
    rows.critical(case_id, version=3, chain_from=2, **ended("void"))
    without = [
        rows.critical(None, subject=subject, rule="feed", version=version, **given)
        for subject, version, given in (("a", 1, ended("moved")), ("b", 1, ended("moved")), ("a", 2, {}))
    ]  # fmt: skip
    assert [one.moved for one in matters(rows, now, without[2])] == [2, 1]


def test_of_the_promises_about_a_chain_the_live_one_counts_else_the_latest(rows):
    rows.contact("lead", roles=("officer", "lead"))
    rows.contact("boss", roles=("supervisor",))
    kept, lapsed, none, void = (rows.case_of(name) for name in ("KEPT", "LAPSED", "NONE", "VOID"))
    first = rows.critical(kept, **ended("moved"))
    ids = [rows.critical(kept, version=2), rows.critical(lapsed), rows.critical(none), rows.critical(void, version=2)]
    beside = rows.critical(none, rule="other")
    gone = rows.critical(void, **ended("void"))
    for obligation, days, hours, given in (
        (first, 1, 1, {"by_ref": "lead"}), (ids[0], 2, 9, OVER), (ids[1], 3, 1, OVER),
        (ids[1], 4, 3, OVER | {"by_ref": "boss"}), (ids[1], 5, 2, OVER), (beside, 6, 1, {}), (gone, 7, 1, {}),
    ):  # fmt: skip
        values = {"by_ref": "nobody-known", "made_at": AT_NINE + timedelta(hours=hours)} | given
        rows.promise(obligation, until_on=ahead(days), **values)
    found = matters(rows, *ids)
    assert [(one.promised_until, one.promised_role, one.promise_end) for one in found] == [
        (ahead(1), "lead", None), (ahead(4), "supervisor", "lapsed"), (None, None, None), (None, None, None),
    ]  # fmt: skip


def test_a_joint_review_tells_its_live_place_and_the_last_sitting_that_is_planned_for_its_pair(rows):
    placed, waiting = rows.case_of("T1"), rows.case_of("T2")
    here, later, cancelled = rows.sitting("S-1", ahead(3)), rows.sitting("S-2", ahead(9)), ahead(20)
    rows.sitting("S-3", cancelled, cancelled_on=TUESDAY)
    rows.sitting("S-4", ahead(30), force="46")
    rows.sitting("S-5", ahead(30), area="London")
    rows.convening(placed, here)
    rows.convening(waiting, later, ended_on=TUESDAY, end="moved")
    ids = [rows.critical(placed), rows.critical(waiting), rows.critical(placed, rule="no-progress")]
    found = [(one.sitting_ref, one.sits_on, one.last_sitting_on) for one in matters(rows, *ids)]
    assert found == [("S-1", ahead(3), ahead(9)), (None, None, ahead(9)), (None, None, None)]


def test_an_action_and_an_outcome_tell_what_they_are_about(rows):
    case_id = rows.case_of("T1")
    for ref, kind in (("A1", "CCTV"), ("A2", "PHONE")):
        rows.action(ref, case_id, kind=kind, owner_ref=f"owner-{ref}")
    for number, ref in enumerate(("S-1", "S-2")):
        rows.sitting(ref, ahead(number), chair_ref=f"chair-{ref}")
    ids = [
        rows.critical(case_id, rule=rule, subject=subject)
        for rule, subject in (
            ("action", "action:A1"), ("outcome-unrecorded", "sitting:S-1"), ("other", "sitting:S-2"), ("other", "case"),
        )
    ]  # fmt: skip
    found = [(one.kind, one.owner_ref, one.chair_ref) for one in matters(rows, *ids)]
    assert found == [("CCTV", "owner-A1", None), (None, None, "chair-S-1"), (None, None, None), (None, None, None)]


def test_the_prosecutor_is_that_of_the_cases_own_row_else_of_its_urns_and_of_no_row_that_was_withdrawn(rows):
    urns = [rows.urn(f"45ZZ000012{at}") for at in range(3)]
    cases = [rows.case_of(f"T{at}", urn_key_id=urn) for at, urn in enumerate(urns)]
    for key, ref, given in (
        (cases[0], "own", {}), (urns[0], "shared", {}), (cases[1], "gone", {"withdrawn_on": TUESDAY}),
        (urns[1], "shared-too", {}), (urns[2], "gone-too", {"withdrawn_on": TUESDAY}),
    ):  # fmt: skip
        rows.prosecuted(key, ref, **given)
    ids = [rows.critical(case_id) for case_id in cases]
    found = matters(rows, *ids)
    assert [one.prosecutor_ref for one in found] == ["own", "shared-too", None]
    assert [one.urn for one in found] == [f"45ZZ000012{at}" for at in range(3)]


def test_what_no_case_owes_is_told_without_one(rows):
    rows.case_of("T1")
    (found,) = matters(rows, rows.critical(None, subject="force:45", force_code=None))
    assert (found.case_ref, found.urn, found.risk, found.restricted, found.barred) == (
        None, None, "unknown", False, frozenset()
    )  # fmt: skip


def test_the_numbers_are_those_of_the_force_or_of_the_only_force_of_the_subject(rows):
    for ref, forces in (("one", ["46"]), ("two", ["46", "47"]), ("cps", [])):
        rows.contact(ref, force_codes=forces)
    rows.source("other", "police")
    source = rows.connection.exec_driver_sql("select name from sources where covers = array['45']").scalar_one()
    subjects = ("force:48", "contact:one", "contact:two", "contact:cps", f"source:{source}", "area:London")
    ids = [rows.critical(None, subject=subject, force_code=None) for subject in subjects]
    own = rows.critical(None, subject="contact:one", rule="other")
    found = [one.numbers_of for one in matters(rows, *ids, own)]
    assert found == ["48", "46", None, None, "45", None, "45"]
