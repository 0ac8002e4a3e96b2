"""The statements about gaps in cover, each with people whom only one of its conditions leaves out."""

from datetime import timedelta

import pytest

from models.queries.people import cover_gaps
from models.queries.people.cover_gaps import MissingChair, VacantPost
from tests.integration.outbox_world import AT_NINE, TUESDAY
from tests.integration.review_rows import ReviewRows

LAST = TUESDAY + timedelta(days=14)
CPS = {"agency": "cps", "force_codes": [], "cps_areas": ["South East"]}
CLOSED = {"finalised_on": TUESDAY, "finalised_reason": "nfa_police"}


def ahead(days: int):
    return TUESDAY + timedelta(days=days)


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def test_an_absence_is_news_of_whoever_leads_or_has_open_work(rows):
    urn, other_urn = rows.urn("45ZZ0000126"), rows.urn("45ZZ0000226")
    case_id = rows.case_of("C1", oic_ref="officer", supervisor_ref="boss", urn_key_id=urn)
    closed = rows.case_of("C2", oic_ref="idle", supervisor_ref="idle", urn_key_id=other_urn, **CLOSED)
    for ref, roles, given in (
        ("lead", "lead", {}), ("officer", "officer", {}), ("boss", "supervisor", {}), ("owner", "officer", {}),
        ("third", "officer", {}), ("pr1", "prosecutor", CPS), ("pr2", "prosecutor", CPS), ("idle", "officer", {}),
        ("gone", "lead", {"active_to": ahead(-1)}), ("to-come", "lead", {"active_from": ahead(1)}),
        ("left", "lead", {"withdrawn_on": TUESDAY}), ("leaves", "lead", {"active_to": TUESDAY, "active_from": TUESDAY}),
        ("goes", "lead", {"withdrawn_on": ahead(1)}),
    ):  # fmt: skip
        rows.contact(ref, roles=(roles,), **given)
        rows.absence(ref, TUESDAY, ahead(1))
    for ref, key, given in (
        ("A1", case_id, {"owner_ref": "owner"}), ("A2", case_id, {"owner_ref": "idle", "withdrawn_on": TUESDAY}),
        ("A3", case_id, {"owner_ref": "third", "status": "waiting_third_party"}),
        ("A4", case_id, {"owner_ref": "idle", "status": "done", "closed_on": TUESDAY}),
    ):  # fmt: skip
        rows.action(ref, key, **given)
    for key, ref, given in (
        (case_id, "pr1", {}), (urn, "pr2", {}), (closed, "idle", {}), (other_urn, "idle", {}),
        (rows.case_of("C3"), "idle", {"withdrawn_on": TUESDAY}),
    ):  # fmt: skip
        rows.prosecuted(key, ref, **given)
    third = rows.urn("45ZZ0000326")
    rows.case_of("C4", urn_key_id=third)
    rows.prosecuted(third, "idle", withdrawn_on=TUESDAY)
    found = [one.contact_ref for one in cover_gaps.absences(rows.connection, TUESDAY, LAST)]
    assert found == ["boss", "goes", "lead", "leaves", "officer", "owner", "pr1", "pr2", "third"]


def test_an_absence_is_news_where_it_begins_between_the_days(rows):
    for ref in ("b", "a", "c"):
        rows.contact(ref, roles=("spoc",))
    for ref, first, last, given in (
        ("b", 14, 20, {}), ("a", 14, 15, {}), ("c", 0, 0, {}), ("a", 15, 16, {}), ("b", -1, 3, {}),
        ("c", 5, 6, {"withdrawn_on": TUESDAY}), ("c", 3, 2, {}), ("c", 2, -1, {}),
    ):  # fmt: skip
        rows.absence(ref, ahead(first), ahead(last), **given)
    found = cover_gaps.absences(rows.connection, TUESDAY, LAST)
    assert [(one.contact_ref, one.from_on) for one in found] == [
        ("c", TUESDAY), ("c", ahead(3)), ("a", LAST), ("b", LAST),
    ]  # fmt: skip


