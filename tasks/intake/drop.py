"""The drop folder, where sources put their extracts."""

from datetime import datetime
from typing import NamedTuple

from config.settings import settings
from models.errors import Refuse
from tasks.intake.folders import dropped
from tasks.intake.load import load_folders
from tasks.intake.results import Fate


class Dropped(NamedTuple):
    """What became of what lay in the drop folder, in counts."""

    loaded: int
    already: int
    refused: int
    rejected: int  # rows

    @property
    def degraded(self) -> bool:
        """Whether anything was refused or rejected."""
        return bool(self.refused or self.rejected)

    @property
    def words(self) -> str:
        """The counts, for people."""
        return (
            f"extracts loaded {self.loaded}, loaded before {self.already}, refused {self.refused}; "
            f"rows rejected {self.rejected}"
        )


def take_in_dropped(as_of: datetime) -> Dropped:
    """Load every whole extract of the drop folder; without one set, there is nothing to do.

    Raises Refuse where it is set and is not there: a share that is not mounted must not look like a quiet night.
    """
    drop = settings().drop
    if drop is not None and not drop.is_dir():
        raise Refuse(f"The drop folder {drop} is not there: is its share mounted, and is CASEBEAT_DROP right?")
    made = load_folders(dropped(drop), as_of) if drop else []
    fates = [result.fate for result in made]
    return Dropped(
        fates.count(Fate.LOADED),
        fates.count(Fate.ALREADY),
        fates.count(Fate.REFUSED),
        sum(result.rejected for result in made),
    )
