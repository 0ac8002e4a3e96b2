"""The files of an extract as tables of rows, whether they were sent as they are or are made by a profile."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from models.errors import Refuse
from tasks.intake.manifest import Manifest
from tasks.intake.reading import FirstLook, marks
from tasks.intake.records import Rows

FileRow = tuple[int, Sequence[str] | str]


class DoubtfulRow(list[str]):
    """A row of which it is not sure what it says: it is rejected, and its key and its marks count all the same."""

    __slots__ = ("problem",)

    def __init__(self, cells: Iterable[str], problem: str) -> None:
        """Keep why the row is rejected."""
        super().__init__(cells)
        self.problem = problem


class WarnedRow(list[str]):
    """A row that is loaded, and what a person should know of how it was made."""

    __slots__ = ("warnings",)

    def __init__(self, cells: Iterable[str], warnings: Sequence[str]) -> None:
        """Keep the warnings."""
        super().__init__(cells)
        self.warnings = warnings


class OriginalRows(Protocol):
    """Rows under one header. `line` is unique in the table; `place` says where a person finds it."""

    @property
    def name(self) -> str:
        """The name of the file."""

    @property
    def header(self) -> list[str]:
        """The names of its columns."""

    def __iter__(self) -> Iterator[FileRow]:
        """Yield `(line, cells)`, or `(line, problem)` for a row that cannot be read."""

    def place(self, line: int) -> str:
        """Return the place of a line, as `17`."""


class FileRows(OriginalRows, Protocol):
    """Rows that are loaded."""

    def batches(self) -> Iterator[Sequence[FileRow]]:
        """Yield the same in batches that memory holds."""


class ExtractTables(Protocol):
    """All files of an extract."""

    def rows(self, name: str) -> FileRows:
        """Return the rows of a file under the extract's header."""

    def originals(self, name: str) -> Sequence[OriginalRows]:
        """Return the same rows as their source wrote them, for whoever puts them right."""

    def expected(self, name: str) -> int:
        """Return how many rows there should be, or might be, for the progress."""

    def check(self, name: str, rows: int) -> None:
        """Raise Refuse if a file was changed while it was read, or has not as many rows as it should."""

    def notes(self, name: str) -> list[str]:
        """Return what there is to know of the file as a whole."""


class SentTables:
    """The files of a folder with a manifest: they have the extract's own columns, and their rows are counted there."""

    def __init__(self, manifest: Manifest, handles: dict[str, tuple[int, FirstLook]]) -> None:
        self._manifest, self._handles = manifest, handles

    def rows(self, name: str) -> Rows:
        """Return the rows of a file."""
        handle, seen = self._handles[name]
        return Rows(handle, name, seen.encoding)

    def originals(self, name: str) -> Sequence[Rows]:
        """Return the same rows: they are as their source wrote them."""
        return (self.rows(name),)

    def expected(self, name: str) -> int:
        """Return how many rows the manifest names."""
        return self._manifest.files[name]

    def check(self, name: str, rows: int) -> None:
        """Raise Refuse if a file was changed while it was read, or has not the rows that the manifest names."""
        handle, seen = self._handles[name]
        if marks(handle) != seen.marks:
            raise Refuse(f"{name} was changed while it was being read.")
        if rows != self.expected(name):
            raise Refuse(f"{name} has {rows} rows where the manifest says {self.expected(name)}.")

    def notes(self, name: str) -> list[str]:
        """Return what there is to know of the file as a whole."""
        old = self._handles[name][1].encoding != "utf-8"
        return ["is Windows-1252 text, and was read as that; UTF-8 is better"] if old else []
