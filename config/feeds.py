"""The part of the policy on feeds: which sources are expected, how often each sends what, and when it is stale."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from config.days.duration import Duration, DurationText, Unit, duration
from config.forces import AREA_BY_SPELLING, AREAS, FORCES, spelling
from config.numbers import Whole
from config.plain_yaml import shown
from config.strict_yaml import Strict
from config.unseen import SourceName

EVERY = duration("1wd")  # of a source that the policy does not name
ExtractFile = Annotated[str, Field(pattern=r"^[a-z_]{1,40}\.csv$")]


def _a_place(value: str) -> str:
    """Return a force's code, or a CPS Area by its own name."""
    place = value if value in FORCES else AREA_BY_SPELLING.get(spelling(value))
    if place is None:
        areas = ", ".join(AREAS)
        raise ValueError(f'"{shown(value)}" is no force\'s code and no CPS Area. Write "45", or one of {areas}')
    return place


_Place = Annotated[str, AfterValidator(_a_place)]


class FeedSource(Strict):
    """How often one source sends an extract (`0d` and `0wd`: on each day, or working day, before its round), and what.

    Without `files`, every file that it ever sent is due in each snapshot. Those that are named are due in each extract,
    and no others.
    """

    every: DurationText = EVERY
    files: tuple[ExtractFile, ...] | None = Field(default=None, min_length=1)

    @field_validator("every")
    @classmethod
    def _ahead(cls, value: Duration) -> Duration:
        if value.number < 0 or (value.number == 0 and value.unit is Unit.MONTHS):
            raise ValueError(f"{value} is no interval. Write {EVERY}.")
        return value

    @model_validator(mode="after")
    def _says_something(self) -> "FeedSource":
        if not self.model_fields_set:
            raise ValueError(f"says nothing. Write every, as {EVERY}, or files")
        return self


class FeedPolicy(BaseModel):
    """The age in hours at which a source that has sent before is stale, and what is known of sources by name.

    `expected` names the sources that each force (by its code) and CPS Area has, so that one that never comes is missed.
    """

    model_config = ConfigDict(frozen=True, extra="allow")
    stale_after_hours: Whole = Field(gt=0, le=24 * 366)
    expected: dict[_Place, Annotated[tuple[SourceName, ...], Field(min_length=1)]] = Field(default_factory=dict)
    __pydantic_extra__: dict[SourceName, FeedSource]

    @property
    def stale_after(self) -> Duration:
        """Return the age rounded up to whole days."""
        return duration(f"{-(-self.stale_after_hours // 24)}d")

    def every(self, source: str) -> Duration:
        """Return how often a source sends; later than that, its next extract is late.

        Of no days (`0d`, `0wd`), each day's extract is there when that day's round begins.
        """
        own = self.__pydantic_extra__.get(source)
        return own.every if own else EVERY

    def files(self, source: str) -> frozenset[str] | None:
        """Return the files that are due of a source in each extract; None where those that it ever sent are."""
        own = self.__pydantic_extra__.get(source)
        return frozenset(own.files) if own and own.files else None

    def is_due(self, source: str, file: str) -> bool:
        """Return whether a file that a source sent before, or should have, is due of it."""
        named = self.files(source)
        return named is None or file in named

    @property
    def places(self) -> Mapping[str, tuple[str, ...]]:
        """Return the expected sources, each with the forces (by code) and CPS Areas that expect it."""
        names = sorted({source for sources in self.expected.values() for source in sources})
        return {name: tuple(place for place, sources in self.expected.items() if name in sources) for name in names}
