"""Strict YAML: refuses repeated or unknown keys and wrong types, and reports every fault at once with its path."""

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from config import plain_yaml

M = TypeVar("M", bound=BaseModel)
LARGEST = 128 << 10  # bytes; a larger file takes longer than a second to read
MOST = 50  # faults that are listed


class Strict(BaseModel):
    """A frozen model that rejects unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Faults(ValueError):
    """Every fault in one file, one sentence a line."""


def load(path: Path, shape: type[M]) -> M:
    """Read `path` as `shape`.

    Raises Faults with every fault and its path, and the statement that nothing was changed.
    """
    return check(path, parse(path), shape)


def parse(path: Path) -> Any:
    """Read the file as plain values. Raises Faults if it is not readable YAML."""
    try:
        return plain_yaml.read(_content(path).decode("utf-8-sig"))
    except plain_yaml.Misread as misread:
        place = plain_yaml.path(misread.place)
        where = f", line {misread.line}" + (f", {place}" if place else "")
        raise Faults(f"{path}{where}: {misread.problem}. Nothing was changed.") from None
    except UnicodeDecodeError:
        raise Faults(f"{path}: is not UTF-8 text. Nothing was changed.") from None


def _content(path: Path) -> bytes:
    try:
        with open(path, "rb", opener=_at_once) as file:
            plain = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
            content = file.read(LARGEST + 1) if plain else b""
    except (OSError, ValueError) as error:  # ValueError: a path with a NUL
        why = getattr(error, "strerror", None) or "its name is no file's"
        raise Faults(f"{plain_yaml.shown(str(path))}: cannot be read ({why}). Nothing was changed.") from None
    if not plain:
        raise Faults(f"{path}: is not a plain file. Nothing was changed.")
    if len(content) > LARGEST:
        raise Faults(f"{path}: is larger than {LARGEST >> 10} KiB. Nothing was changed.")
    return content


def _at_once(name: str, flags: int) -> int:
    """Open a file without waiting, should it be a pipe."""
    return os.open(name, flags | os.O_NONBLOCK | os.O_CLOEXEC)


def check(path: Path, values: Any, shape: type[M]) -> M:
    """Fit plain values into `shape`. Raises Faults, which names each misfit by its path in the file."""
    try:
        return shape.model_validate(values if values is not None else {})
    except ValidationError as error:
        faults = [(plain_yaml.path(fault["loc"]), _sentence(fault)) for fault in error.errors()]
        raise refusal(path, faults) from None


def refusal(path: Path, faults: Sequence[tuple[str, str]]) -> Faults:
    """Return the refusal of a file for these faults, each with its path in the file and its sentence."""
    lines = [f"  {place or '(the whole file)'}   {sentence}" for place, sentence in faults]
    counted = f"{len(lines)} fault{'s' if len(lines) > 1 else ''}"
    more = [f"  and {len(lines) - MOST} more."] if len(lines) > MOST else []
    return Faults("\n".join([f"{path}: {counted}, nothing was changed.", *lines[:MOST], *more]))


def _sentence(fault: Any) -> str:
    if fault["type"] == "extra_forbidden":
        return "is not a key that this file knows."
    if fault["type"] in {"list_type", "tuple_type"}:
        return "is a list, of one member at least."
    if fault["type"] == "missing":
        return "is missing."
    message: str = fault["msg"].removeprefix("Value error, ").removeprefix("Input ")
    return message if message.endswith(".") else message + "."
