"""Strict YAML: refuses repeated or unknown keys and wrong types, and reports every fault at once with its path."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

M = TypeVar("M", bound=BaseModel)


class Faults(ValueError):
    """Every fault in one file, one sentence a line."""


class _Loader(yaml.SafeLoader):
    """A SafeLoader that refuses a key written twice."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[str] = set()
    for key, _ in node.value:
        if key.value in seen:
            raise yaml.MarkedYAMLError(problem=f'"{key.value}" is written twice', problem_mark=key.start_mark)
        seen.add(key.value)
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def load(path: Path, shape: type[M]) -> M:
    """Read `path` as `shape`.

    Raises Faults with every fault and its path, and the statement that nothing was changed.
    """
    return check(path, parse(path), shape)


def parse(path: Path) -> Any:
    """Read the file as plain values. Raises Faults if it is not readable YAML."""
    try:
        return yaml.load(path.read_text("utf-8"), _Loader)  # noqa: S506  _Loader is a SafeLoader
    except OSError as error:
        raise Faults(f"{path}: cannot be read ({error.strerror}). Nothing was changed.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "is not UTF-8 text"
        raise Faults(f"{path}{where}: {problem}. Nothing was changed.") from None


def check(path: Path, values: Any, shape: type[M]) -> M:
    """Fit plain values into `shape`. Raises Faults, which names each misfit by its path in the file."""
    try:
        return shape.model_validate(values if values is not None else {})
    except ValidationError as error:
        lines = [f"  {_path(fault['loc'])}   {_sentence(fault)}" for fault in error.errors()]
        counted = f"{len(lines)} fault{'s' if len(lines) > 1 else ''}"
        raise Faults("\n".join([f"{path}: {counted}, nothing was changed.", *lines])) from None


def _path(parts: tuple[int | str, ...]) -> str:
    text = ""
    for part in parts:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.lstrip(".") or "(the whole file)"


def _sentence(fault: Any) -> str:
    if fault["type"] == "extra_forbidden":
        return "is not a key that this file knows."
    if fault["type"] == "missing":
        return "is missing."
    message: str = fault["msg"].removeprefix("Value error, ")
    return message if message.endswith(".") else message + "."
