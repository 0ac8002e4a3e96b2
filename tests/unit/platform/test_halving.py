"""A batch with a poisoned item: the others are processed, and a fault of the database belongs to no item."""

import psycopg2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.platform.halving import by_halves

ITEMS = list(range(9))


class Work:
    """Work that fails on any batch with a poisoned item, and notes how often it was called."""

    def __init__(self, *poisoned, error=ValueError):
        self.poisoned, self.error, self.calls = set(poisoned), error, 0

    def __call__(self, items):
        self.calls += 1
        if self.poisoned & set(items):
            raise self.error
        return list(items)


def alone(item, error):
    return [(item, type(error).__name__)]


def test_a_good_batch_is_worked_at_once():
    work = Work()
    assert by_halves(ITEMS, work, alone) == [ITEMS]
    assert work.calls == 1


def test_nothing_is_worked_of_an_empty_batch():
    work = Work()
    assert (by_halves([], work, alone), work.calls) == ([], 0)


@pytest.mark.parametrize("poisoned", ITEMS)
def test_the_poisoned_item_is_alone_and_the_others_are_worked_in_order(poisoned):
    found = [each for result in by_halves(ITEMS, Work(poisoned), alone) for each in result]
    assert found == [(one, "ValueError") if one == poisoned else one for one in ITEMS]


def test_an_item_by_itself_is_not_worked_twice():
    work = Work(3)
    assert by_halves([3], work, alone) == [[(3, "ValueError")]]
    assert work.calls == 1


def test_one_item_of_a_thousand_costs_twenty_calls_and_no_more():
    work = Work(700)
    by_halves(range(1_000), work, alone)
    assert work.calls <= 21


@given(st.lists(st.integers(0, 50), unique=True), st.sets(st.integers(0, 50)))
def test_every_item_is_worked_once_or_is_at_fault(items, poisoned):
    found = [each for result in by_halves(items, Work(*poisoned), alone) for each in result]
    assert found == [(one, "ValueError") if one in poisoned else one for one in items]


@pytest.mark.parametrize("error", [psycopg2.OperationalError, psycopg2.ProgrammingError])
def test_a_fault_of_the_database_is_no_items(error):
    work = Work(3, error=error)
    with pytest.raises(error):
        by_halves(ITEMS, work, alone)
    assert work.calls == 1


@pytest.mark.parametrize("error", [psycopg2.DataError, psycopg2.IntegrityError, KeyError])
def test_a_value_that_cannot_be_written_is_its_items(error):
    found = [each for result in by_halves(ITEMS, Work(3, error=error), alone) for each in result]
    assert found[3] == (3, error.__name__)


def test_the_caller_may_take_fewer_faults_for_an_items():
    with pytest.raises(RuntimeError):
        by_halves(ITEMS, Work(3, error=RuntimeError), alone, at_fault=lambda error: isinstance(error, KeyError))
