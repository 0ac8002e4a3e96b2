"""Which posts of SPOCs there are, whether each is filled, until when, and since when one never was."""

from datetime import date, timedelta

import pytest

from models.queries.obligations import organisation_facts
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows

DAY = timedelta(days=1)
CPS = {"agency": "cps", "force_codes": [], "cps_areas": ["South East"]}
CLOSED = {"finalised_on": TUESDAY, "finalised_reason": "nfa_police"}


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def posts(rows) -> dict[tuple[str, str], tuple[bool, date | None, date | None]]:
    """Whether each post is filled, its SPOCs' last day, and the earliest opening of its cases."""
    found = organisation_facts.posts(rows.connection, TUESDAY, ["47"])
    return {(one.agency, one.place): (one.filled, one.last_day, one.earliest_opened_on) for one in found}


def test_a_post_is_that_of_a_force_or_area_with_an_open_case_in_scope_since_its_earliest(rows):
    for number, (force, area, days, given) in enumerate((
        ("45", "South East", 3, {}), ("45", "London", 9, {}), ("45", "South East", 20, CLOSED),
        ("46", "London", 5, {}), ("46", "London", 30, {"classification": "harassment"}),
        ("47", "Wales", 7, {"classification": "harassment"}), ("48", "Mersey", 7, {"classification": "other"}),
        ("49", "Mersey", 7, CLOSED),
    )):  # fmt: skip
        rows.case_of(f"T{number}", force, area, opened_on=TUESDAY - days * DAY, **given)
    expected = {
        ("police", "45"): 9, ("police", "46"): 5, ("police", "47"): 7, ("cps", "South East"): 3, ("cps", "London"): 9,
        ("cps", "Wales"): 7,
    }  # fmt: skip
    assert posts(rows) == {post: (False, None, TUESDAY - ago * DAY) for post, ago in expected.items()}


def test_a_post_is_filled_by_a_spoc_without_last_day_of_its_own_agency_and_place(rows):
    for number, (force, area) in enumerate((("45", "South East"), ("46", "London"), ("47", "Wales"))):
        rows.case_of(f"T{number}", force, area, opened_on=TUESDAY)
    for ref, given in (
        ("sp45", {}), ("ends", {"active_to": TUESDAY}), ("lead", {"roles": ("lead",), "force_codes": ["46"]}),
        ("cs", CPS | {"force_codes": ["46"]}), ("police", {"cps_areas": ["London"], "force_codes": ["99"]}),
    ):  # fmt: skip
        rows.contact(ref, **{"roles": ("spoc",)} | given)
    assert posts(rows) == {
        ("police", "45"): (True, TUESDAY, None), ("cps", "South East"): (True, None, None),
        ("police", "46"): (False, None, TUESDAY), ("cps", "London"): (False, None, TUESDAY),
        ("police", "47"): (False, None, TUESDAY), ("cps", "Wales"): (False, None, TUESDAY),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("spocs", "expected"),
    [
        ([{"active_to": TUESDAY + DAY}, {"active_to": TUESDAY}], (False, 1)),
        ([{"withdrawn_on": TUESDAY}, {"active_to": TUESDAY - 2 * DAY}], (False, -1)),
        ([{"withdrawn_on": TUESDAY + DAY}], (True, None)),
        ([{"withdrawn_on": TUESDAY, "active_to": TUESDAY - 3 * DAY}], (False, -3)),
        ([{"withdrawn_on": TUESDAY - 4 * DAY, "active_to": TUESDAY}], (False, -5)),
    ],
)
def test_a_post_is_filled_until_the_latest_of_its_spocs_last_days(rows, spocs, expected):
    rows.case_of("T1")
    for number, given in enumerate(spocs):
        rows.contact(f"sp{number}", roles=("spoc",), **given)
    filled, days = expected
    assert posts(rows)["police", "45"] == (filled, None if days is None else TUESDAY + days * DAY, None)
