"""Measuring of an extract's volume: what would silence duties by the hundred is held until a person decides."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from config.policy import IntakePolicy
from models.errors import Refuse
from models.queries.intake import volume as queries
from models.queries.intake.staged import Staged
from models.rules.volume import CaseVolume, changes_too_many, empties_too_many
from tasks.intake.columns import File
from tasks.intake.results import FileCount
from tasks.intake.staging import describe


class Unlike(Refuse):
    """An extract waits for a person to decide: it is unlike its source, or builds on one that is.

    Nothing of it was loaded. `files` are the counts of what it would do; none where it waits for another one.
    """

    def __init__(self, sentence: str, files: Sequence[FileCount] = ()) -> None:
        """Keep what it would do beside the sentence."""
        super().__init__(sentence)
        self.files = files


class Measure(NamedTuple):
    """The file that is measured once it is compared with its source's rows, and the limits of what is like them."""

    file: File
    header: Collection[str]  # the columns that it has
    source_id: int
    limits: IntakePolicy

    @property
    def rows(self) -> Staged:
        """Return its temporary table."""
        return describe(self.file)

    def add_to(self, connection: Connection, count: FileCount) -> None:
        """Count what it does to open cases and to filled cells, and add what is unlike its source."""
        if self.rows.of_cases:
            self._count_cases(connection, count)
        columns = self._columns()
        emptied = queries.emptied(connection, self.rows, columns)
        count.emptied = {columns[stored]: cells for stored, cells in emptied.items()}
        count.unlike.extend(self._too_empty(connection, emptied, columns))

    def _count_cases(self, connection: Connection, count: FileCount) -> None:
        whole = queries.of_open_cases(connection, self.rows, stalking=False)
        count.closed, count.reclassified, count.downgraded = whole[:3]
        if whole.changed <= self.limits.more_than_rows:
            return
        for stalking, what in ((False, "open cases"), (True, "open stalking cases")):
            volume = queries.of_open_cases(connection, self.rows, stalking=stalking)
            there = queries.open_cases(connection, self.source_id, stalking=stalking)
            if changes_too_many(volume, there, self.limits):
                count.unlike.append(f"{count.name} would {_does(volume)} of the source's {there:,} {what}")
                return

    def _columns(self) -> dict[str, str]:
        """Return the optional columns that are stored, by the name of what stores them."""
        stored = {column.kept_as: column.name for column in self.file.columns if not column.required}
        if self.rows.of_cases:
            stored["urn_key_id"] = "urn"
        return {
            kept: name
            for kept, name in stored.items()
            if kept in self.rows.facts and kept not in self.file.key and name in self.header
        }

    def _too_empty(
        self, connection: Connection, emptied: Mapping[str, int], columns: Mapping[str, str]
    ) -> Iterator[str]:
        many = {stored: cells for stored, cells in emptied.items() if cells > self.limits.more_than_rows}
        filled = queries.filled(connection, self.rows, self.source_id, many)
        for stored, cells in many.items():
            there = max(filled.get(stored, 0), cells)
            if empties_too_many(cells, there, self.limits):
                yield f"{self.file.name} would empty {columns[stored]} in {cells:,} of the {there:,} rows that have it"


def _does(volume: CaseVolume) -> str:
    """Return what is done to cases, as *close 40 and downgrade 2*."""
    parts = [
        f"{verb} {number:,}"
        for verb, number in (
            ("close", volume.closed), ("reclassify", volume.reclassified), ("downgrade", volume.downgraded)
        )
        if number
    ]  # fmt: skip
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else parts[0]


def check_like(files: Sequence[FileCount]) -> None:
    """Raise Unlike if what an extract would do to its source's facts is so unlike them that a person has to decide."""
    if unlike := [sentence for count in files for sentence in count.unlike]:
        raise Unlike("; ".join(unlike), files)
