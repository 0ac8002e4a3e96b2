"""The machine: its data directory, the room on its disks, and its data of time zones."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from config.days.london import LONDON
from tasks.platform.configuration import Configuration
from tasks.rounds.doctor.check import Verdict, fail, inspection, warn

LITTLE = 2 << 30  # bytes; an extract of a large force, its staging and its log need half of it
LEAST = 256 << 20  # bytes
_FULL = 0.05  # of a disk
WINTER, SUMMER = datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2026, 7, 15, 12, tzinfo=UTC)


@inspection("data-directory", "The data directory can be written, and belongs to the user who runs this.")
def _data_directory(configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    home = configuration.settings.home
    place = _there(home)
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK, effective_ids=True):
        yield fail(
            f"{place} cannot be written in by the user who runs this, uid {os.geteuid()}: give the folder to that "
            "user, or set CASEBEAT_HOME to one of theirs."
        )
    elif place == home and home.stat().st_uid != os.geteuid():
        yield warn(
            f"{home} belongs to uid {home.stat().st_uid}, and this runs as uid {os.geteuid()}: run Casebeat as one "
            "user, or its files soon belong to two."
        )


@inspection("disk", "The disks have room.")
def _room(configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    for name, folder in (("data directory", configuration.settings.home), ("drop folder", configuration.settings.drop)):
        if folder is None:
            continue
        yield from room_of(name, _there(folder))


def _there(folder: Path) -> Path:
    """Return a folder, or the nearest above it that is there and may be reached."""
    return next(path for path in (folder, *folder.parents) if os.access(path, os.F_OK, effective_ids=True))


def room_of(name: str, place: Path) -> Iterator[Verdict]:
    """Judge the room that is left on the disk of a place."""
    disk = shutil.disk_usage(place)
    mark = fail if disk.free < LEAST else warn
    if disk.free < LITTLE or disk.free < disk.total * _FULL:
        yield mark(
            f"The disk of the {name} {place} has {disk.free >> 20:,} MB left, of {disk.total >> 20:,} MB: make room "
            "before the database stops, or move it to a larger disk."
        )


@inspection("time-zone", "The machine's data of time zones knows London's time.")
def _time_zone(_configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    hours = [moment.astimezone(LONDON).strftime("%H") for moment in (WINTER, SUMMER)]
    if hours != ["12", "13"]:
        yield fail(
            "This machine's data of time zones has no summer time for Europe/London: hours and days are wrong. Install "
            "the package tzdata, and see where PYTHONTZPATH leads."
        )


CHECKS = (_data_directory, _room, _time_zone)
