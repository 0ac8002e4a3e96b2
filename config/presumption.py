"""For what a case is presumed to be stalking while nobody has recorded why it is not."""

from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator


class Presumption(StrEnum):
    """The duties that a presumed case has."""

    SAFETY = "safety"  # those of the victim's safety
    ALL = "all"  # its reviews, its progress and its charge too
    OFF = "off"


def _off(value: object) -> object:
    """Return off for what YAML reads of a bare off: a no."""
    return Presumption.OFF if value is False else value


Presumed = Annotated[Presumption, BeforeValidator(_off)]
