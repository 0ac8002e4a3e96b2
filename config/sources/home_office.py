"""Home Office classes of recorded crime as a code table, `home_office`, that every profile may name."""

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from config import strict_yaml
from config.strict_yaml import Strict
from config.terms import Classification

TABLE = "home_office"
_FILE = Path(__file__).parents[1] / "home_office_classes.yaml"
_Class = Annotated[str, Field(pattern="^[0-9]{1,3}/[0-9]{2}$")]
_Group = Annotated[str, Field(pattern="^[0-9]{1,3}[A-Z]$")]
_Code = Annotated[str, Field(pattern="^[A-Z]{2}[0-9]{5}$")]


class OffenceClass(Strict):
    """A class that means one offence, by its CJS code."""

    code: _Code
    title: str


class SharedClass(Strict):
    """A class that offences share which do not count alike: a profile has to name its CJS code."""

    codes: tuple[_Code, ...]
    title: str


class ClassGroup(Strict):
    """A group of classes that names no offence: a case is of it, whatever the offence."""

    classification: Classification
    title: str


class HomeOfficeClasses(Strict):
    """The whole file, with what it was taken from, and when."""

    source: str
    read_on: date
    classes: dict[_Class, OffenceClass]
    shared: dict[_Class, SharedClass]
    groups: dict[_Group, ClassGroup]


@cache
def home_office_classes() -> HomeOfficeClasses:
    """Read the classes."""
    return strict_yaml.load(_FILE, HomeOfficeClasses)


@cache
def home_office_table() -> dict[str, str]:
    """Return the code table: each class in the ways in which it is written, as 8/65, 008/65 and 00865."""
    return {written: one.code for name, one in home_office_classes().classes.items() for written in spellings_of(name)}


def spellings_of(name: str) -> list[str]:
    """Return the ways in which a class is written."""
    number, part = name.split("/")
    return list(dict.fromkeys([name, f"{number:>02}/{part}", f"{number:>03}/{part}", f"{number:>03}{part}"]))
