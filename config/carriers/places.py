"""The address of a channel that a setting gives to each force and CPS Area."""

import json
from collections.abc import Mapping
from functools import partial
from typing import Any, TypeVar

from pydantic import BeforeValidator

from config.forces import AREA_BY_SPELLING, FORCES, spelling
from config.plain_yaml import shown

T = TypeVar("T")


def by_place(example: str) -> BeforeValidator:
    """Return what parses `45=…,South East=…` as the `example` has it, or the same as JSON; other values stay."""
    return BeforeValidator(partial(_parsed, example))


def _parsed(example: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("{"):
        try:
            return json.loads(value)
        except ValueError:
            raise ValueError("is not JSON of places and channels") from None
    pairs = [part.partition("=") for part in value.split(",") if part.strip()]
    if not all(sign and channel.strip() for _, sign, channel in pairs):
        raise ValueError(f"write each as PLACE=CHANNEL, with commas between: {example}")
    return {place.strip(): channel.strip() for place, _, channel in pairs}


def known(value: Mapping[str, T]) -> dict[str, T]:
    """Replace each Area by its standard name, however it is spelled in the setting. Raises ValueError."""
    places = {place: place if place in FORCES else AREA_BY_SPELLING.get(spelling(place)) for place in value}
    unknown = sorted(place for place, name in places.items() if name is None)
    if unknown:
        raise ValueError(f"neither a force code nor a CPS Area: {', '.join(map(shown, unknown))}")
    return {name: value[place] for place, name in places.items() if name is not None}
