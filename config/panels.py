"""`panels.yaml`: when each force and CPS Area review their stalking cases together, and how many at a time."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from config import strict_yaml
from config.days.civil_days import Day, LondonTime
from config.days.duration import Duration, DurationText, Unit
from config.days.recurrence import FORM, Recurrence, Timetable
from config.forces import AREA_BY_SPELLING, AREAS, ForceCode, spelling
from config.numbers import Whole
from config.plain_yaml import shown
from config.sittings import NonWorkingDay
from config.strict_yaml import Strict
from config.terms import Agency

SHIPPED = Path(__file__).parent / "panels.yaml"
HORIZON = Duration(42, Unit.DAYS)  # how far ahead a panel plans unless it sets its own
LONGEST_SITTING = 12 * 60  # minutes
_SOON = timedelta(days=5 * 366)  # by then a panel has a sitting, or its rule names no day
ContactRef = Annotated[str, Field(pattern=r"^[!-:<-\[\]-~]{1,64}$")]


class NamedSpocs(Strict):
    """The SPOC of each agency who leads on a pair's cases, unless a case's own row names another."""

    police: ContactRef | None = None
    cps: ContactRef | None = None


class Panel(Strict):
    """The standing arrangement between a force and a CPS Area: an RFC 5545 RRULE and a Europe/London time."""

    force_code: ForceCode
    cps_area: str
    from_: Day = Field(alias="from")
    rrule: Annotated[str, Field(max_length=200)]
    starts: LondonTime
    cases: Whole = Field(gt=0, le=100)
    minutes_per_case: Whole = Field(gt=0, le=240)
    chair: ContactRef
    spocs: NamedSpocs | None = None
    place: str = Field(min_length=1, max_length=200)
    non_working_day: NonWorkingDay = NonWorkingDay.NEXT
    horizon: DurationText = HORIZON

    @field_validator("cps_area")
    @classmethod
    def _known(cls, value: str) -> str:
        found = AREA_BY_SPELLING.get(spelling(value))
        if found is None:
            raise ValueError(f'"{shown(value)}" is not a CPS Area. Write one of {", ".join(AREAS)}')
        return found

    @field_validator("place")
    @classmethod
    def _on_one_line(cls, value: str) -> str:
        if not value.isprintable() or not value.strip():
            raise ValueError("is a room or a link on one line, of characters that can be shown")
        return value

    @field_validator("rrule")
    @classmethod
    def _of_days(cls, value: str) -> str:
        try:
            Recurrence.parse(value)
        except ValueError as error:
            raise ValueError(f'"{shown(value)}" {error}. Write {FORM}') from None
        return value

    @field_validator("horizon")
    @classmethod
    def _ahead(cls, value: Duration) -> Duration:
        if value.unit is not Unit.DAYS or not 7 <= value.number <= 182:
            raise ValueError("is plain days, from 7d to 182d")
        return value

    @model_validator(mode="after")
    def _has_a_sitting(self) -> Self:
        if next(self.days(self.from_ + _SOON), None) is None:
            raise ValueError(f'rrule: "{shown(self.rrule)}" has no sitting within five years of {self.from_}')
        return self

    @model_validator(mode="after")
    def _fits_into_a_day(self) -> Self:
        minutes = self.cases * self.minutes_per_case
        if minutes > LONGEST_SITTING:
            hours = f"{minutes / 60:.0f} hours; write at most {LONGEST_SITTING // 60}"
            raise ValueError(f"cases: {self.cases} of {self.minutes_per_case} minutes make a sitting of {hours}")
        return self

    @cached_property
    def _rule(self) -> Recurrence:
        return Recurrence.parse(self.rrule)

    @property
    def timetable(self) -> Timetable:
        """Return its rule and what it runs from: what its sittings have in common while they stay one series."""
        return Timetable.of(self.from_, self.starts, self.rrule)

    def days(self, last: date) -> Iterator[date]:
        """Yield the days of its rule in order, up to `last`."""
        return self._rule.days(self.from_, last)


class Panels(Strict):
    """The whole file."""

    panels: tuple[Panel, ...]  # required, so that a file emptied by mistake cancels no sitting

    @model_validator(mode="after")
    def _no_two_alike(self) -> Self:
        seen = [(panel.force_code, panel.cps_area, panel.from_, panel.rrule, panel.starts) for panel in self.panels]
        if len(set(seen)) < len(seen):
            raise ValueError("two panels of one force and Area sit by the same rule at the same time from the same day")
        return self

    @model_validator(mode="after")
    def _one_leads(self) -> Self:
        named: dict[tuple[str, str], NamedSpocs] = {}
        for panel in self.panels:
            if panel.spocs and named.setdefault((panel.force_code, panel.cps_area), panel.spocs) != panel.spocs:
                raise ValueError(
                    f"spocs: the panels of {panel.force_code} and {panel.cps_area} name different SPOCs. Name the same "
                    "in each, or in one of them alone"
                )
        return self

    @cached_property
    def spocs(self) -> dict[tuple[str, str, Agency], str]:
        """The SPOC of each force, CPS Area and agency whom a panel names."""
        return {
            (panel.force_code, panel.cps_area, agency): ref
            for panel in self.panels
            if panel.spocs
            for agency, ref in ((Agency.POLICE, panel.spocs.police), (Agency.CPS, panel.spocs.cps))
            if ref
        }

    def of(self, force_code: str) -> tuple[Panel, ...]:
        """List a force's panels: one or more for each CPS Area."""
        return tuple(panel for panel in self.panels if panel.force_code == force_code)


def load_panels(path: Path = SHIPPED) -> Panels:
    """Read the file. Raises `config.strict_yaml.Faults` with every fault and its path."""
    return strict_yaml.load(path, Panels)
