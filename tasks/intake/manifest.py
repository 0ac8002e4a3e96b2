"""The manifest of an extract, read with all its faults gathered into one sentence."""

import json
import os
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from config.days.london import london_day
from config.forces import FORCES
from config.terms import Agency
from models.errors import Refuse
from models.intake import OWN
from models.rules.calendar import FIRST, LAST
from tasks.intake.files import FILES
from tasks.intake.reading import opened

NAME = "manifest.json"
LARGEST = 1 << 20
MOST_ROWS = 1_000_000_000  # of one file
MOST_FILES = 100  # each is open while the extract is loaded
_WEST, _EAST = timedelta(hours=-12), timedelta(hours=14)  # the farthest clocks of the world
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}", re.ASCII)


class Mode(StrEnum):
    """Whether an extract holds everything in its source or only the changes."""

    SNAPSHOT = "snapshot"
    DELTA = "delta"


class Manifest(NamedTuple):
    """An extract's description of itself."""

    extract_id: str
    source: str
    agency: Agency
    mode: Mode
    extracted_at: datetime  # UTC
    covers: tuple[str, ...]
    files: dict[str, int]  # number of data rows of each file
    by_day: bool = False  # whether of extracted_at the day alone is known, as of an export that was corrected later

    @property
    def day(self) -> date:
        """The London day of extracted_at; later days are in the future."""
        return london_day(self.extracted_at)


def raw(folder: int) -> bytes:
    """Read the manifest's bytes. Raises Refuse if it cannot be opened."""
    with opened(folder, NAME, LARGEST) as handle:
        return os.pread(handle, LARGEST + 1, 0)


def parse(content: bytes) -> Manifest:
    """Parse the manifest. Raises Refuse with one sentence that lists every fault."""
    try:
        values = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_without_duplicates)
    except (ValueError, RecursionError) as error:
        why = str(error) if isinstance(error, _DuplicateKeyError) else "it is not JSON text"
        raise Refuse(f"{NAME} cannot be read: {why}.") from None
    if not isinstance(values, dict):
        raise Refuse(f"{NAME} cannot be read: it is not one JSON object.")
    faults = [fault for key, check in _CHECKS.items() if (fault := _fault(values, key, check))]
    if values.get("files") == {} and values.get("mode") == Mode.SNAPSHOT:  # a delta may be empty
        faults.append("files names none, and a snapshot without files says nothing")
    if faults:
        raise Refuse(f"{NAME} cannot be used: {'; '.join(faults)}.")
    return Manifest(
        values["extract_id"],
        values["source"],
        Agency(values["agency"]),
        Mode(values["mode"]),
        datetime.fromisoformat(values["extracted_at"]).astimezone(UTC),
        tuple(sorted(set(values["covers"]))),
        dict(values["files"]),
    )


class _DuplicateKeyError(ValueError):
    """A JSON object has the same key twice."""


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _DuplicateKeyError("a key is written twice")
    return found


def _fault(values: dict[str, Any], key: str, check: Callable[[Any], str | None]) -> str | None:
    if key not in values:
        return f"{key} is missing"
    fault = check(values[key])
    return f"{key} {fault}" if fault else None


def _an_id(value: Any) -> str | None:
    if isinstance(value, str) and _ID.fullmatch(value):
        return None
    return "is not 1 to 100 letters, digits, dots, dashes or underscores, beginning with a letter or digit"


def _source(value: Any) -> str | None:
    if isinstance(value, str) and value.lower() == OWN:
        return f"is {OWN}, which is what people record in Casebeat itself; give the sending system a name of its own"
    return _an_id(value)


def _agency(value: Any) -> str | None:
    return None if value in list(Agency) else "is not police or cps"


def _mode(value: Any) -> str | None:
    return None if value in list(Mode) else "is not snapshot or delta"


def _moment(value: Any) -> str | None:
    try:
        moment = datetime.fromisoformat(value)
        offset = moment.utcoffset()
        if offset is None:
            return "does not say its zone; write it like 2026-11-25T05:10:00+00:00"
        if not _WEST <= offset <= _EAST:
            return "has an offset that no clock has: from -12:00 to +14:00"
        day = london_day(moment)
    except (TypeError, ValueError, OverflowError):
        return "is not a moment like 2026-11-25T05:10:00+00:00"
    return None if FIRST <= day <= LAST else f"is outside the years {FIRST.year} to {LAST.year}"


def _covers(value: Any) -> str | None:
    if not isinstance(value, list) or not value:
        return "is not a list of force codes"
    return None if all(isinstance(code, str) and code in FORCES for code in value) else "names what is no force's code"


def _files(value: Any) -> str | None:
    if not isinstance(value, dict):
        return "does not give the data rows of each file"
    if len(value) > MOST_FILES:
        return f"names more than {MOST_FILES} files"
    if not all(_FILE.fullmatch(name) for name in value):
        return "names a file outside the folder, or one whose name has strange characters"
    if not all(isinstance(count, int) and not isinstance(count, bool) and count >= 0 for count in value.values()):
        return "gives a number of rows that is not a whole number"
    return None if max(value.values(), default=0) <= MOST_ROWS else f"gives more than {MOST_ROWS:,} rows"


_CHECKS: dict[str, Callable[[Any], str | None]] = {
    "extract_id": _an_id,
    "source": _source,
    "agency": _agency,
    "mode": _mode,
    "extracted_at": _moment,
    "covers": _covers,
    "files": _files,
}


def unknown_files(manifest: Manifest) -> list[str]:
    """List the manifest's files that Casebeat does not read."""
    return sorted(set(manifest.files) - set(FILES))
