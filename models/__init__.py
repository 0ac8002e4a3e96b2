"""The tables. Importing this package registers every one of them."""

from models import (  # noqa: F401  as the sentence above says
    acts,
    audit,
    cases,
    intake,
    noticed,
    obligations,
    outbox,
    pattern,
    people,
    replies,
    report,
    retention,
    rounds,
    sittings,
    slack,
    suspects,
)
from models.base import Base

__all__ = ["Base"]
