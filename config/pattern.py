"""Policy numbers of the pattern list: which facts of a harassment case ask whether it is stalking."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from config.numbers import Whole, YesNo
from config.strict_yaml import Strict
from config.unseen import SourceName


class Sign(StrEnum):
    """A fact for which a harassment case is on the pattern list, in the order in which facts are listed."""

    INCIDENTS = "incidents"
    FORMER_PARTNER = "former_partner"
    BREACH = "breach"
    SAME_SUSPECT = "same_suspect"
    SAME_VICTIM = "same_victim"


class PatternPolicy(Strict):
    """The facts that list a case, how many cases a letter lists, and the sources whose keys can be compared."""

    incidents: Annotated[Whole, Field(ge=2, le=1_000)] | None = 2  # None: their number lists no case
    former_partner: YesNo = True
    breach: YesNo = True
    same_suspect: YesNo = True
    same_victim: YesNo = True
    longest: Annotated[Whole, Field(gt=0, le=1_000)] = 7
    # Groups of sources that make their keys with one secret. Keys of other sources are never compared.
    shared_secrets: tuple[Annotated[tuple[SourceName, ...], Field(min_length=2)], ...] = ()

    @model_validator(mode="after")
    def _one_secret_each(self) -> Self:
        named = [name for group in self.shared_secrets for name in group]
        twice = sorted({name for name in named if named.count(name) > 1})
        if twice:
            raise ValueError(f"shared_secrets names {', '.join(twice)} twice: put sources of one secret in one group")
        return self
