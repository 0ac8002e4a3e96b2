"""Where each suspect of a case in danger is, as messages about it are given it."""

import pytest

from models.queries.obligations import dangers
from tests.worlds.one_case import OneCase


@pytest.fixture
def book(database, run_cli):
    made = OneCase(
        database, run_cli, suspect_status="bail", status_on="2026-03-04", bail_ends_on="2026-06-04", risk="standard"
    )
    made.belongs("incidents", incident_ref="I1", occurred_on="2026-03-10", reported_on="2026-03-10", breach=True)
    return made


def suspects(book):
    book.changed()
    book.round("Wed 11 Mar 2026")
    (case_id,) = book.ask("select id from cases")
    with book.engine.connect() as connection:
        (row,) = dangers.of_case(connection, case_id).values()
    return [tuple(one) for one in row.suspects]


def test_a_suspect_without_a_status_is_not_where_the_case_says_that_its_suspect_is(book):
    book.belongs("suspects", suspect_ref="S1", suspect_status="wanted", status_on="2026-03-09")
    book.belongs("suspects", suspect_ref="S2")
    assert suspects(book) == [("S1", "wanted", "2026-03-09", None, None), ("S2", None, None, None, None)]


def test_what_the_file_of_suspects_has_no_column_for_is_the_cases(book):
    book.belongs("suspects", suspect_ref="S1", suspect_status="bail", status_on="2026-03-09")
    own = "update source_columns set state = 'lacking' where file = 'suspects.csv' and name = "
    book.say(f"{own}'status_changed_on'")
    book.say(f"{own}'bail_ends_on'")
    assert suspects(book) == [("S1", "bail", "2026-03-04", "2026-06-04", None)]
    book.say(f"{own}'suspect_status'")
    book.say("update suspects set suspect_status = null, bail_ends_on = '2026-05-05'")
    assert suspects(book) == [("S1", "bail", "2026-03-04", "2026-05-05", None)]


def test_without_suspects_of_its_own_the_case_says_where_its_suspect_is(book):
    assert suspects(book) == [("", "bail", "2026-03-04", "2026-06-04", None)]


def test_of_one_who_is_charged_and_has_no_status_the_charge_is_told(book):
    book.say("update cases set suspect_status = null, charged_on = '2026-03-05'")
    said = book.explain("Wed 11 Mar 2026").out if suspects(book) else ""
    assert "Suspect charged on Thu 5 Mar." in said
    book.belongs("cps_cases", charged_on="2026-03-06")
    assert suspects(book) == [("", None, "2026-03-04", "2026-06-04", "2026-03-06")]
    book.say("update cps_cases set withdrawn_on = '2026-03-07'")
    assert suspects(book) == [("", None, "2026-03-04", "2026-06-04", "2026-03-05")]
    assert "nobody has recorded" not in said
