"""Isolate the item of a batch that cannot be worked, so that it does not stop the rest."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from models.errors import is_row_fault

Item = TypeVar("Item")
Result = TypeVar("Result")


def by_halves(
    items: Sequence[Item],
    work: Callable[[Sequence[Item]], Result],
    alone: Callable[[Item, Exception], Result],
    *,
    at_fault: Callable[[Exception], bool] = is_row_fault,
) -> list[Result]:
    """Work a batch; if it fails, work its halves, down to the item at fault. Return the results in order.

    `alone` gives the result of the item at fault. `work` is called again for the rest, so it undoes what it did before
    it failed. An error that is not `at_fault` is raised: a fault of the database is no item's.
    """
    if not items:
        return []
    try:
        return [work(items)]
    except Exception as error:
        if not at_fault(error):
            raise
        if len(items) == 1:
            return [alone(items[0], error)]
    middle = len(items) // 2
    return [
        result
        for half in (items[:middle], items[middle:])
        for result in by_halves(half, work, alone, at_fault=at_fault)
    ]
