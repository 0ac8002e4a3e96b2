"""The columns of an extract's files beside those that its source sent before: one that is not there says nothing."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, Self

from sqlalchemy import Connection

from models.errors import Refuse
from models.intake import ColumnState
from models.queries.intake import merging, source_columns
from models.queries.intake.source_columns import KnownColumn
from models.rules.obligations.rulebook import LOOKED_AT
from tasks.intake.columns import File
from tasks.intake.files import FILES
from tasks.intake.manifest import Manifest, Mode

_DERIVED = {("cases.csv", "classification"), ("cases.csv", "cps_area"), ("incidents.csv", "reported_on")}
_STORED_AS = {"urn": ("urn_suffix", "urn_key_id")}  # of a case; in other files the URN names the case


class SentColumns(NamedTuple):
    """The columns that the files of an extract have, and what was known of its source's columns before it."""

    manifest: Manifest
    headers: Mapping[str, frozenset[str]]  # by file
    before: Mapping[tuple[str, str], ColumnState]  # by file and column
    out: frozenset[str] = frozenset()  # the files that it leaves out for long

    @classmethod
    def read(
        cls,
        connection: Connection,
        manifest: Manifest,
        source_id: int,
        headers: Mapping[str, list[str]],
        out: frozenset[str] = frozenset(),
    ) -> Self:
        """Hold the headers of an extract's files, and the files that it leaves out for long, against what is known."""
        known = {(column.file, column.name): column.state for column in source_columns.known(connection, source_id)}
        names = {name: FILES[name].names.intersection(had) for name, had in headers.items()}
        return cls(manifest, names, known, out)

    def had_before(self, file: str, name: str) -> bool:
        """Return whether the source sent the column before this extract."""
        return self.before.get((file, name), ColumnState.LACKING) is not ColumnState.LACKING

    def sent_before(self, file: File) -> frozenset[str]:
        """Return the columns of a file that the source sent before this extract."""
        return frozenset(name for name in file.names if self.had_before(file.name, name))

    def check_none_is_lost(self) -> None:
        """Raise Refuse if a snapshot has no column that the source sent before: all that it told would be unknown."""
        lost = [
            f"{file} has no column {', '.join(names)}"
            for file, had in sorted(self.headers.items())
            if (names := [name for name in sorted(FILES[file].names - had) if self._was_sent(file, name)])
        ]
        if lost and self.manifest.mode is Mode.SNAPSHOT:
            raise Refuse(
                f"{'; '.join(lost)}, which source {self.manifest.source} sent before; "
                "--allow-fewer-columns loads it all the same, and what these columns told is then unknown."
            )

    def unsaid(self, file: File) -> frozenset[str]:
        """Return the stored columns that keep their values, since the file says nothing of them.

        In a delta these are all that the source sends and the file does not have. What follows from other cells where
        a source never sends it follows from them again.
        """
        absent = file.names - self.headers[file.name]
        if self.manifest.mode is Mode.SNAPSHOT:
            names = absent & file.lasting
        else:
            names = frozenset(n for n in absent if (file.name, n) not in _DERIVED or self.had_before(file.name, n))
        stored = {column.name: column.kept_as for column in file.columns if column.kept_as}
        own = {name: stored[name] for name in names if name in stored}
        return frozenset(kept for name, one in own.items() for kept in _STORED_AS.get(name, (one,)))

    def record(self, connection: Connection, source_id: int, covered_before: tuple[str, ...]) -> None:
        """Store the source's columns. Where a rule sees more or less than before, its forces' cases have changed."""
        changed = list(self._changed())
        source_columns.record(connection, source_id, changed, self.manifest.day)
        forces = set(covered_before) ^ set(self.manifest.covers)
        if any(self._is_looked_at(column) for column in changed):
            forces |= set(self.manifest.covers)
        if forces:
            merging.touch_forces(connection, sorted(forces))

    def _was_sent(self, file: str, name: str) -> bool:
        return self.before.get((file, name)) in {ColumnState.SENT, ColumnState.LEFT_OUT}

    def _is_looked_at(self, column: KnownColumn) -> bool:
        before = self.before.get((column.file, column.name), ColumnState.LACKING)
        return (column.file, column.name) in LOOKED_AT and column.state.seen is not before.seen

    def _changed(self) -> Iterator[KnownColumn]:
        """Yield the columns whose state is another, those of files that were never sent included."""
        for file in FILES.values():
            if file.only_from in {None, self.manifest.agency}:
                for name in sorted(file.names):
                    state = self._state(file.name, name)
                    if state is not self.before.get((file.name, name)):
                        yield KnownColumn(file.name, name, state)

    def _state(self, file: str, name: str) -> ColumnState:
        had = self.headers.get(file)
        if had is not None and name in had:
            return ColumnState.SENT
        if had is not None and self.manifest.mode is Mode.SNAPSHOT:
            return ColumnState.LACKING
        before = self.before.get((file, name), ColumnState.LACKING)
        return ColumnState.LEFT_OUT if before.seen and file in self.out else before
