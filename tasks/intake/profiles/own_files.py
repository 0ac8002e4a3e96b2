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
    changed: datetime

    @property
    def by_day(self) -> bool:
        """Return whether its moment is known by the day in its name alone: it was last changed on another one."""
        return self.at != self.changed


def own_files(folder: int, profile: Profile) -> dict[str, SourceFile]:
    """Return the file that each name of the profile means. Raises Refuse if there is none, or several."""
    entries = {name: os.stat(name, dir_fd=folder, follow_symlinks=False) for name in sorted(os.listdir(folder))}
    plain = {name: each for name, each in entries.items() if stat.S_ISREG(each.st_mode) and not name.startswith(".")}
    found = {file.read: _meant(file.read, plain) for file in profile.files}
    dated = [found[file.read] for file in profile.files if "{" in file.read and file.every is None]
    if len({london_day(file.at) for file in dated}) > 1:
        named = ", ".join(sorted(file.name for file in dated))
        raise Refuse(
            f"Its files are of different days ({named}): the export is not whole, or left some of them out. One that "
            "comes less often says so in the profile, as every: 7d."
        )
    _check_ages(profile, found)
    return found


def newest(profile: Profile, found: Mapping[str, SourceFile]) -> SourceFile:
    """Return the newest of the files that come with each export: its moment is that of the export."""
    return max((found[file.read] for file in profile.files if file.every is None), key=lambda one: one.at)


def _check_ages(profile: Profile, found: Mapping[str, SourceFile]) -> None:
    """Raise Refuse if a file that comes less often than the others should have come again."""
    for file in profile.files:
        if file.every is not None:
            age = (london_day(newest(profile, found).at) - london_day(found[file.read].at)).days
            if age > file.every.bounds[1]:
                raise Refuse(
                    f"{found[file.read].name} is {age} days older than the others, and comes every {file.every.text} "
                    "(every in its profile): have it sent again."
                )


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
        return SourceFile(name, _changed(plain[name]), _changed(plain[name]))
    return max((_of_day(name, day, plain[name]) for name, day in matching.items()), key=lambda one: one.at)


def _of_day(name: str, day: Mapping[str, str], status: os.stat_result) -> SourceFile:
    """Return a file with the moment of its last change where that is on the day in its name, else that day's begin."""
    try:
        begin, _ = written(day)
    except ValueError:
        raise Refuse(f'The name "{shown(name)}" has a day that is none of the calendar.') from None
    changed = _changed(status)
    return SourceFile(name, changed if london_day(changed) == begin else at_london(begin, time()), changed)


def _changed(status: os.stat_result) -> datetime:
    return datetime.fromtimestamp(int(status.st_mtime), UTC)


def why_not_whole(
    folder: Path, profile: Profile, files: Sequence[SourceFile], as_of: datetime, *, now: bool = False
) -> str:
    """Return why the export may still be being written; empty if it is whole. `now` waits for no while."""
    found = [(folder / file.name).stat() for file in files]
    last_written = max(max(status.st_mtime, status.st_ctime) for status in found)
    if profile.complete_when is None:
        if not now and as_of.timestamp() < last_written + profile.unchanged_for.total_seconds():
            minutes = int(profile.unchanged_for.total_seconds() // 60)
            return (
                f"its files were written less than {minutes} minutes ago: it may still be being copied. "
                "casebeat intake --now does not wait."
            )
        return ""
    wanted = file_name(profile.complete_when)
    written = max(status.st_mtime for status in found)
    ends = [path.stat().st_mtime for path in folder.iterdir() if wanted.read(path.name) is not None]
    if max(ends, default=0) < written:
        return f'it has no "{shown(profile.complete_when)}" that is newer than its files: it is being copied.'
    return ""


def listing(files: Sequence[SourceFile]) -> bytes:
    """Return the files and their last changes as bytes that differ where they do."""
    return "".join(f"\n{file.name} {file.changed.isoformat()}" for file in sorted(files)).encode("utf-8", "replace")


def extract_id(source: str, content: bytes, taken: datetime) -> str:
    """Return the id of an export: another moment, another profile or other content makes another extract."""
    return f"{source}-{taken:%Y%m%dT%H%M%S}-{hashlib.sha256(content).hexdigest()[:8]}"
