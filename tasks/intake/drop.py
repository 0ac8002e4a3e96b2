"""The drop folder, into which sources put their extracts."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from models.errors import Refuse
from tasks.intake.folders import dropped
from tasks.intake.load import load_folders
from tasks.intake.results import Fate, LoadResult
from tasks.intake.trial import TrialResult, try_folders
from tasks.platform.configuration import Configuration

_NAMED = 5  # refused or held extracts in one sentence


class DropCounts(NamedTuple):
    """Counts of the drop folder's extracts by their result."""

    loaded: int
    already: int
    refused: int
    rejected: int  # rows
    refused_ids: tuple[str, ...] = ()  # each with its source
    unreadable: int = 0  # of the refused ones, those whose manifest cannot be read
    held_ids: tuple[str, ...] = ()  # of those that wait for a person's decision, each with its source

    @property
    def degraded(self) -> bool:
        """Return whether anything was refused, held or rejected."""
        return bool(self.refused or self.rejected or self.held_ids)

    @property
    def sentence(self) -> str:
        """The counts as a line of text."""
        held = f", held {len(self.held_ids)}{_listed(self.held_ids)}" if self.held_ids else ""
        return (
            f"extracts loaded {self.loaded}, loaded before {self.already}, "
            f"refused {self.refused}{_listed(self.refused_ids)}{held}; rows rejected {self.rejected}"
        )


def _listed(names: Sequence[str]) -> str:
    return f" ({'; '.join(names[:_NAMED])})" if names else ""


def _complete(configuration: Configuration, drop: Path) -> list[Path]:
    try:
        return dropped(configuration, drop)
    except OSError as error:
        raise Refuse(f"The drop folder {drop} cannot be read ({error.strerror}).") from None


def _there(configuration: Configuration) -> list[Path]:
    """List the complete extracts of the drop folder; none if no drop folder is set.

    Raises Refuse if the folder is set but missing: an unmounted share must not look like a night without extracts.
    """
    drop = configuration.settings.drop
    if drop is not None and not drop.is_dir():
        raise Refuse(f"The drop folder {drop} is not there: is its share mounted, and is CASEBEAT_DROP right?")
    return _complete(configuration, drop) if drop else []


def try_dropped(configuration: Configuration, as_of: datetime) -> list[TrialResult]:
    """Load on trial what lies in the drop folder, without extracts that were loaded. Raises Refuse if it is missing.

    A source's own export is tried though it was loaded: it is the last that its source sent.
    """
    tried = try_folders(configuration, _there(configuration), as_of, again=False)
    return [trial for trial in tried if trial.made.fate is not Fate.ALREADY or trial.made.files]


def load_dropped(configuration: Configuration, as_of: datetime) -> DropCounts:
    """Load every complete extract in the drop folder; do nothing if no drop folder is set.

    Raises Refuse if the folder is set but missing.
    """
    results = load_folders(configuration, _there(configuration), as_of)
    fates = [result.fate for result in results]
    refused = [result for result in results if result.fate is Fate.REFUSED]
    return DropCounts(
        fates.count(Fate.LOADED),
        fates.count(Fate.ALREADY),
        len(refused),
        sum(result.rejected for result in results),
        tuple(map(_name, refused)),
        sum(not result.source for result in refused),
        tuple(_name(result) for result in results if result.fate is Fate.HELD),
    )


def _name(refused: LoadResult) -> str:
    if not refused.source:
        return "one without a readable manifest"
    return f"{refused.extract_id or 'the export'} of {refused.source}"
