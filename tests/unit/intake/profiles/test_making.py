"""How cells are made: from several columns, of parts, by code tables, as days and as keys."""

import pytest

from config.sources.cells import Recipe
from config.sources.day_forms import day_forms
from config.sources.profile import Profile
from config.terms import Agency
from tasks.intake.forms import NAME_ALONE, REST_EMPTY
from tasks.intake.profiles.making import Making
from tasks.intake.unread_days import NotDay

PROFILE = Profile.model_construct(
    agency=Agency.POLICE, covers=("45",), files=(), codes={"risk": {"V High": "high", "": "standard"}}
)
NAMES = ("a", "b", "c")


def made(recipe, *rows, is_day=False, days="D/M/YYYY", secret=b"x" * 32):
    making = Making({name: place for place, name in enumerate(NAMES)}, PROFILE, day_forms(days), lambda: secret)
    columns = [tuple(row[place] if place < len(row) else "" for row in rows) for place in range(len(NAMES))]
    return list(making.column(Recipe.model_validate(recipe), is_day=is_day).of(columns, len(rows)))


@pytest.mark.parametrize(
    ("recipe", "row", "cell"),
    [
        ({"from": "A"}, ["x "], "x "),
        ({"always": 45}, ["x"], "45"),
        ({"from": ["A", "B"]}, [" ", "y"], "y"),
        ({"from": ["A", "B", "C"], "joined": "/"}, ["x", "", "z "], "x/z"),
        ({"from": "A", "without": "45/"}, ["45/1234/26"], "1234/26"),
        ({"from": "A", "without": "45/"}, ["1234/45/26"], "1234/45/26"),
        ({"from": ["A", "B"], "joined": "-", "without": "45/"}, ["45/1234/26", "7"], "1234/26-7"),
        ({"from": "A", "digits": True}, ["PC 4471"], "4471"),
        ({"from": "A", "digits": True, "pad": 6}, ["PC 4471 AHMED"], "004471"),
        ({"from": "A", "digits": True, "pad": 6}, ["AHMED"], ""),
        ({"from": "A", "pad": 4}, ["12345"], "12345"),
        ({"from": "A", "upper": True}, ["ph97010 "], "PH97010"),
        ({"from": "A", "replace": {"/": " ", "PC ": ""}}, ["PC 4471/AHMED"], "4471 AHMED"),
        ({"from": "A", "replace": {"/": " "}, "split_at": " ", "part": -1}, ["PC/4471"], "4471"),
        ({"from": "A", "list_at": ",", "digits": True, "pad": 3}, ["C4, C09"], "004;009"),
        ({"from": "A", "upper": True, "codes": {"X": "yes"}}, ["x"], "yes"),
        ({"from": "A", "split_at": " - ", "part": 1}, ["PH97010 - Stalking"], "PH97010"),
        ({"from": "A", "split_at": " ", "part": -1}, ["PC Jones 1234"], "1234"),
        ({"from": "A", "split_at": "/", "part": 3}, ["x/y"], ""),
        ({"from": "A", "split_at": "/", "part": -3}, ["x/y"], ""),
        ({"from": ["A", "B"], "list_at": ","}, ["x, y,,x", "z"], "x;y;z"),
        ({"from": "A", "list_at": ";"}, ["x;y\nz\r\n"], "x;y;z"),
        ({"from": "A", "list_at": "|", "split_at": ":", "part": 1}, ["1:a|2:b"], "1;2"),
        ({"from": "A", "list_at": ",", "codes": {"One": "C01"}, "otherwise": ""}, ["one,two"], "C01"),
        ({"from": "A", "codes": "risk"}, ["v  HIGH"], "high"),
        ({"from": "A", "codes": "risk"}, ["Low"], "Low"),
        ({"from": "A", "codes": "risk", "otherwise": "medium"}, ["Low"], "medium"),
        ({"from": "A", "codes": "risk", "otherwise": "medium"}, [""], ""),
        ({"from": "A", "codes": "risk", "when_empty": "medium"}, [" "], "medium"),
        ({"from": "A", "when_filled": True}, ["any text"], "yes"),
        ({"from": "A", "when_filled": "yes", "when_empty": "no"}, [" "], "no"),
        ({"from": "A", "where": {"column": "B", "is": ["x", "y"]}}, ["1", "Y "], "1"),
        ({"from": "A", "where": {"column": "B", "is_not": "x"}}, ["1", "x"], ""),
        ({"from": "A", "where": [{"column": "B", "begins": "X"}, {"column": "C", "filled": False}]}, ["1", "xy"], "1"),
        ({"from": "A", "where": [{"column": "B", "begins": "X"}, {"column": "C", "filled": True}]}, ["1", "xy"], ""),
        ({"always": "yes", "where": {"column": "A", "filled": True}, "when_empty": "no"}, [""], "no"),
        ({"always": "yes", "where": {"column": "A", "filled": True}}, ["x"], "yes"),
    ],
)  # fmt: skip
def test_a_cell_is_made_as_its_recipe_says(recipe, row, cell):
    assert made(recipe, row) == [cell]


