"""The lists of obligations, notifications and stalls: what they leave out, and their order."""

from datetime import timedelta

import pytest

from models.obligations import Obligation
from models.outbox import Notification
from models.queries.obligations import listing
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows

DAY = timedelta(days=1)
OVER = {"ended_on": TUESDAY, "end_reason": "met"}


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def test_live_obligations_come_by_force_case_rule_and_subject_those_of_no_case_last(rows):
    urn = rows.urn("45ZZ0000126")
    cases = {
        (force, ref): rows.case_of(ref, force, **given)
        for force, ref, given in (("46", "1", {}), ("45", "2", {}), ("45", "1", {"urn_key_id": urn}))
    }
    for key, rule, subject, given in (
        (("46", "1"), "a", "x", {}), (("45", "1"), "b", "x", {}), (None, "a", "x", {}), (("45", "1"), "a", "y", {}),
        (("45", "2"), "a", "x", {}), (("45", "1"), "a", "X", {}), (("45", "1"), "over", "x", OVER),
    ):  # fmt: skip
        rows.owes(cases.get(key), TUESDAY, rule=rule, subject=subject, **given)
    found = listing.live(rows.connection, None, None)
    assert [(one.force_code, one.case_ref, one.rule, one.subject, one.urn) for one in found] == [
        ("45", "1", "a", "X", "45ZZ0000126"), ("45", "1", "a", "y", "45ZZ0000126"),
        ("45", "1", "b", "x", "45ZZ0000126"), ("45", "2", "a", "x", None), ("46", "1", "a", "x", None),
        (None, None, "a", "x", None),
    ]  # fmt: skip
    assert len(listing.live(rows.connection, "45", None)) == 4
    assert [one.force_code for one in listing.live(rows.connection, "46", None)] == ["46"]


def test_a_case_is_asked_for_by_its_reference_with_or_without_its_force(rows):
    for force, ref in (("45", "1/9"), ("46", "1/9"), ("45", "2"), ("1", "9")):
        rows.owes(rows.case_of(ref, force), TUESDAY)

    def listed(force: str | None, case: str) -> list[str]:
        return [f"{one.force_code} {one.case_ref}" for one in listing.live(rows.connection, force, case)]

    assert listed(None, "1/9") == ["1 9", "45 1/9", "46 1/9"]
    assert listed("46", "1/9") == ["46 1/9"]
    assert listed(None, "45/1/9") == ["45 1/9"]
    assert listed(None, "46/2") == []
    known = [listing.is_known(rows.connection, *asked) for asked in ((None, "45/2"), ("46", "2"), (None, "3"))]
    assert known == [True, False, False]


def test_notifications_are_those_of_a_day_and_force_by_case_and_step(rows):
    cases = {ref: rows.case_of(ref, force) for force, ref in (("46", "1"), ("45", "3"), ("45", "2"))}
    owed = {ref: rows.critical(case_id) for ref, case_id in cases.items()} | {None: rows.critical(None)}
    ids = [
        rows.notification(owed[ref], None, reader, **given)
        for ref, reader, given in (
            (None, "of1", {}), ("3", "of1", {}), ("2", "of2", {}), ("2", "of1", {}), ("1", "of1", {}),
            ("1", "of2", {"day": TUESDAY - DAY}),
        )
    ]  # fmt: skip
    rows.move_back(Notification, ids[3])

    def told(day, force) -> list[tuple[str | None, str | None]]:
        return [(one.case_ref, one.contact_ref) for one in listing.notifications(rows.connection, day, force)]

    of_day = [("2", "of1"), ("2", "of2"), ("3", "of1"), ("1", "of1"), (None, "of1")]
    assert told(TUESDAY, None) == of_day
    assert told(None, None) == [("1", "of2"), *of_day]
    assert told(TUESDAY, "45") == of_day[:3]
    assert told(None, "46") == [("1", "of2"), ("1", "of1")]


def test_stalled_cases_come_by_their_oldest_stall_each_with_its_reasons_in_order(rows):
    urn = rows.urn("45ZZ0000126")
    cases = {
        ref: rows.case_of(ref, force, **given)
        for ref, force, given in (
            ("late", "45", {}), ("b-early", "45", {}), ("a-early", "45", {"urn_key_id": urn}), ("early", "44", {}),
            ("not", "45", {}),
        )
    }  # fmt: skip
    for ref, rule, escalates, given in (
        ("late", "b", 2, {}), ("b-early", "a", 9, {}), ("a-early", "b", 9, {}), ("late", "a", 0, {}),
        ("early", "a", 9, {"force": "44"}),
        ("late", "c", 2, {}), ("a-early", "a", 3, {}), ("not", "tomorrow", -1, {}), ("not", "over", 9, OVER),
        ("not", "quiet", 9, {"stalls": False}), ("not", "not-due", 9, {"due_on": TUESDAY}),
        ("late", "d", 1, {"due_on": TUESDAY}),
    ):  # fmt: skip
        values = {"due_on": TUESDAY - 10 * DAY, "rule": rule, "escalate_on": TUESDAY - escalates * DAY} | given
        id_ = rows.owes(cases[ref], values.pop("due_on"), **values)
        if rule == "b":
            rows.move_back(Obligation, id_)
    found = listing.stalled(rows.connection, TUESDAY, None)
    assert [(one.case_ref, one.since, [reason[0] for reason in one.reasons]) for one in found] == [
        ("early", TUESDAY - 9 * DAY, ["a"]), ("a-early", TUESDAY - 9 * DAY, ["b", "a"]),
        ("b-early", TUESDAY - 9 * DAY, ["a"]), ("late", TUESDAY - 2 * DAY, ["b", "c", "a"]),
    ]  # fmt: skip
    assert [one.urn for one in found] == [None, "45ZZ0000126", None, None]
    assert [one.case_ref for one in listing.stalled(rows.connection, TUESDAY, "44")] == ["early"]
