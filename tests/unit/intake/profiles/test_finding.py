"""What is looked up in another file: by which keys, which of several rows counts, and what is not sure."""

import pytest

from config.sources.look_ups import LookUp
from models.errors import Refuse
from tasks.intake.profiles.finding import Finder
from tasks.intake.profiles.gathering import key_of
from tasks.intake.profiles.row_store import RowStore
from tests.unit.intake.profiles.source_rows import MadeUpRows, source

HEADER = ["Id", "Level", "On"]
ROWS = [
    ["1", "High", "02/11/2026"],
    ["1", "Low", "03/11/2026"],
    ["1", "Med", "01/11/2026"],
    ["2", "NULL", "02/11/2026"],
    ["2", "Low", ""],
    ["", "High", "01/11/2026"],
]


def finder(rows, **said):
    look_up = LookUp.model_validate({"as": "Grade", "in": "grades.csv", "by": "Id", **said})
    return Finder(look_up, source(MadeUpRows("grades.csv", HEADER, *rows)), RowStore())


def found(rows, *keys, columns=("level",), **said):
    one = finder(rows, **said)
    one.want(columns)
    return {key: [doubt, *cells] for key, (doubt, _, *cells) in one.find([key_of([key]) for key in keys]).items()}


def warned_of(rows, *columns, **said):
    one = finder(rows, **said)
    one.want(["level", "on"])
    ((_, tie, *_),) = one.find(["1"]).values()
    return tie and one.warning(tie, columns)


@pytest.mark.parametrize(
    ("choice", "first", "second"),
    [
        ({"newest_by": "On"}, "Low", ""),
        ({"oldest_by": "On"}, "Med", ""),
        ({"worst_of": {"column": "Level", "order": ["High", "Med", "Low"]}}, "High", "Low"),
        ({"worst_of": {"column": "Level", "order": ["med", "low"]}}, "High", "Low"),
        ({"all": True}, "High;Low;Med", "Low"),
        ({"all": True, "where": {"column": "Level", "is_not": "Low"}}, "High;Med", ""),
        ({"newest_by": "On", "where": {"column": "Level", "filled": True}}, "Low", "Low"),
    ],
)
def test_one_row_of_several_counts_as_its_profile_says(choice, first, second):
    assert found(ROWS, "1", "2", "3", "", **choice) == {"1": ["", first], "2": ["", second]}


def test_the_highest_number_of_a_history_counts_and_what_is_no_number_makes_it_unsure():
    rows = [["1", "High", "9"], ["1", "Low", " 10 "], ["1", "Med", ""], ["2", "High", "1"], ["2", "Low", "v2"]]
    assert found(rows, "1", "2", highest_by="On") == {
        "1": ["", "Low"],
        "2": ["Grade On is not a whole number (line 6 of grades.csv)", "Low\x1eHigh"],
    }


def test_rows_of_one_day_count_in_the_order_of_the_file():
    rows = [["1", "High", "01/11/2026"], ["1", "Low", "01/11/2026"]]
    assert found(rows, "1", newest_by="On") == {"1": ["", "Low"]}
    assert found(rows, "1", oldest_by="On") == {"1": ["", "High"]}


@pytest.mark.parametrize(
    ("said", "day", "warning"),
    [
        ({"newest_by": "On"}, "03/11/2026", "share the newest On and differ in Level: the last"),
        ({"oldest_by": "On"}, "01/11/2026", "share the oldest On and differ in Level: the first"),
        ({"newest_by": "On"}, "01/11/2026", None),
        ({"all": True}, "03/11/2026", None),
    ],
)
def test_rows_of_one_day_that_differ_in_what_is_read_are_warned_of(said, day, warning):
    rows = [["1", "High", day], ["1", "Low", day], ["1", "Med", "02/11/2026"]]
    found = warned_of(rows, "level", **said)
    assert found.startswith(f"Grade: 2 rows of grades.csv {warning} in the file was taken.") if warning else not found
    assert not warned_of(rows, "on", **said), "it is not read in what it differs in"


def test_rows_that_have_no_day_or_one_number_tie_too():
    assert "2 rows of grades.csv have no On and differ in Level: the last" in warned_of(
        [["1", "High", ""], ["1", "Low", ""]], "level", newest_by="On"
    )
    assert "share the highest On and differ in Level: the last" in warned_of(
        [["1", "High", "7"], ["1", "Low", "07"]], "level", highest_by="On"
    )


def test_where_nothing_says_which_of_several_counts_none_is_sure():
    unsure = "Grade finds rows of grades.csv that differ (lines 2 and 3), and its look_up does not say which of them"
    assert found(ROWS, "1")["1"][0] == f"{unsure} counts"
    same = [["1", "High", "01/11/2026"], ["1", "High", "02/11/2026"]]
    assert found(same, "1") == {"1": ["", "High"]}, "rows that do not differ in what is asked for"


def test_a_day_that_cannot_be_read_makes_it_unsure_which_is_the_newest():
    rows = [["1", "High", "01/11/2026"], ["1", "Low", "soon"]]
    assert found(rows, "1", newest_by="On")["1"][0] == (
        "Grade On is not a day written DD/MM/YYYY (line 3 of grades.csv)"
    )


def test_keys_are_compared_without_case_and_gaps_and_made_of_cells_as_recipes_say():
    rows = [["pc  4471", "High", ""]]
    assert found(rows, "PC 4471") == {"pc 4471": ["", "High"]}
    by = {"own": "Id", "theirs": {"from": "Id", "digits": True, "pad": 6}}
    assert found(rows, "004471", by=by) == {"004471": ["", "High"]}


def test_a_list_has_one_member_more_than_may_be_read_and_no_more():
    rows = [["1", f"C{number}", ""] for number in range(300)]
    assert found(rows, "1", all=True)["1"][1].count(";") == 100


def test_rows_that_cannot_be_read_are_counted():
    one = finder([["1", "High", ""], "has 1 cells where the header has 3"])
    one.want(["level"])
    assert (one.find(["1"]), one.misread) == ({"1": ["", "", "High"]}, 1)


def test_a_column_that_the_other_file_has_not_is_named():
    with pytest.raises(Refuse, match=r'grades\.csv has no column "levels"'):
        finder(ROWS).want(["levels"])


def test_references_are_not_found_by_names():
    one = finder([["Ahmed Noor", "4471", ""], ["Ray Ed", "12", ""], ["PC 9", "9", ""]])
    one.want(["level"])
    assert one.find(["ahmed noor"]) == {"ahmed noor": ["", "", "4471"]}, "a text may be looked up by a name"
    other = finder([["Ahmed Noor", "4471", ""], ["Ray Ed", "12", ""], ["PC 9", "9", ""]])
    other.want(["level"])
    other.refers()
    with pytest.raises(Refuse, match=r"grades\.csv: Grade is looked up by names, and two people may share one"):
        other.find(["ahmed noor"])


def test_more_keys_than_a_batch_are_found():
    rows = [[str(number), "High", ""] for number in range(600)]
    assert len(found(rows, *map(str, range(900)))) == 600
