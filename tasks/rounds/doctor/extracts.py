"""The drop folder, the extracts that arrived by it, and what their columns let see."""

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

from config.plain_yaml import shown
from config.settings import Clock
from config.sources.profile import SUFFIX
from config.strict_yaml import Faults
from models.queries.intake import sources
from models.rules.obligations.coverage import Seen
from tasks.intake.folders import left_over
from tasks.intake.profiles.checking import read_profile
from tasks.obligations import coverage
from tasks.platform.configuration import Configuration
from tasks.rounds import expected
from tasks.rounds.doctor.check import Verdict, fail, inspection, ok, some, warn
from tasks.servers.database import transaction

_ASK = {
    "refused": "Nothing of it was loaded: ask the source to put that right and send it again.",
    "held": "Ask the source whether it is meant. A SPOC or lead takes or refuses it: casebeat intake --help.",
    "late": "Ask the source why none came since, and see whether it reached the drop folder.",
    "left-out": "What it tells is of that day: ask the source for the file, or name the files that are due, "
    "feeds.SOURCE.files in the policy.",
    "never": "Have it sent, or correct feeds.expected in the policy.",
}
QUIET = timedelta(days=3)  # without anything new in the drop folder
COPIED = timedelta(hours=6)  # within which an extract is copied whole, and its manifest written


@inspection("drop-folder", "The drop folder is there, can be read, and is used.")
def _drop_folder(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    drop = configuration.settings.drop
    if drop is None:
        yield warn(
            "No drop folder is set, so that no round loads any extract: set CASEBEAT_DROP to the folder into which the "
            "sources put theirs, or load them with casebeat intake."
        )
    elif not os.access(drop, os.F_OK, effective_ids=True):
        yield fail(f"The drop folder {drop} is not there: mount its share, or correct CASEBEAT_DROP.")
    elif not drop.is_dir() or not os.access(drop, os.R_OK | os.X_OK, effective_ids=True):
        yield fail(f"The drop folder {drop} cannot be read by uid {os.geteuid()}: give that user the right to read it.")
    else:
        newest = max((entry.stat().st_mtime for entry in os.scandir(drop)), default=None)
        if newest is None:
            yield warn(f"The drop folder {drop} is empty: see whether the sources write to this folder.")
        elif at.timestamp() - newest > QUIET.total_seconds():
            yield warn(
                f"Nothing new is in the drop folder {drop} since {QUIET.days} days: see whether the sources still "
                "write to this folder."
            )


@inspection("left-over", "Whatever lies in the drop folder is an extract.", "drop-folder")
def _left_over(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    """Name what has lain in the drop folder for long without a manifest: no intake ever looks into it."""
    drop = configuration.settings.drop
    old = [path for path in left_over(configuration, drop) if _lies_long(path, at)] if drop else []
    folders = [shown(path.name) for path in old if path.is_dir()]
    if folders:
        yield warn(
            f"The drop folder has files that never became an extract, since there is no manifest.json beside them for "
            f"{COPIED.total_seconds() / 3600:.0f} hours: {some(folders)}. Ask the source why it is not written, give "
            "it a profile, or remove them."
        )
    if loose := [path for path in old if not path.is_dir()]:
        yield warn(
            f"{len(loose)} of the files in the drop folder lie in no folder of their own, so that nothing loads them: "
            "an extract is a folder with a manifest.json. Ask who put them there."
        )


def _lies_long(path: Path, at: datetime) -> bool:
    """Return whether nothing of it has changed for long; what goes meanwhile does not lie there."""
    with suppress(OSError):
        newest = max(entry.lstat().st_mtime for entry in (path, *(path.iterdir() if path.is_dir() else ())))
        return bool(at.timestamp() - newest > COPIED.total_seconds())
    return False


@inspection("profiles", "The profiles of sources' own exports have no fault.")
def _profiles(configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    for path in sorted(configuration.settings.sources.glob(f"*{SUFFIX}")):
        try:
            read_profile(path)
        except Faults as faults:
            yield fail(str(faults))


@inspection("expected-forces", "Every expected force has sent an extract.", "database")
def _forces(configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    with transaction() as connection:
        forces, covered = expected.expected_forces(configuration, connection), sources.force_codes(connection)
    missing = [code for code in forces if code not in covered]
    if missing:
        yield fail(
            f"No source has ever sent an extract of force {some(missing)}, which CASEBEAT_FORCES names: have it sent, "
            "or take the force out of CASEBEAT_FORCES."
        )
    if not forces:
        yield warn("No extract was ever loaded, and no force is expected: set CASEBEAT_FORCES, as 45,46.")
    elif not configuration.settings.forces:
        yield ok(
            f"Expected are the forces that were ever seen ({some(forces)}). CASEBEAT_FORCES can name them, so that one "
            "whose extract never comes is missed too."
        )


@inspection("feeds", "Each source came in time and whole, and was loaded.", "database", "files", of_book=True)
def _feeds(configuration: Configuration, at: datetime) -> Iterator[Verdict]:
    if configuration.settings.clock is Clock.VIRTUAL:
        yield ok("By a virtual clock no extract is late.")
        return
    with transaction() as connection:
        late = expected.late_feeds(configuration, connection, at)
    for feed in late:
        yield fail(f"{feed.sentence[0].upper()}{feed.sentence[1:]}. {_ASK[feed.kind]}")


@inspection("columns", "Each source sends the columns that the rules need.", "database", "files", of_book=True)
def _columns(configuration: Configuration, _at: datetime) -> Iterator[Verdict]:
    """Name the rules that a source's columns do not let see, and that the policy does not accept as unseen."""
    accepted = configuration.policy.unseen
    with transaction() as connection:
        found = [
            force_coverage
            for force_coverage in coverage.read(configuration, connection)
            if force_coverage.seen is not Seen.SEEN
        ]
    unseen = [
        force_coverage for force_coverage in found if force_coverage.rule not in accepted.get(force_coverage.source, ())
    ]
    for source, rules in groupby(unseen, lambda one: one.source):
        names = [rule.rule for rule in rules]
        yield warn(
            f"{source} sends too few columns for {len(names)} of the rules ({some(names)}): casebeat coverage names "
            "the columns. Have them sent, or accept it under unseen in the policy."
        )


CHECKS = (_drop_folder, _left_over, _profiles, _forces, _feeds, _columns)
