"""Titles of offences, as records write them, with the CJS offence that each means."""

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from config import strict_yaml
from config.strict_yaml import Strict

_FILE = Path(__file__).parents[1] / "offence_titles.yaml"
_Code = Annotated[str, Field(pattern="^[A-Z]{2}[0-9]{5}$")]
_LITTLE = {"a", "an", "the", "of", "to", "by", "and", "or"}
_ACTS = "protection from harassment|crime (?:and|&) disorder|family law|stalking protection|sentencing"
_SECTION = re.compile(
    r"\b(?:s|sec|section)\.? ?[0-9]+[a-z]?(?: ?\([a-z0-9]+\))*|\b(?:pha|spa)(?: ?(?:19|20)?[0-9]{2})?\b", re.IGNORECASE
)
_ACT = re.compile(rf"\b(?:{_ACTS}) (?:act|code)\b.*", re.IGNORECASE)


class OffenceTitles(Strict):
    """The whole file, with what it was taken from, and when."""

    source: str
    read_on: date
    titles: dict[_Code, tuple[str, ...]]


@cache
def offence_titles() -> OffenceTitles:
    """Read the titles."""
    return strict_yaml.load(_FILE, OffenceTitles)


@cache
def _codes() -> dict[str, str]:
    return {compared(title): code for code, titles in offence_titles().titles.items() for title in titles}


def code_of_title(title: str) -> str | None:
    """Return the CJS code of an offence by its title; None of one that is not known."""
    return _codes().get(compared(title)) or _codes().get(compared(_SECTION.sub(" ", title)))


def compared(title: str) -> str:
    """Return a title as it is compared: in words, without those that say nothing, and without an Act's name."""
    words = re.findall(r"[a-z0-9]+", _ACT.sub("", title.lower()))
    return " ".join(word for word in words if word not in _LITTLE)
