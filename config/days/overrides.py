"""`calendar.yaml`: days that differ from the published bank holidays of England and Wales."""

from pathlib import Path
from typing import Self

from pydantic import model_validator

from config import strict_yaml
from config.days.civil_days import Day
from config.strict_yaml import Strict


class CalendarOverrides(Strict):
    """One-off holidays, and bank holidays that are working days."""

    holidays: tuple[Day, ...] = ()
    working_days: tuple[Day, ...] = ()

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Self:
        if both := sorted(set(self.holidays) & set(self.working_days)):
            raise ValueError(f"{both[0]} is a holiday and a working day")
        return self


def load_overrides(path: Path) -> CalendarOverrides:
    """Read the file. Raises `config.strict_yaml.Faults` with every fault and its path."""
    return strict_yaml.load(path, CalendarOverrides)
