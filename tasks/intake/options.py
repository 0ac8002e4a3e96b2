"""The parameters of one intake: its limits, what it is allowed, and what a person takes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from config.policy import IntakePolicy
from models.errors import Refuse
from tasks.intake.results import Progress


class Allowed(NamedTuple):
    """The faults that a person allows: an older extract, many withdrawn rows, fewer columns."""

    older: bool = False
    shrink: bool = False
    fewer_columns: bool = False


class Taken(NamedTuple):
    """The content of a held extract that a person takes, and what records it with the id of the loaded extract."""

    content: str
    record: Callable[[Connection, int], None]


NOTHING_ALLOWED = Allowed()
NOTHING_TAKEN = Taken("", lambda _connection, _extract: None)


class Options(NamedTuple):
    """Parameters of one intake run."""

    as_of: datetime
    rejected: Path | None  # the folder for rejected rows; None: they are not written
    domains: tuple[str, ...]
    limits: IntakePolicy
    progress: Progress
    allowed: Allowed = NOTHING_ALLOWED
    taken: Taken = NOTHING_TAKEN
    refusals: list[Refuse] | None = None  # of a trial: why it would not be loaded; None: an intake ends at the first

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Keep a refusal of what is on trial and go on behind it; an intake ends with it."""
        try:
            yield
        except Refuse as refusal:
            if self.refusals is None:
                raise
            self.refusals.append(refusal)
