"""Rows become values by the names of their columns, in whatever order those are."""

from datetime import date
from typing import NamedTuple

import pytest

from config.terms import Agency, Risk
from models.queries.row_values import values

DAY = date(2026, 11, 26)


class Person(NamedTuple):
    ref: str
    agency: Agency | None
    roles: frozenset[str]


class Case(NamedTuple):
    case_ref: str
    risk: Risk
    days: tuple[date | None, ...]
    owner: Person
    counterpart: Person | None
    body: bytes | None = None


class Plain(NamedTuple):
    ref: str
    day: date


CASE = {
    "case_ref": "C1", "risk": "high", "days": [DAY, None], "owner.ref": "P1", "owner.agency": "cps", "owner.roles": [],
    "counterpart.ref": None, "counterpart.agency": None, "counterpart.roles": None, "body": memoryview(b"kept"),
}  # fmt: skip


def _read(row_type, *rows, **reads):
    names, *_ = (tuple(row) for row in rows)
    return values(row_type, names, [tuple(row.values()) for row in rows], reads)


def test_a_column_becomes_the_field_of_its_name_as_the_fields_type_has_it():
    owner = Person("P1", Agency.CPS, frozenset())
    assert _read(Case, CASE) == [Case("C1", Risk.HIGH, (DAY, None), owner, None, b"kept")]


def test_columns_in_another_order_make_the_same_value():
    other_order = dict(reversed(CASE.items()))
    assert _read(Case, other_order) == _read(Case, CASE)
    assert _read(Plain, {"day": DAY, "ref": "R"}) == _read(Plain, {"ref": "R", "day": DAY}) == [Plain("R", DAY)]


def test_a_nested_value_that_may_be_none_is_there_in_the_rows_that_have_a_column_of_it():
    there = CASE | {"counterpart.ref": "P2", "counterpart.roles": ["spoc"]}
    found = [case.counterpart for case in _read(Case, CASE, there, CASE)]
    assert found == [None, Person("P2", None, frozenset({"spoc"})), None]


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"ref": "R"}, "missing: day"),
        ({"ref": "R", "day": DAY, "agency": "cps"}, "unexpected: agency"),
        ({"ref": "R", "dya": DAY}, "missing: day; unexpected: dya"),
    ],
    ids=["missing", "extra", "misspelt"],
)
def test_columns_that_are_not_the_types_fields_are_named(columns, told):
    with pytest.raises(TypeError, match=f"^Plain does not match the columns of its statement. {told}$"):
        _read(Plain, columns)


def test_a_column_that_comes_twice_is_named():
    with pytest.raises(TypeError, match="repeated: ref"):
        values(Plain, ("ref", "day", "ref"), [])


def test_a_missing_column_of_a_nested_value_is_named_with_its_field_though_there_is_no_row():
    with pytest.raises(TypeError, match=r"missing: owner\.agency"):
        values(Case, [name for name in CASE if name != "owner.agency"], [])


def test_a_value_that_is_no_member_of_the_enumeration_is_an_error_unless_the_column_is_read_otherwise():
    later = CASE | {"risk": "extreme"}
    with pytest.raises(ValueError, match="'extreme' is not a valid Risk"):
        _read(Case, later)
    assert [case.risk for case in _read(Case, later, risk=lambda _: Risk.UNKNOWN)] == [Risk.UNKNOWN]
