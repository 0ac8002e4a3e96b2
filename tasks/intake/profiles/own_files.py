"""The files that a profile names: which ones are meant, when they were written, and whether the export is whole."""

import hashlib
import os
import stat
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import NamedTuple

from config.days.london import at_london, london_day
from config.plain_yaml import shown
from config.sources.day_forms import written
from config.sources.profile import Profile
from models.errors import Refuse
from tasks.intake.profiles.file_names import file_name


class SourceFile(NamedTuple):
    """A file of a source's folder, by its name there and the moment of its day, or of its last change."""

    name: str
    at: datetime


class NotWhole(Exception):  # not a fault: the export is looked at again at the next intake
    """An export that is still being written. The text is the reason."""


def own_files(folder: int, profile: Profile) -> dict[str, SourceFile]:
    """Return the file that each name of the profile means. Raises Refuse if there is none, or several."""
    entries = {name: os.stat(name, dir_fd=folder, follow_symlinks=False) for name in sorted(os.listdir(folder))}
    plain = {name: each for name, each in entries.items() if stat.S_ISREG(each.st_mode) and not name.startswith(".")}
    found = {file.read: _meant(file.read, plain) for file in profile.files}
    days = {london_day(found[file.read].at) for file in profile.files if "{" in file.read}
    if len(days) > 1:
        named = ", ".join(sorted(found[file.read].name for file in profile.files if "{" in file.read))
        raise Refuse(f"Its files are of different days ({named}): the export is not whole, or left some of them out.")
    return found


def _meant(read: str, plain: dict[str, os.stat_result]) -> SourceFile:
    wanted = file_name(read)
    matching = {name: day for name in plain if (day := wanted.read(name)) is not None}
    if not matching:
        raise Refuse(f'There is no file "{shown(read)}" in it, which its profile names.')
    if not wanted.dated:
        if len(matching) > 1:
            raise Refuse(
                f'"{shown(read)}" is the name of {len(matching)} of its files: take away all but one, or write a day '
                "into the profile's name, as {YYYYMMDD}."
            )
        (name,) = matching
        return SourceFile(name, _changed(plain[name]))
    return max((_of_day(name, day, plain[name]) for name, day in matching.items()), key=lambda one: one.at)


def _of_day(name: str, day: Mapping[str, str], status: os.stat_result) -> SourceFile:
    """Return a file with the moment of its last change where that is on the day in its name, else that day's begin."""
    try:
        begin, _ = written(day)
    except ValueError:
        raise Refuse(f'The name "{shown(name)}" has a day that is none of the calendar.') from None
    changed = _changed(status)
    return SourceFile(name, changed if london_day(changed) == begin else at_london(begin, time()))


def _changed(status: os.stat_result) -> datetime:
    return datetime.fromtimestamp(int(status.st_mtime), UTC)


def check_whole(folder: Path, profile: Profile, files: Sequence[SourceFile], as_of: datetime) -> None:
    """Raise NotWhole while the export is still being written."""
    newest = max(max(status.st_mtime, status.st_ctime) for file in files for status in [(folder / file.name).stat()])
    if profile.complete_when is None:
        if as_of.timestamp() < newest + profile.unchanged_for.total_seconds():
            minutes = int(profile.unchanged_for.total_seconds() // 60)
            raise NotWhole(f"its files were written less than {minutes} minutes ago: it may still be being copied.")
        return
    wanted = file_name(profile.complete_when)
    written = max((folder / file.name).stat().st_mtime for file in files)
    ends = [path.stat().st_mtime for path in folder.iterdir() if wanted.read(path.name) is not None]
    if max(ends, default=0) < written:
        raise NotWhole(f'it has no "{shown(profile.complete_when)}" that is newer than its files: it is being copied.')


def listing(files: Sequence[SourceFile]) -> bytes:
    """Return the files and their moments as bytes that differ where they do."""
    return "".join(f"\n{file.name} {file.at.isoformat()}" for file in sorted(files)).encode("utf-8", "replace")


def extract_id(source: str, profile: bytes, taken: datetime) -> str:
    """Return the id of an export: another day, another hour or another profile makes another extract."""
    return f"{source}-{taken:%Y%m%dT%H%M%S}-{hashlib.sha256(profile).hexdigest()[:8]}"
