"""`calendar.yaml`: the days on which England and Wales differ from the published bank holidays."""

from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from config import strict_yaml


class CalendarOverrides(BaseModel):
    """One-off holidays, and bank holidays that are worked after all."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    holidays: tuple[date, ...] = ()
    working_days: tuple[date, ...] = ()


def load_overrides(path: Path) -> CalendarOverrides:
    """Read the file; `config.strict_yaml.Faults` carries every fault with its path."""
    return strict_yaml.load(path, CalendarOverrides)
