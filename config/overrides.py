"""`calendar.yaml`: days that differ from the published bank holidays of England and Wales."""

from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from config import strict_yaml


class CalendarOverrides(BaseModel):
    """One-off holidays, and bank holidays that are working days."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    holidays: tuple[date, ...] = ()
    working_days: tuple[date, ...] = ()


def load_overrides(path: Path) -> CalendarOverrides:
    """Read the file. Raises `config.strict_yaml.Faults` with every fault and its path."""
    return strict_yaml.load(path, CalendarOverrides)
