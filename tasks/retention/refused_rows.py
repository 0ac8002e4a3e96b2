"""Refused rows, which are as their source sent them: they go by their day, and those of an erased case at once."""

import csv
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from config.days.london import london_day
from config.retention import Held
from models.errors import Refuse
from models.queries.intake import erased_cases, extracts
from models.queries.intake.erased_cases import Digest
from tasks.intake.forms import Unfit
from tasks.intake.urns import urn_parts
from tasks.platform.configuration import Configuration
from tasks.platform.erased_digest import erased_digest
from tasks.platform.home import privately
from tasks.retention import erased_names
from tasks.retention.account import HeldCount
from tasks.retention.erased_names import ErasedNames
from tasks.servers.database import transaction

_LONGEST_URN = 60  # characters, with its spaces and suffix


class ErasedCases(NamedTuple):
    """The erased cases: names of those erased since the place was cleared, and digests of all."""

    names: ErasedNames
    digests: frozenset[bytes]
    digest: Digest

    def have(self, header: Sequence[str], row: Sequence[str]) -> bool:
        """Return whether a row names an erased case, by its reference, its URN or an action of it."""
        if self.digests and any(self.digest(name) in self.digests for name in _names(header, row)):
            return True
        return self.names.any and self.names.within("\n".join(row))


def old_rows(configuration: Configuration, until: date, at: datetime, *, erase: bool) -> HeldCount:
    """Count the extracts with refused rows that were written up to a day, or are an erased case's; delete these rows.

    Without `erase` nothing is deleted. No extract is loaded meanwhile. Raises Refuse where a file cannot be written or
    deleted.
    """
    home = configuration.settings.home / "rejected"
    left, count = erased_names.uncleared(Held.REJECTED), 0
    with transaction() as connection:
        extracts.take_turn(connection, 0)
        cases = ErasedCases(left.names, erased_cases.digests(connection), erased_digest(configuration))
        try:
            for folder in _within(home):
                count += _is_old(folder, until, erase=erase) or _named(folder, cases, erase=erase)
        except OSError as error:
            raise Refuse(f"{home} cannot be emptied ({error.strerror}): delete what is old.") from None
    if erase:
        erased_names.cleared(left, at)
    return HeldCount(Held.REJECTED, until, count)


def _within(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.glob("*")) if path.is_dir() and not path.is_symlink()]


def _is_old(folder: Path, until: date, *, erase: bool) -> bool:
    """Return whether a folder, and every file in it, was written up to a day."""
    written = max(path.lstat().st_mtime for path in (folder, *folder.iterdir()))
    if london_day(datetime.fromtimestamp(written, UTC)) > until:
        return False
    if erase:
        shutil.rmtree(folder)
    return True


def _named(folder: Path, cases: ErasedCases, *, erase: bool) -> bool:
    """Return whether a file of a folder has a row of an erased case. The others are as old afterwards as they were."""
    if not cases.digests and not cases.names.any:
        return False
    found, state = False, folder.stat()
    for path in sorted(folder.glob("*.csv")):
        if path.is_file() and not path.is_symlink() and _has_any(path, cases):
            found = True
            if erase:
                _keep_others(path, cases)
    if erase and found:
        os.utime(folder, ns=(state.st_atime_ns, state.st_mtime_ns))
    return found


def _has_any(path: Path, cases: ErasedCases) -> bool:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        header = next(rows, [])
        return any(cases.have(header, row) for row in rows)


def _keep_others(path: Path, cases: ErasedCases) -> None:
    """Write a file again without the rows of erased cases."""
    state, partial = path.stat(), path.with_name(f".{path.name}.part")
    partial.unlink(missing_ok=True)
    with (
        path.open(encoding="utf-8", newline="") as file,
        open(partial, "x", encoding="utf-8", newline="", opener=privately) as out,
    ):
        rows, writer = csv.reader(file), csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        header = next(rows, [])
        writer.writerow(header)
        writer.writerows(row for row in rows if not cases.have(header, row))
    os.utime(partial, ns=(state.st_atime_ns, state.st_mtime_ns))
    partial.replace(path)


def _names(header: Sequence[str], row: Sequence[str]) -> Iterator[str]:
    """Yield what the row's case may be called in the digests."""
    columns = dict(zip(header, map(str.strip, row), strict=False))
    if columns.get("force_code") and columns.get("case_ref"):
        yield f"case {columns['force_code']}/{columns['case_ref']}"
    for cell in row:
        if cell.strip()[:2].isdigit() and len(cell) <= _LONGEST_URN:
            with suppress(Unfit):
                yield f"urn {urn_parts(cell.strip())[0]}"