def test_a_day_is_read_by_the_columns_own_form_or_that_of_the_file():
    assert made({"from": "A"}, ["9/11/2026"], is_day=True) == ["2026-11-09"]
    assert made({"from": "A", "day": "M/D/YYYY"}, ["9/11/2026"], is_day=True) == ["2026-09-11"]
    assert made({"from": "A"}, ["9/11/2026"], is_day=False) == ["9/11/2026"]


def test_a_column_may_write_days_in_several_forms():
    recipe = {"from": "A", "day": ["DD/MM/YYYY", "D MMM YY", "serial"]}
    assert made(recipe, ["09/11/2026"], ["9 Nov 26"], ["46335"], is_day=True) == ["2026-11-09"] * 3


def test_a_cell_that_is_no_such_day_keeps_itself_and_the_reason_and_passes_for_no_other_day():
    (cell,) = made({"from": "A", "day": "MM/DD/YYYY"}, ["13/02/2026"], is_day=True)
    assert isinstance(cell, NotDay)
    assert (cell.cell, cell.reason) == ("13/02/2026", "is not a day written MM/DD/YYYY")
    assert str(cell) != "13/02/2026"


def test_a_key_is_the_same_for_one_person_and_another_with_another_secret():
    recipe = {"from": ["A", "B"], "joined": " | ", "key": True}
    one, same, other, none = made(recipe, ["SMITH  John", "1"], ["Smith john ", "1"], ["Smith John", "2"], ["", ""])
    assert (one, none) == (same, "")
    assert one != other
    assert len(one) == 32
    assert made(recipe, ["SMITH  John", "1"], secret=b"y" * 32) != [one]


def test_a_name_alone_is_no_key():
    assert made({"from": "A", "key": True}, ["SMITH John"], [""], ["SMITH John 01/02/1990"])[:2] == [NAME_ALONE, ""]


def test_a_name_whose_date_of_birth_is_empty_is_no_key_and_is_told_apart_from_a_profile_that_joins_none():
    recipe = {"from": ["A", "B", "C"], "joined": " ", "key": True}
    made_of = made(recipe, ["SMITH", "John", ""], ["SMITH", "John", "01/02/1990"], ["SMITH", "John", "Paul"])
    assert (made_of[0], made_of[2]) == (REST_EMPTY, NAME_ALONE)
    assert len(made_of[1]) == 32


def test_a_day_alone_is_no_key_in_whatever_form_the_file_writes_days():
    keys = made({"from": "A", "key": True}, ["9/11/2026"], ["2026-11-09"], days="D/M/YYYY")
    assert keys[:2] == [NAME_ALONE, NAME_ALONE]


def test_a_cache_that_is_full_is_cleared_and_nothing_is_made_otherwise(monkeypatch):
    monkeypatch.setattr("tasks.intake.profiles.making.REMEMBERED", 2)
    cells = [str(number) for number in range(9)]
    assert made({"from": ["A", "B"]}, *([cell] for cell in cells)) == cells