def test_a_spoc_leaves_each_of_their_places_to_the_others_who_stay(rows):
    for ref, given in (
        ("z", {"active_to": ahead(3), "force_codes": ["46", "45"]}), ("a", {"active_to": ahead(3)}),
        ("b", {"active_to": TUESDAY}), ("c", {"active_to": LAST}), ("d", {"active_to": ahead(15)}),
        ("e", {"active_to": ahead(-1)}), ("stays", {}), ("left", {"withdrawn_on": TUESDAY}),
        ("joins", {"active_from": ahead(4)}), ("joins-late", {"active_from": ahead(5)}),
        ("officer", {"roles": ("officer",), "active_to": ahead(3)}),
        ("lead", {"roles": ("lead",), "active_to": ahead(3)}),
        ("cs1", CPS | {"active_to": ahead(3)}), ("cs2", CPS | {"force_codes": ["45"]}),
    ):  # fmt: skip
        rows.contact(ref, **{"roles": ("spoc",)} | given)
    found = cover_gaps.leaving(rows.connection, TUESDAY, LAST)
    assert [(one.contact_ref, one.place, one.others) for one in found] == [
        ("b", "45", 5), ("a", "45", 4), ("cs1", "South East", 1), ("z", "45", 4), ("z", "46", 0), ("c", "45", 4),
    ]  # fmt: skip


def test_a_post_is_vacant_where_cases_in_scope_have_no_active_spoc(rows):
    for number, (force, area, given) in enumerate((
        ("45", "South East", {}), ("45", "London", {}), ("46", "London", {}), ("46", "London", CLOSED),
        ("46", "London", {"classification": "harassment"}), ("47", "Wales", {"classification": "harassment"}),
        ("48", "Wales", {"classification": "other"}), ("49", "Mersey", CLOSED),
    )):  # fmt: skip
        rows.case_of(f"C{number}", force, area, **given)
    for ref, given in (
        ("sp45", {}), ("sp46", {"force_codes": ["46"], "active_to": ahead(-1)}),
        ("lead", {"roles": ("lead",), "force_codes": ["46"]}),
        ("cs", CPS | {"force_codes": ["46"]}), ("police", {"cps_areas": ["London"]}),
    ):  # fmt: skip
        rows.contact(ref, **{"roles": ("spoc",)} | given)
    found = cover_gaps.vacant(rows.connection, TUESDAY, ["47"])
    assert found == [
        VacantPost("police", "46", 1), VacantPost("police", "47", 1), VacantPost("cps", "London", 2),
        VacantPost("cps", "Wales", 1),
    ]  # fmt: skip


def test_a_pair_is_without_chair_from_its_first_sitting_under_nobody_known_and_active(rows):
    for ref, given in (
        ("there", {}), ("gone", {"active_to": ahead(4)}), ("joins", {"active_from": ahead(5)}),
        ("left", {"withdrawn_on": ahead(5)}), ("stays", {"active_to": ahead(5), "active_from": ahead(5)}),
    ):  # fmt: skip
        rows.contact(ref, **given)
    for number, (chair, days, force, given) in enumerate((
        ("there", 5, "45", {}), ("gone", 5, "45", {}), ("gone", 4, "45", {}), ("joins", 4, "45", {}),
        ("left", 5, "46", {}),
        ("left", 4, "46", {}), ("stays", 5, "45", {}), ("nobody", 99, "45", {}), ("nobody", 7, "45", {}),
        ("nobody", 0, "45", {}), ("nobody", 1, "45", {"cancelled_on": TUESDAY}), ("another", 7, "45", {}),
        ("late", 8, "45", {}),
    )):  # fmt: skip
        at = AT_NINE + timedelta(days=days, minutes=number)
        rows.sitting(f"s{number}", ahead(days), force, chair_ref=chair, starts_at=at, **given)
    here = ("45", "South East")
    assert cover_gaps.chairless(rows.connection, TUESDAY) == [
        MissingChair("joins", here, ahead(4)), MissingChair("gone", here, ahead(5)),
        MissingChair("left", ("46", "South East"), ahead(5)), MissingChair("another", here, ahead(7)),
        MissingChair("nobody", here, ahead(7)), MissingChair("late", here, ahead(8)),
    ]  # fmt: skip
