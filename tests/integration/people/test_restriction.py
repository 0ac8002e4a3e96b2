"""Which cases are restricted, by their own mark or a linked case's, and which are named in no shared place."""

import pytest
from sqlalchemy import text

from models.queries.people.restriction import BY_LINK, KEPT_APART, KEPT_APART_IDS, RESTRICTED, RESTRICTED_IDS
from tests.worlds.review_rows import ReviewRows


@pytest.fixture
def rows(connection) -> ReviewRows:
    """Two linked cases of which one is marked, two of which one bars somebody, two of neither, and two of no URN."""
    made = ReviewRows(connection)
    urn, other, third = (made.urn(f"45ZZ000{number}126") for number in range(3))
    for name, key, given in (
        ("marked", urn, {"restricted": True}), ("linked", urn, {}), ("plain", other, {}), ("bars", other, {}),
        ("alone", None, {"restricted": True}), ("free", None, {}), ("quiet", third, {}), ("quiet-too", third, {}),
    ):  # fmt: skip
        made.case_of(name, urn_key_id=key, **given | ({"barred_refs": ["of1"]} if name == "bars" else {}))
    return made


def names(rows, condition: str) -> list[str]:
    """The references of the cases `c` of which a condition is true."""
    statement = text(f"select c.case_ref from cases c where {condition} order by c.id")
    return list(rows.connection.scalars(statement))


def test_a_case_is_restricted_by_its_own_mark_or_that_of_a_case_of_its_urn(rows):
    assert names(rows, RESTRICTED) == ["marked", "linked", "alone"]
    assert names(rows, f"c.id in ({RESTRICTED_IDS})") == ["marked", "linked", "alone"]
    assert names(rows, BY_LINK) == ["linked"]


def test_a_case_is_kept_apart_that_is_restricted_or_bars_somebody(rows):
    apart = ["marked", "linked", "plain", "bars", "alone"]
    assert names(rows, KEPT_APART) == apart
    assert names(rows, f"c.id in ({KEPT_APART_IDS})") == apart
