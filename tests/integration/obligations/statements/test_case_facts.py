"""The facts of a case as rules read them: which rows belong to it, in which order, and what CPS sent."""

from datetime import timedelta

import pytest

from models.cases import CpsCase, OrderRow, PleaRow, ReferralRow
from models.queries.obligations.case_facts import case_facts
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows

DAY = timedelta(days=1)
CLOSED = {"finalised_on": TUESDAY, "finalised_reason": "nfa_police"}
OTHER = CLOSED | {"classification": "other"}


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def facts(rows, *case_ids: int) -> dict:
    found = list(case_facts(rows.connection, case_ids, ["47"]))
    assert [one.case.case_id for one in found] == sorted(case_ids)
    return {one.case.case_id: one for one in found}


def test_rows_come_in_the_order_of_their_days_or_references_and_know_whether_they_are_supplied(rows):
    case_id, other = rows.case_of("T1"), rows.case_of("T2")
    common = {"source_id": rows.source_id}
    for ref, key, days, given in (
        ("d", case_id, 1, {}), ("b", case_id, 3, {}), ("c", case_id, 1, {"withdrawn_on": TUESDAY}), ("a", other, 2, {}),
    ):  # fmt: skip
        on = TUESDAY - days * DAY
        rows.incident(ref, key, on, **given)
        rows.action(ref, key, **given)
        rows.review(ref, key, on, **given)
        rows.add(ReferralRow, referral_ref=ref, key_id=key, submitted_on=on, checklist_missing=[], **common | given)
        rows.add(OrderRow, order_ref=ref, key_id=key, kind="spo", **common | given)
        rows.add(PleaRow, plea_ref=ref, key_id=key, offered_on=on, charged_code="A", plea_code="B", **common | given)
    found = facts(rows, other, case_id)[case_id]
    by_day, by_ref = ["b", "c", "d"], ["b", "c", "d"]
    assert [one.ref for one in found.incidents] == by_day
    assert [one.ref for one in found.reviews] == by_day
    assert [one.ref for one in found.referrals] == by_day
    for each in (found.actions, found.orders, found.pleas):
        assert [one.ref for one in each] == by_ref
    for each in (found.incidents, found.actions, found.reviews, found.referrals, found.orders, found.pleas):
        assert [one.supplied for one in each] == [True, False, True]


def test_rows_of_one_day_come_by_their_reference(rows):
    case_id = rows.case_of("T1")
    for ref, days in (("y", 1), ("x", 1), ("z", 2)):
        on = TUESDAY - days * DAY
        rows.incident(ref, case_id, on)
        rows.review(ref, case_id, on)
        rows.add(ReferralRow, referral_ref=ref, key_id=case_id, submitted_on=on, checklist_missing=[],
                 source_id=rows.source_id)  # fmt: skip
    found = facts(rows, case_id)[case_id]
    for each in (found.incidents, found.reviews, found.referrals):
        assert [one.ref for one in each] == ["z", "x", "y"]


def test_what_cps_sent_under_the_cases_own_key_comes_before_what_it_sent_by_urn(rows):
    urns = [rows.urn(f"45ZZ000012{at}") for at in range(3)]
    both, shared, gone = (rows.case_of(f"T{at}", urn_key_id=urn) for at, urn in enumerate(urns))
    none = rows.case_of("T3")
    for key, days, given in (
        (both, 1, {"charged_codes": ["OWN"]}), (urns[0], 2, {"charged_codes": ["URN"]}),
        (shared, 3, {"withdrawn_on": TUESDAY}), (urns[1], 4, {"charged_codes": ["URN"]}),
        (urns[2], 5, {"withdrawn_on": TUESDAY}),
    ):  # fmt: skip
        rows.add(CpsCase, key_id=key, source_id=rows.source_id, charged_on=TUESDAY - days * DAY, **given)
    found = facts(rows, both, shared, gone, none)
    assert [(found[id_].case.charged_on, found[id_].case.charged_codes) for id_ in (both, shared, gone, none)] == [
        (TUESDAY - DAY, ("OWN",)), (TUESDAY - 4 * DAY, ("URN",)), (None, ()), (None, ()),
    ]  # fmt: skip
    assert [found[id_].case.urn_root for id_ in (both, none)] == ["45ZZ0000120", None]


def test_rows_by_urn_belong_to_the_principal_open_and_in_scope_before_others(rows):
    for number, (linked, principal) in enumerate((
        ((("A", 9, CLOSED), ("B", 1, {})), "B"), ((("A", 9, {"classification": "other"}), ("B", 1, {})), "B"),
        ((("A", 9, CLOSED), ("B", 1, {"classification": "harassment"})), "B"),
        ((("A", 1, {}), ("B", 9, {})), "B"),
    )):  # fmt: skip
        urn = rows.urn(f"45ZZ000012{number}")
        ids = {
            ref: rows.case_of(f"{ref}{number}", urn_key_id=urn, opened_on=TUESDAY - days * DAY, **given)
            for ref, days, given in linked
        }
        rows.action(f"ACTION-{number}", urn)
        found = facts(rows, *ids.values())
        assert [ref for ref, id_ in ids.items() if found[id_].actions] == [principal], number


def test_orders_by_urn_belong_to_the_case_that_keeps_them(rows):
    gone = {"finalised_on": TUESDAY, "finalised_reason": "transferred"}
    for number, (linked, keeper, taken_over) in enumerate((
        ((("A", "45", gone), ("B", "46", CLOSED)), "B", ["A"]),
        ((("A", "45", gone), ("B", "46", OTHER)), "A", []),
        ((("A", "45", gone), ("B", "46", OTHER | {"declassified_on": TUESDAY})), "B", ["A"]),
        ((("A", "45", gone), ("B", "46", gone)), "A", []),
    )):  # fmt: skip
        urn = rows.urn(f"45ZZ000012{number}")
        ids = {ref: rows.case_of(f"{ref}{number}", force, urn_key_id=urn, **given) for ref, force, given in linked}
        rows.add(OrderRow, order_ref=f"O{number}", key_id=urn, kind="spo", source_id=rows.source_id)
        found = facts(rows, *ids.values())
        assert [ref for ref, id_ in ids.items() if found[id_].orders] == [keeper], number
        assert [ref for ref, id_ in ids.items() if found[id_].taken_over] == taken_over, number


def test_a_sitting_is_known_by_the_latest_place_of_the_case_there(rows):
    rows.contact("chair", agency="cps")
    case_id, other = rows.case_of("T1"), rows.case_of("T2")
    held, moved, void, back, unknown = (
        rows.sitting(f"S-{at}", TUESDAY + at * DAY, chair_ref=chair)
        for at, chair in enumerate(("chair", "chair", "chair", "chair", "nobody"))
    )
    over = {"ended_on": TUESDAY}
    convened = rows.convening(case_id, held, **over, end="held")
    rows.outcome(convened)
    rows.convening(case_id, moved, **over, end="moved")
    rows.convening(case_id, void, **over, end="void")
    first = rows.convening(case_id, back, **over, end="moved")
    again = rows.convening(case_id, back, **over, end="not_held")
    rows.outcome(again, held=False)
    rows.say_outcome(again, stands=False)
    rows.outcome(first)
    rows.convening(other, moved, slot=1, **over, end="held")
    rows.convening(case_id, unknown)
    found = {one.ref: (one.chair, one.recorded, one.convened) for one in facts(rows, case_id)[case_id].sittings}
    assert found == {
        "S-0": ("cps", True, True), "S-1": ("cps", False, False), "S-3": ("cps", False, True),
        "S-4": (None, False, True),
    }  # fmt: skip
