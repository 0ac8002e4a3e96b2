"""How a flow run ends: the state's name says what happened, and its type gives the colour that Prefect shows."""

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


def failed(message: str, data: Any = None) -> State[Any]:
    """End red: part of the work was not done. Finished work is kept."""
    return Failed(data=data, message=message)
