"""How a flow run ends: the state's name says what happened, and its type gives the colour that Prefect shows."""

from collections.abc import Callable, Mapping
from typing import Any

from prefect import State
from prefect.states import Completed, Failed


def completed(message: str, data: Any = None) -> State[Any]:
    """End green: all that was asked for is done."""
    return Completed(data=data, message=message)


def degraded(message: str, data: Any = None) -> State[Any]:
    """End green, named Degraded: the work is done, and something needs a person's look."""
    return Completed(data=data, message=message, name="Degraded")


def refused(message: str, data: Any = None) -> State[Any]:
    """End green, named Refused: the answer to a person is no, nothing was done, and nothing is broken."""
    return Completed(data=data, message=message, name="Refused")


class NotDone(Exception):
    """The result of a run that failed, as Prefect wants it: a caller in the same process finds what was done."""

    def __init__(self, message: str, made: Any) -> None:
        """Keep the state's message, which holds no value of a record, and the result."""
        super().__init__(message)
        self.made = made


def failed(message: str, data: Any = None) -> State[Any]:
    """End red: part of the work was not done. Finished work is kept."""
    return Failed(data=NotDone(message, data), message=message)


ENDS: Mapping[str, Callable[[str, Any], State[Any]]] = {
    "Completed": completed,
    "Degraded": degraded,
    "Failed": failed,
}


def counted(message: str, data: Any, *, degraded_if: bool) -> State[Any]:
    """End green with counts, or Degraded."""
    return degraded(message, data) if degraded_if else completed(message, data)
