"""`panels.yaml`: when each force and CPS Area review their stalking cases together, and how many at a time."""

import re
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Self

from dateutil.rrule import rrulestr
from pydantic import Field, field_validator, model_validator

from config import strict_yaml
from config.duration import Duration, DurationText, Unit
from config.forces import AREA_BY_SPELLING, AREAS, spelling
from config.numbers import Strict
from config.sittings import NonWorkingDay

SHIPPED = Path(__file__).parent / "panels.yaml"
HORIZON = Duration(42, Unit.DAYS)  # how far ahead a panel plans unless it sets its own
_NOT_OF_DAYS = re.compile(r"DTSTART|SECONDLY|MINUTELY|HOURLY|INTERVAL=(?!0*[1-9][0-9]*(;|$))")  # INTERVAL=0 never ends


class Panel(Strict):
    """The standing arrangement between a force and a CPS Area: an RFC 5545 RRULE and a Europe/London time."""

    force_code: Annotated[str, Field(pattern=r"^[0-9]{2}$")]
    cps_area: str
    from_: date = Field(alias="from")
    rrule: str
    starts: time
    cases: int = Field(gt=0, le=100)
    minutes_per_case: int = Field(gt=0, le=240)
    chair: str = Field(min_length=1)
    place: str = Field(min_length=1, max_length=200)
    non_working_day: NonWorkingDay = NonWorkingDay.NEXT
    horizon: DurationText = HORIZON

    @field_validator("cps_area")
    @classmethod
    def _known(cls, value: str) -> str:
        found = AREA_BY_SPELLING.get(spelling(value))
        if found is None:
            raise ValueError(f'"{value}" is not a CPS Area. Write one of {", ".join(AREAS)}')
        return found

    @field_validator("starts")
    @classmethod
    def _local(cls, value: time) -> time:
        if value.tzinfo is not None:
            raise ValueError('is a London time in quotes, without a zone, as "10:00"')
        return value

    @field_validator("rrule")
    @classmethod
    def _of_days(cls, value: str) -> str:
        if "\n" in value or _NOT_OF_DAYS.search(value.upper()):
            raise ValueError("is one rule of days, without a start, its INTERVAL 1 or more: FREQ=WEEKLY;BYDAY=TU")
        try:
            rrulestr(value, dtstart=datetime.combine(date.min, time()))
        except (ValueError, TypeError, AttributeError):
            raise ValueError(f'"{value}" is not an RFC 5545 rule. Write FREQ=WEEKLY;BYDAY=TU') from None
        return value

    @field_validator("horizon")
    @classmethod
    def _ahead(cls, value: Duration) -> Duration:
        if value.unit is not Unit.DAYS or not 7 <= value.number <= 182:
            raise ValueError("is plain days, from 7d to 182d")
        return value

    @model_validator(mode="after")
    def _has_a_sitting(self) -> Self:
        if next(iter(rrulestr(self.rrule, dtstart=datetime.combine(self.from_, self.starts))), None) is None:
            raise ValueError(f'rrule: "{self.rrule}" has no sitting')
        return self


class Panels(Strict):
    """The whole file."""

    panels: tuple[Panel, ...]  # required, so that a file emptied by mistake cancels no sitting

    @model_validator(mode="after")
    def _no_two_alike(self) -> Self:
        seen = [(one.force_code, one.cps_area, one.from_, one.rrule, one.starts) for one in self.panels]
        if len(set(seen)) < len(seen):
            raise ValueError("two panels of one force and Area sit by the same rule at the same time from the same day")
        return self

    def of(self, force_code: str) -> tuple[Panel, ...]:
        """List a force's panels: one or more for each CPS Area."""
        return tuple(one for one in self.panels if one.force_code == force_code)


def load_panels(path: Path = SHIPPED) -> Panels:
    """Read the file. Raises `config.strict_yaml.Faults` with every fault and its path."""
    return strict_yaml.load(path, Panels)
