"""The drop folder, into which sources put their extracts."""

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from config.settings import settings
from models.errors import Refuse
from tasks.intake.folders import dropped
from tasks.intake.load import load_folders
from tasks.intake.results import Fate


class DropCounts(NamedTuple):
    """Counts of the drop folder's extracts by their result."""

    loaded: int
    already: int
    refused: int
    rejected: int  # rows

    @property
    def degraded(self) -> bool:
        """Whether anything was refused or rejected."""
        return bool(self.refused or self.rejected)

    @property
    def sentence(self) -> str:
        """The counts as a line of text."""
        return (
            f"extracts loaded {self.loaded}, loaded before {self.already}, refused {self.refused}; "
            f"rows rejected {self.rejected}"
        )


def _complete(drop: Path) -> list[Path]:
    try:
        return dropped(drop)
    except OSError as error:
        raise Refuse(f"The drop folder {drop} cannot be read ({error.strerror}).") from None


def load_dropped(as_of: datetime) -> DropCounts:
    """Load every complete extract in the drop folder; do nothing if no drop folder is set.

    Raises Refuse if the folder is set but missing: an unmounted share must not look like a night without extracts.
    """
    drop = settings().drop
    if drop is not None and not drop.is_dir():
        raise Refuse(f"The drop folder {drop} is not there: is its share mounted, and is CASEBEAT_DROP right?")
    made = load_folders(_complete(drop), as_of) if drop else []
    fates = [result.fate for result in made]
    return DropCounts(
        fates.count(Fate.LOADED),
        fates.count(Fate.ALREADY),
        fates.count(Fate.REFUSED),
        sum(result.rejected for result in made),
    )
