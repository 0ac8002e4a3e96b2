"""Small numbers are hidden, and so is what they could be worked out from; nothing is hidden without need."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.report.small_numbers import hidden
from models.rules.report.witness import SMALL, Sum
from tests.worlds.possible import determined
from tests.worlds.report_tables import nested_table


def table(*rows: tuple[int, ...]) -> tuple[dict[tuple[str, str], int], list[Sum]]:
    """Rows of a table with the totals of both ways, and the sums that make them."""
    numbers = {(f"r{at}", f"c{column}"): number for at, row in enumerate(rows) for column, number in enumerate(row)}
    lines, columns = [f"r{at}" for at in range(len(rows))], [f"c{at}" for at in range(len(rows[0]))]
    sums = []
    for line in lines:
        numbers[line, "all"] = sum(numbers[line, column] for column in columns)
        sums.append(Sum((line, "all"), tuple((line, column) for column in columns)))
    for column in (*columns, "all"):
        numbers["all", column] = sum(numbers[line, column] for line in lines)
        sums.append(Sum(("all", column), tuple((line, column) for line in lines)))
    sums.append(Sum(("all", "all"), tuple(("all", column) for column in columns)))
    return numbers, sums


def test_a_number_from_1_to_4_is_hidden_and_nought_and_5_are_shown():
    numbers = {"a": 0, "b": 1, "c": 4, "d": 5}
    assert hidden(numbers, [], printed=numbers) == {"b", "c"}


def test_the_smallest_other_number_is_hidden_where_a_total_would_give_a_small_one_away():
    numbers = {"all": 31, "a": 3, "b": 8, "c": 20}
    assert hidden(numbers, [Sum("all", ("a", "b", "c"))], printed=numbers) == {"a", "b"}


def test_two_small_numbers_of_a_sum_protect_each_other():
    numbers = {"all": 25, "a": 3, "b": 2, "c": 20}
    assert hidden(numbers, [Sum("all", ("a", "b", "c"))], printed=numbers) == {"a", "b"}


def test_a_total_is_hidden_where_nothing_else_is_left():
    numbers = {"all": 5, "a": 3, "b": 2, "c": 0}
    assert hidden({"all": 5, "a": 5, "b": 0}, [Sum("all", ("a", "b"))], printed=("all", "a", "b")) == frozenset()
    numbers = {"all": 6, "a": 6, "late": 2}
    assert hidden(numbers | {"b": 4}, [Sum("a", ("b", "late")), Sum("all", ("a",))], printed=("all", "a", "b")) == {"b"}
    one = {"all": 3, "a": 3, "b": 0}
    assert hidden(one, [Sum("all", ("a", "b"))], printed=one) == {"all", "a"}


def test_a_zero_is_a_published_number_and_hides_nothing():
    numbers = {"all": 6, "a": 5, "b": 1, "absent": 0}
    assert hidden(numbers, [Sum("all", ("a", "b", "absent"))], printed=numbers) == {"a", "b"}


def test_two_small_numbers_that_can_only_be_1_each_do_not_protect_each_other():
    numbers = {"all": 8, "a": 6, "b": 1, "c": 1}
    assert hidden(numbers, [Sum("all", ("a", "b", "c"))], printed=numbers) == {"a", "b", "c"}


def test_nothing_else_is_hidden_for_a_number_that_open_numbers_give_away():
    numbers = {"own": 8, "a": 3, "b": 5, "c": 0}
    assert hidden(numbers, [Sum("own", ("a", "b", "c"))], printed=numbers, open_={"own"}) == {"a", "b"}
    assert hidden(numbers, [Sum("own", ("a", "b", "c"))], printed=numbers, open_={"own", "b"}) == {"a"}


def test_what_is_left_of_a_whole_is_protected_though_no_page_prints_it():
    numbers = {"due": 40, "in time": 38, "late": 2}
    assert hidden(numbers, [Sum("due", ("in time", "late"))], printed={"due", "in time"}) == {"in time"}


def test_an_open_number_is_shown_and_what_only_open_numbers_give_away_cannot_be_kept():
    numbers = {"due": 40, "in time": 38, "late": 2}
    made = hidden(numbers, [Sum("due", ("in time", "late"))], printed={"due", "in time"}, open_={"due", "in time"})
    assert made == frozenset()
    assert hidden({"lost": 1}, [], printed={"lost"}, open_={"lost"}) == frozenset()


def test_a_number_that_takes_two_sums_to_work_out_is_protected_by_three_others():
    numbers, sums = table((3, 20, 30), (20, 40, 50), (30, 50, 60))
    made = hidden(numbers, sums, printed=numbers)
    assert made == {("r0", "c0"), ("r0", "c1"), ("r1", "c0"), ("r1", "c1")}


def test_the_same_table_is_hidden_alike_whatever_its_cells_are():
    """A set's order would choose another number each time that the report is made."""
    rows = ((19, 13, 5, 37, 17), (22, 35, 24, 27, 31), (38, 6, 8, 30, 16), (3, 21, 39, 23, 32))
    values = ((6, 30, 3, 30, 69), (3, 9, 0, 9, 21), (3, 2, 0, 30, 35), (12, 41, 3, 69, 125))
    numbers = dict(zip(sum(rows, ()), sum(values, ()), strict=True))
    sums = [Sum(row[4], row[:4]) for row in rows] + [
        Sum(rows[3][at], tuple(row[at] for row in rows[:3])) for at in range(5)
    ]
    named = [Sum(str(one.whole), tuple(map(str, one.parts))) for one in sums]
    by_name = hidden({str(cell): number for cell, number in numbers.items()}, named, printed=map(str, numbers))
    assert by_name == {str(cell) for cell in hidden(numbers, sums, printed=numbers)}
    assert by_name == {"3", "5", "6", "19", "22", "35", "38", "39"}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 12)] * 4), min_size=2, max_size=5), st.integers(0, 3))
def test_a_hidden_number_has_a_second_value_that_no_reader_can_rule_out(rows, whole_columns):
    numbers, sums = table(*rows)
    sums += [Sum((line, "pairs"), ((line, "c0"), (line, "c1"))) for line in ("r0", "r1")][:whole_columns]
    for line in ("r0", "r1"):
        numbers[line, "pairs"] = numbers[line, "c0"] + numbers[line, "c1"]
    made = hidden(numbers, sums, printed=numbers)
    assert made >= {cell for cell, number in numbers.items() if number in SMALL}
    assert not determined(numbers, sums, dict.fromkeys(made, 1), made)


def test_no_hidden_number_of_400_tables_of_places_and_kinds_has_one_value_and_none_is_hidden_without_need():
    hiding = nonzero = 0
    for seed in range(400):
        numbers, sums, printed = nested_table(Random(seed))  # noqa: S311  a book, and no secret
        made = hidden(numbers, sums, printed=printed)
        small = {cell for cell, number in numbers.items() if number in SMALL}
        assert small & printed <= made <= {cell for cell in printed if numbers[cell]}
        at_least = dict.fromkeys(numbers.keys() - printed, 0) | dict.fromkeys(made, 1)
        assert not determined(numbers, sums, at_least, made | small), seed
        hiding, nonzero = hiding + len(made - small), nonzero + sum(map(bool, map(numbers.get, printed - small)))
    assert hiding / nonzero < 0.35
