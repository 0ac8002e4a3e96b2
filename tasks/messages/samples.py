"""Samples of messages that are written in `config/samples`. No reference belongs to a real case."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ConfigDict, TypeAdapter

from models.rules.obligations.rulebook import RULES

C = TypeVar("C")
_FOLDER = Path(__file__).parents[2] / "config" / "samples"
_EXACT = ConfigDict(extra="forbid", arbitrary_types_allowed=True)  # what travels in a letter is of any kind


def written(file: str, context: type[C]) -> dict[str, C]:
    """Return the samples of a file, by name."""
    samples = {name: _whole(value) for name, value in _files()[file]["samples"].items()}
    return TypeAdapter(dict[str, context], config=_EXACT).validate_python(samples)  # type: ignore[valid-type]


@cache
def _files() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    """Read all files: the samples of each, and the parts of which they are made."""
    return {path.stem: yaml.safe_load(path.read_text("utf-8")) for path in sorted(_FOLDER.glob("*.yaml"))}


@cache
def _named() -> Mapping[str, Mapping[str, Any]]:
    return {name: value for file in _files().values() for part in file.values() for name, value in part.items()}


def _whole(value: Any) -> Any:
    """Complete a value by those that it is like. What ends an obligation is what ends its rule."""
    if isinstance(value, list):
        return [_whole(part) for part in value]
    if not isinstance(value, dict):
        return value
    complete = {name: _whole(part) for name, part in _inherited(value).items()}
    if complete.get("rule") in RULES:
        complete.setdefault("ends_when", RULES[complete["rule"]].ends_in_words(""))
    return complete


def _inherited(value: Mapping[str, Any]) -> dict[str, Any]:
    own = dict(value)
    base = own.pop("like", None)
    return (_inherited(_named()[base]) if base else {}) | own
