"""Headers that are usual in the exports of known systems, from public documents: a file of `known/` for each."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from config import strict_yaml
from config.sources.cells import OwnNames
from config.strict_yaml import Strict

FOLDER = Path(__file__).with_name("known")


class KnownSystem(Strict):
    """A system, the public document that names its headers, and those that are one of our columns."""

    system: str
    cited: str  # as a comment cites the document
    title: str
    address: Annotated[str, Field(pattern="^https://")]
    dated: date
    headers: dict[str, OwnNames]


@cache
def known_systems() -> tuple[KnownSystem, ...]:
    """Read every file, in the order of their names."""
    return tuple(strict_yaml.load(path, KnownSystem) for path in sorted(FOLDER.glob("*.yaml")))
