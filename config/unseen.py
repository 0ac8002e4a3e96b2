"""The part of the policy that accepts, source by source, rules that cannot be seen."""

from typing import Annotated

from pydantic import AfterValidator, Field

from config.plain_yaml import shown
from config.rules import Rules

SourceName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]  # as in a manifest


def _known(rule: str) -> str:
    if rule not in Rules.names():
        raise ValueError(f"there is no rule {shown(rule)}")
    return rule


Unseen = dict[SourceName, tuple[Annotated[str, AfterValidator(_known)], ...]]
