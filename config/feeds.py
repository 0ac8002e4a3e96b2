"""The part of the policy on feeds: how often each source sends, and after which silence it is stale."""

from pydantic import BaseModel, ConfigDict, Field, field_validator

from config.days.duration import Duration, DurationText, duration
from config.numbers import Whole
from config.strict_yaml import Strict
from config.unseen import SourceName

EVERY = duration("1wd")  # of a source that the policy does not name


class FeedSource(Strict):
    """How often one source sends an extract."""

    every: DurationText

    @field_validator("every")
    @classmethod
    def _ahead(cls, value: Duration) -> Duration:
        if value.number <= 0:
            raise ValueError(f"{value} is no interval. Write {EVERY}.")
        return value


class FeedPolicy(BaseModel):
    """The age in hours at which a source that has sent before is stale, and each source that is not daily, by name."""

    model_config = ConfigDict(frozen=True, extra="allow")
    stale_after_hours: Whole = Field(gt=0, le=24 * 366)
    __pydantic_extra__: dict[SourceName, FeedSource]

    @property
    def stale_after(self) -> Duration:
        """Return the age rounded up to whole days."""
        return duration(f"{-(-self.stale_after_hours // 24)}d")

    def every(self, source: str) -> Duration:
        """Return how often a source sends; later than that, its next extract is late."""
        own = self.__pydantic_extra__.get(source)
        return own.every if own else EVERY
