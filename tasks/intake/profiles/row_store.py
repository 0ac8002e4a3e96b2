"""Rows on disk, so that memory stays flat: put in the order of their keys, and found by them.

They lie in a file without a name, which SQLite makes and which ends with the process.
"""

import errno
import os
import sqlite3
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from tasks.intake.records import BATCH

_CACHE = 16 << 10  # KiB of memory, whatever is stored
LARGEST = 64 << 30  # bytes of the file
_PAGE = 4_096

SortedRow = tuple[Any, ...]  # its key, what orders the rows of one key, its line, and its cells


class RowStore:
    """A file of rows. Whoever uses it gives and takes rows one by one."""

    def __init__(self) -> None:
        with _faults():
            self._file = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            weakref.finalize(self, self._file.close)
            for setting in ("journal_mode = off", f"cache_size = -{_CACHE}", f"max_page_count = {LARGEST // _PAGE}"):
                self._file.execute(f"pragma {setting}")
            self._file.execute("begin")
        self._tables = 0

    def in_order(self, rows: Iterable[SortedRow], cells: int) -> Iterator[SortedRow]:
        """Yield the rows by key, by their order within it, and by line. Every row has as many cells."""
        table = self._table("key text, at text, line integer", cells, "")
        self._write(table, rows, cells + 3)
        with _faults():
            yield from self._file.execute(f"select * from {table} order by key, at, line")  # noqa: S608  it is numbered
            self._file.execute(f"delete from {table}")  # noqa: S608  it is numbered

    def keyed(self, rows: Iterable[Sequence[Any]], cells: int) -> "KeyedRows":
        """Store rows by their first cell, their key, which no two share."""
        table = self._table("key text primary key", cells, "without rowid")
        self._write(table, rows, cells + 1)
        return KeyedRows(self._file, table)

    def _table(self, first: str, cells: int, kind: str) -> str:
        self._tables += 1
        named = "".join(f", c{number}" for number in range(cells))
        with _faults():
            self._file.execute(f"create table t{self._tables} ({first}{named}) {kind}")
        return f"t{self._tables}"

    def _write(self, table: str, rows: Iterable[Sequence[Any]], width: int) -> None:
        values = ", ".join("?" * width)
        with _faults():
            self._file.executemany(f"insert into {table} values ({values})", rows)  # noqa: S608  it is numbered


class KeyedRows:
    """Rows that are found by their keys."""

    def __init__(self, file: sqlite3.Connection, table: str) -> None:
        self._file = file
        self._asked = f"select * from {table} where key in ({', '.join('?' * BATCH)})"  # noqa: S608  it is numbered

    def find(self, keys: Iterable[str]) -> dict[str, Sequence[Any]]:
        """Return what there is of these keys, each with the cells after it."""
        wanted, found = [*keys], dict[str, Sequence[Any]]()
        with _faults():
            for at in range(0, len(wanted), BATCH):
                some = wanted[at : at + BATCH]
                rows = self._file.execute(self._asked, [*some, *[None] * (BATCH - len(some))])
                found |= {key: cells for key, *cells in rows}
        return found


@contextmanager
def _faults() -> Iterator[None]:
    """Raise a fault of the disk as one of the machine, which meets every export alike."""
    try:
        yield
    except sqlite3.Error as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from None
        raise
