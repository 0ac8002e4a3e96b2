"""The meetings of a week for each person: who attends all of one, who their own cases, and who nothing of them."""

from datetime import UTC, datetime, timedelta

import pytest

from models.queries.reviews.coming_sittings import coming
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows

LAST = TUESDAY + timedelta(days=6)
OF_46 = {"force_codes": ["46"], "cps_areas": ["South East"]}
CPS = {"agency": "cps", "force_codes": [], "cps_areas": ["South East"]}


@pytest.fixture
def rows(connection) -> ReviewRows:
    made = ReviewRows(connection)
    for ref, roles, given in (
        ("chair", "lead", {}), ("sp1", "spoc", {}), ("sp46", "spoc", OF_46),
        ("of1", "officer", {}), ("of2", "officer", {}), ("cs1", "spoc", CPS),
        ("cs2", "spoc", {**CPS, "cps_areas": ["London"], "force_codes": ["45"]}), ("pr1", "prosecutor", CPS),
        ("pr2", "prosecutor", CPS), ("pr3", "prosecutor", CPS),
    ):  # fmt: skip
        made.contact(ref, roles=(roles,), **given)
    return made


def meetings(rows) -> dict[str, list[tuple]]:
    refs = ["chair", "sp1", "sp46", "of1", "of2", "cs1", "cs2", "pr1", "pr2", "pr3"]
    found = coming(rows.connection, refs, TUESDAY, LAST)
    return {ref: [(one.ref, one.whole, one.cases, one.own) for one in sittings] for ref, sittings in found.items()}


def test_the_leads_attend_all_of_it_and_others_their_own_cases(rows):
    sits = rows.sitting("sits", LAST)
    cases = [rows.case_of(f"W{number}", oic_ref="of1" if number in {1, 3} else "of9") for number in range(4)]
    for slot, case_id in enumerate(cases):
        rows.convening(case_id, sits, slot=slot)
    shared = rows.urn("45ZZ0000126")
    rows.say_of(cases[2], urn_key_id=shared)
    rows.prosecuted(cases[0], "pr1")
    rows.prosecuted(cases[3], "pr3", withdrawn_on=TUESDAY)
    rows.prosecuted(shared, "pr2")
    whole, own = ("sits", True, 4, 0), ("sits", False, 4, 1)
    assert meetings(rows) == {
        "chair": [whole], "sp1": [whole], "cs1": [whole], "of1": [("sits", False, 4, 2)], "pr1": [own], "pr2": [own],
    }  # fmt: skip
    at = {ref: one.own_at for ref, (one,) in coming(rows.connection, ["of1", "pr2", "sp1"], TUESDAY, LAST).items()}
    begins = datetime(2026, 3, 23, 10, 10, tzinfo=UTC)
    assert at == {"of1": begins, "pr2": begins + timedelta(minutes=10), "sp1": None}


def test_a_case_from_which_the_reader_is_barred_and_one_that_left_do_not_count(rows):
    sits = rows.sitting("sits", TUESDAY)
    rows.convening(rows.case_of("W1", oic_ref="of1", barred_refs=["of1", "sp1"]), sits)
    rows.convening(rows.case_of("W2", oic_ref="of2"), sits, slot=1, ended_on=TUESDAY, end="moved")
    assert meetings(rows) == {"chair": [("sits", True, 1, 0)], "cs1": [("sits", True, 1, 0)]}


def test_they_are_those_of_the_days_in_order_without_cancelled_ones(rows):
    for number, (ref, day, gone) in enumerate((
        ("d", LAST, None), ("b", TUESDAY, None), ("c", LAST, None), ("later", LAST + timedelta(days=1), None),
        ("past", TUESDAY - timedelta(days=1), None), ("gone", TUESDAY, TUESDAY), ("a", TUESDAY, None),
    )):  # fmt: skip
        at = datetime(day.year, day.month, day.day, 9 if ref in "ac" else 11, tzinfo=UTC)
        sits = rows.sitting(ref, day, starts_at=at, cancelled_on=gone)
        rows.convening(rows.case_of(f"W{number}"), sits)
    assert [ref for ref, *_ in meetings(rows)["chair"]] == ["a", "b", "c", "d"]
