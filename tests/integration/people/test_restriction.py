"""Which cases are restricted, by their own mark or a linked case's, and which are named in no shared place."""

import pytest
from sqlalchemy import text

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
    """The references of the cases of which a condition is true."""
    statement = text(f"select case_ref from disclosed where {condition} order by id")
    return list(rows.connection.scalars(statement))


def test_a_case_is_restricted_by_its_own_mark_or_that_of_a_case_of_its_urn(rows):
    assert names(rows, "is_restricted") == ["marked", "linked", "alone"]
    assert names(rows, "restricted_by_link") == ["linked"]


def test_a_case_is_kept_apart_that_is_restricted_or_bars_somebody(rows):
    apart = ["marked", "linked", "plain", "bars", "alone"]
    assert names(rows, "kept_apart") == apart
    assert names(rows, "id in (select case_id from cases_apart)") == apart
    assert names(rows, "id in (select case_id from cases_apart where bars_any)") == ["plain", "bars"]
