"""A statement's rows by the names of its columns, through the driver and through SQLAlchemy."""

from typing import NamedTuple

import pytest
from sqlalchemy import Connection, literal, select

from config.terms import Agency
from models.queries.driver import fetch_as, first_as, keyed_as, mapping, readable_as, scalar, scalars


class Post(NamedTuple):
    place: str
    agency: Agency


PLACE, AGENCY = literal("45").label("place"), literal("cps").label("agency")


def test_a_statement_of_the_driver_and_one_of_sqlalchemy_make_the_same_values(connection: Connection) -> None:
    assert fetch_as(connection, Post, "select 'cps' as agency, %s as place", ("45",)) == [Post("45", Agency.CPS)]
    assert fetch_as(connection, Post, select(PLACE, AGENCY)) == [Post("45", Agency.CPS)]


@pytest.mark.parametrize("statement", ["select '45' as palce, 'cps' as agency", select(PLACE.label("palce"), AGENCY)])
def test_a_misspelt_column_is_an_error_that_names_it(connection: Connection, statement: str) -> None:
    with pytest.raises(TypeError, match=r"Post does not match .* missing: place; unexpected: palce"):
        fetch_as(connection, Post, statement)


def test_the_first_row_is_none_where_there_is_no_row_but_its_columns_are_checked(connection: Connection) -> None:
    assert first_as(connection, Post, "select '45' as place, 'cps' as agency where false") is None
    with pytest.raises(TypeError, match="missing: agency"):
        first_as(connection, Post, "select '45' as place where false")


def test_a_key_is_one_more_column_or_several_and_is_no_field(connection: Connection) -> None:
    statement = "select 7 as id, '45' as place, 'cps' as agency, 8 as other"
    assert keyed_as(connection, ("id", "other"), Post, statement) == [((7, 8), Post("45", Agency.CPS))]
    with pytest.raises(TypeError, match="unexpected: other"):
        keyed_as(connection, "id", Post, statement)
    with pytest.raises(TypeError, match="no column to key it by: case_id"):
        keyed_as(connection, "case_id", Post, statement)


def test_single_values_are_of_a_statement_with_one_column(connection: Connection) -> None:
    assert scalars(connection, "select unnest(array[3, 4])") == [3, 4]
    assert scalar(connection, "select 3 where false") is None
    with pytest.raises(TypeError, match="one column is expected, and not of place, agency"):
        scalars(connection, select(PLACE, AGENCY))


def test_a_mapping_names_its_two_columns_in_any_order(connection: Connection) -> None:
    statement = "select 'cps' as agency, '45' as place"
    assert mapping(connection, "place", "agency", statement) == {"45": "cps"}
    with pytest.raises(TypeError, match="columns place and name is expected, and not of agency, place"):
        mapping(connection, "place", "name", statement)


def test_rows_of_which_no_value_can_be_made_are_told_by_their_first_column(connection: Connection) -> None:
    statement = "select place, agency from (values ('45', 'cps'), ('50', 'court')) as given(place, agency)"
    assert readable_as(connection, Post, statement) == ([Post("45", Agency.CPS)], ["50"])
