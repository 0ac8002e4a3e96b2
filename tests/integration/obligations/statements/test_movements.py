"""What was done on a case since a day, and when a reader was sent the last standing."""

from datetime import timedelta

import pytest

from models.cases import Completion, CpsCase, OrderRow, ReferralRow
from models.queries.obligations import movements
from tests.integration.outbox_world import AT_NINE, TUESDAY
from tests.integration.review_rows import ReviewRows

DAY = timedelta(days=1)
GONE = {"withdrawn_on": TUESDAY}


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def moved(rows, case_id: int, days: int = 30) -> list[tuple[str, int, str]]:
    """What was done on a case in the last days: what, how many days ago, and the kind of an action."""
    found = movements.movements(rows.connection, [case_id], TUESDAY - days * DAY, TUESDAY)
    return [(one.what, (TUESDAY - one.on).days, one.kind) for one in found.get(case_id, [])]


def reported(rows, action_ref: str, days: int) -> int:
    """Add a report that an action was done."""
    return rows._put(Completion, action_ref=action_ref, by_ref="of1", done_on=TUESDAY - days * DAY, made_on=TUESDAY,
                     made_at=AT_NINE)  # fmt: skip


@pytest.mark.parametrize("by_urn", [False, True])
def test_facts_count_under_the_cases_own_key_and_its_urns_until_they_are_withdrawn(rows, by_urn):
    urn, other_urn = rows.urn("45ZZ0000126"), rows.urn("45ZZ0000226")
    case_id = rows.case_of("T1", urn_key_id=urn, risk_assessed_on=TUESDAY, victim_contacted_on=TUESDAY)
    other = rows.case_of("T2", urn_key_id=other_urn)
    for at, (key, given) in enumerate(((urn if by_urn else case_id, {}), (other, {}), (other_urn, {}))):
        for number, extra in enumerate(({}, GONE)):
            ref, days = f"R{at}-{number}", at + 2 * number
            belongs(rows, ref, key, TUESDAY - (days + 1) * DAY, **given | extra)
    assert [(what, days) for what, days, _ in moved(rows, case_id)] == [
        ("action", 1), ("decision", 1), ("incident", 1), ("order", 1), ("referral", 1), ("reported", 1),
        ("review:joint", 1), ("review:supervisor", 1), ("contact", 0), ("risk", 0),
    ]  # fmt: skip


def belongs(rows, ref: str, key_id: int, on, **given) -> None:
    """Add a row of each kind under a key, of a day."""
    common = {"key_id": key_id, "source_id": rows.source_id} | given
    rows.action(ref, key_id, kind="CCTV", status="done", closed_on=on, **given)
    rows.action(f"{ref}-open", key_id, kind="PHONE", **given)
    reported(rows, f"{ref}-open", (TUESDAY - on).days)
    for kind in ("joint", "supervisor"):
        rows.review(f"{ref}-{kind}", key_id, on, kind=kind, **given)
    rows.incident(ref, key_id, on, **given)
    rows.add(ReferralRow, referral_ref=ref, submitted_on=on, decision_on=on, checklist_missing=[], **common)
    rows.add(OrderRow, order_ref=ref, kind="spo", made_on=on, **common)


@pytest.mark.parametrize("by_urn", [False, True])
def test_what_cps_decided_counts_under_the_cases_own_key_and_its_urns_until_it_is_withdrawn(rows, by_urn):
    urn = rows.urn("45ZZ0000126")
    case_id, other = rows.case_of("T1", urn_key_id=urn), rows.case_of("T2")
    days = {"charge_authorised_on": TUESDAY - DAY, "charged_on": TUESDAY}
    rows.add(CpsCase, key_id=urn if by_urn else case_id, source_id=rows.source_id, **days)
    for key, given in ((case_id if by_urn else urn, GONE), (other, {})):
        dates = {"charge_authorised_on": TUESDAY - 3 * DAY, "charged_on": TUESDAY - 2 * DAY}
        rows.add(CpsCase, key_id=key, source_id=rows.source_id, **dates | given)
    assert moved(rows, case_id) == [("authorised", 1, ""), ("charged", 0, "")]


def test_an_open_action_moved_when_its_end_was_reported_unless_that_was_taken_back(rows):
    case_id = rows.case_of("T1")
    for ref, given in (
        ("open", {}), ("done", {"status": "done", "closed_on": TUESDAY - 5 * DAY}), ("undone", {}),
        ("not-done", {"status": "waiting_third_party"}), ("cancelled", {"status": "cancelled", "closed_on": TUESDAY}),
    ):  # fmt: skip
        rows.action(ref, case_id, kind=ref, **given)
    made = {ref: reported(rows, ref, days) for days, ref in enumerate(("open", "done", "undone", "not-done"), 1)}
    rows.act(case_id, completion_id=made["undone"], undoes=True)
    rows.act(case_id, completion_id=made["open"])
    assert moved(rows, case_id) == [("action", 5, "done"), ("reported", 4, "not-done"), ("reported", 1, "open")]


def test_only_a_quorate_joint_review_or_one_by_a_supervisor_counts(rows):
    case_id = rows.case_of("T1")
    for ref, kind, cps, days in (
        ("quorate", "joint", True, 1), ("alone", "joint", False, 2), ("supervisor", "supervisor", False, 3),
    ):  # fmt: skip
        rows.review(ref, case_id, TUESDAY - days * DAY, kind=kind, cps=cps)
    assert moved(rows, case_id) == [("review:supervisor", 3, ""), ("review:joint", 1, "")]


def test_what_was_done_is_listed_once_by_day_from_the_first_to_today(rows):
    case_id, other = rows.case_of("T1"), rows.case_of("T2")
    rows.case_of("T3")
    for number, days in enumerate((2, 0, 3, 2, 4, -1)):
        rows.incident(f"I{number}", case_id, TUESDAY - days * DAY)
    for ref, kind in (("A1", "b"), ("A2", "a"), ("A3", "a")):
        rows.action(ref, case_id, kind=kind, status="done", closed_on=TUESDAY - 2 * DAY)
    rows.incident("I9", other, TUESDAY)
    assert moved(rows, case_id, 3) == [
        ("incident", 3, ""), ("action", 2, "a"), ("action", 2, "b"), ("incident", 2, ""), ("incident", 0, ""),
    ]  # fmt: skip
    found = movements.movements(rows.connection, [case_id, other], TUESDAY, TUESDAY)
    assert {id_: len(each) for id_, each in found.items()} == {case_id: 1, other: 1}


def test_the_last_standing_before_today_that_reached_a_person_on_the_channel(rows):
    for ref, days, given in (
        ("of1", 14, {}), ("of1", 7, {}), ("of1", 21, {}), ("of1", 0, {}), ("of1", 1, {"standing": False}),
        ("of1", 2, {"channel": "slack"}), ("of1", 3, {"state": "dead"}), ("of2", 5, {"state": "shown"}),
        ("of3", 6, {"state": "unknown"}), ("of4", 6, {"state": "queued"}), ("of5", 4, {}),
    ):  # fmt: skip
        rows.message(ref, **{"day": TUESDAY - days * DAY, "standing": True, "state": "sent"} | given)
    asked = ["of1", "of2", "of3", "of4"]
    assert movements.last_standings(rows.connection, asked, "email", TUESDAY) == {
        "of1": TUESDAY - 7 * DAY, "of2": TUESDAY - 5 * DAY, "of3": TUESDAY - 6 * DAY
    }  # fmt: skip
