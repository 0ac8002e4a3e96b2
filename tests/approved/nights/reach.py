"""Which of the public functions of models/queries were called while the nights were lived."""

import functools
import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from inspect import isfunction
from types import CellType, ModuleType
from typing import Any

from models import queries
from tasks.messages.kinds import KINDS

Function = Callable[..., Any]
ONCE = {"obligations.versions.versions", "intake.staged.staged"}  # in a process, and perhaps before the nights
OURS = ("config", "flows", "models", "tasks", "tests")


def public() -> dict[Function, str]:
    """Return the public functions of models/queries, each with its module and name."""
    found: dict[Function, str] = {}
    for each in pkgutil.walk_packages(queries.__path__, f"{queries.__name__}."):
        module = importlib.import_module(each.name)
        for name, value in vars(module).items():
            if isfunction(value) and value.__module__ == each.name and not name.startswith("_"):
                found[value] = f"{each.name.removeprefix(f'{queries.__name__}.')}.{name}"
    return {function: name for function, name in found.items() if name not in ONCE}


@contextmanager
def noted() -> Iterator[set[str]]:
    """Note the names of the functions that are called while the block runs."""
    called: set[str] = set()
    noting = {function: _noting(function, name, called) for function, name in public().items()}
    _replace(noting)
    try:
        yield called
    finally:
        _replace({new: old for old, new in noting.items()})


def _noting(function: Function, name: str, called: set[str]) -> Function:
    @functools.wraps(function)
    def call(*args: Any, **given: Any) -> Any:
        called.add(name)
        return function(*args, **given)

    return call


def _replace(others: Mapping[Function, Function]) -> None:
    """Put other functions into the place of some, wherever a module of ours or a kind of message has them."""
    for module in [each for name, each in sys.modules.items() if name.partition(".")[0] in OURS]:
        for name, value in _functions(module):
            if value in others:
                setattr(module, name, others[value])
    for cell in _cells():
        if cell.cell_contents in others:
            cell.cell_contents = others[cell.cell_contents]


def _functions(module: ModuleType) -> list[tuple[str, Function]]:
    return [(name, value) for name, value in vars(module).items() if isfunction(value)]


def _cells() -> list[CellType]:
    """Return where the kinds of messages hold what reads their notices."""
    return [cell for kind in KINDS.values() for cell in getattr(kind.composing, "__closure__", None) or ()]
