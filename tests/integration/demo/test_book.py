"""The demo's extracts load: the first night, the same night twice, and a week of answers."""

from datetime import date, timedelta

import pytest

from config.days.london import at_london
from flows.configured import configured
from tasks.demo.book import answer_night, write_book
from tasks.intake.load import load_folders

START = date(2026, 3, 23)


def count(connection, table, where="true"):
    return connection.exec_driver_sql(f"select count(*) from {table} where {where}").scalar_one()


@pytest.fixture
def loaded(database, tmp_path):
    state, folders = write_book(tmp_path / "drop", START, seed=7)
    return state, load_folders(configured(), folders, at_london(START))


def test_the_first_night_loads_except_the_rows_that_clerks_typed_wrong(loaded, database):
    _, found = loaded
    assert [one.fate.value for one in found] == ["loaded"] * 3
    police, *cps = found
    assert {one.name: one.rejected for one in police.files if one.rejected} == {
        "contacts.csv": 1,
        "cases.csv": 2,
        "incidents.csv": 1,
        "actions.csv": 2,
    }
    assert sum(one.rejected for source in cps for one in source.files) == 0
    with database.connect() as connection:
        assert count(connection, "cases") == 938
        assert count(connection, "cases", "restricted") == 6
        assert count(connection, "contacts") == 93


def test_the_same_night_twice_changes_nothing(loaded, tmp_path):
    found = load_folders(configured(), sorted((tmp_path / "drop").iterdir()), at_london(START))
    assert {one.fate.value for one in found} == {"already loaded"}


def test_a_week_of_answers_loads_and_is_never_taken_for_a_truncated_extract(loaded, database):
    state, _ = loaded
    for number in range(7):
        day = START + timedelta(days=number)
        found = load_folders(configured(), answer_night(state, day, ()), at_london(day + timedelta(days=1)))
        assert {one.fate.value for one in found} == {"loaded"}
    with database.connect() as connection:
        assert count(connection, "cases") > 930
        assert count(connection, "cases", "finalised_on is not null") > 20
