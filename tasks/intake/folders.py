"""Finding extract folders, and the order in which they load."""

import hashlib
import os
from collections.abc import Sequence
from datetime import datetime
from enum import Enum, auto
from pathlib import Path
from typing import NamedTuple

from config.terms import Agency
from tasks.intake.faults import refusal_of
from tasks.intake.manifest import NAME, Manifest, parse, raw
from tasks.intake.profiles.export import Export, profile_path, read_export, state_of
from tasks.intake.profiles.own_files import why_not_whole
from tasks.intake.reading import opened_folder
from tasks.intake.results import Fate
from tasks.platform.configuration import Configuration


class Haste(Enum):
    """The treatment of an own export that may still be being written."""

    NONE = auto()  # it is left alone
    NOW = auto()  # it is read, unless a file is lacking that is written last
    TRIAL = auto()  # it is read, and the reason why it would be left alone is kept


class WaitingFolder(NamedTuple):
    """A folder that waits to be loaded: its manifest, or the reason why it has none."""

    folder: Path
    content: bytes
    manifest: Manifest | None
    sentence: str = ""
    fate: Fate = Fate.REFUSED  # without a manifest
    recorded: bool = True  # whether a refusal concerns an extract and is reported to operations, or only the command
    export: Export | None = None  # of a source that sends its own columns
    source: str = ""  # of such an export, where it has no manifest yet
    waits: str = ""  # why it would be left alone for now, where it is tried all the same

    @property
    def digest(self) -> str:
        """A digest of the manifest alone, for an extract that could not be read further."""
        return hashlib.sha256(self.content or self.folder.name.encode("utf-8", "replace")).hexdigest()


def in_order(
    configuration: Configuration,
    folders: Sequence[Path],
    as_of: datetime | None,
    profile: Path | None = None,
    haste: Haste = Haste.NONE,
) -> list[WaitingFolder]:
    """List every extract in the folders or their subfolders: police before CPS, oldest first, unreadable ones last.

    A folder without a manifest is read by `profile`, else by that of the source whose name it has. Without a moment, it
    counts as whole.
    """
    found = [
        (path, folder) for folder in folders for path in ([folder] if profile else _extracts(configuration, folder))
    ]
    waiting = (
        _read_manifest(path, named) if own is None else _read_export(path, own, as_of, haste)
        for path, named in found
        for own in [_profile_of(configuration, path, profile)]
    )
    return sorted(waiting, key=_order)


def dropped(configuration: Configuration, drop: Path) -> list[Path]:
    """List the folders in the drop folder that may be complete: with a manifest, written last, or with a profile."""
    inside = _inside(drop) if drop.is_dir() else []
    return [path for path in inside if _has_manifest(path) or profile_path(configuration, path)]


def left_over(configuration: Configuration, drop: Path) -> list[Path]:
    """List what lies in the drop folder and is no extract: folders with files and no manifest, and files beside them.

    Raises OSError where one of them cannot be read.
    """
    known = set(dropped(configuration, drop))
    entries = sorted(path for path in drop.iterdir() if not path.name.startswith(".") and path not in known)
    return [path for path in entries if path.is_file() or (path.is_dir() and any(path.iterdir()))]


def _has_manifest(folder: Path) -> bool:
    """Return whether something has the manifest's name; a folder that may not be looked into counts, to be refused."""
    try:
        os.lstat(folder / NAME)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def _inside(folder: Path) -> list[Path]:
    inside = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    return [path for path in inside if path.is_dir() and not path.is_symlink()]


def _extracts(configuration: Configuration, folder: Path) -> list[Path]:
    """Return the folder itself, or its subfolders if it is not an extract."""
    try:
        if _has_manifest(folder) or profile_path(configuration, folder.absolute()):
            return [folder]
        return _inside(folder) or ([folder] if any(folder.iterdir()) else [])
    except OSError:
        return [folder]  # reading it will give the reason


def _profile_of(configuration: Configuration, folder: Path, profile: Path | None) -> Path | None:
    return None if _has_manifest(folder) else profile or profile_path(configuration, folder.absolute())


def _read_export(folder: Path, path: Path, as_of: datetime | None, haste: Haste) -> WaitingFolder:
    try:
        export = read_export(folder, path)
        files, now = [*export.files.values()], haste is Haste.NOW
        waits = why_not_whole(folder, export.profile, files, as_of, now=now) if as_of else ""
    except Exception as error:  # noqa: BLE001  one folder's fault stops no other
        sentence = " ".join(refusal_of(error).split())
        state = sentence.encode("utf-8", "replace") + state_of(folder)
        return WaitingFolder(folder, state, None, sentence, source=path.stem)
    if waits and haste is not Haste.TRIAL:
        return WaitingFolder(folder, b"", None, waits, Fate.NOT_READY, recorded=False, source=path.stem)
    return WaitingFolder(folder, export.content, export.manifest, export=export, waits=waits)


def _read_manifest(folder: Path, named: Path) -> WaitingFolder:
    content = b""
    try:
        with opened_folder(folder) as handle:
            if not _has_manifest(folder):
                fate = Fate.REFUSED if folder == named else Fate.NOT_READY
                sentence = f"it has no {NAME}, which is written last: it is still being copied, or is no extract."
                return WaitingFolder(folder, b"", None, sentence, fate, recorded=False)
            content = raw(handle)
        return WaitingFolder(folder, content, parse(content))
    except Exception as error:  # noqa: BLE001  one folder's fault stops no other
        return WaitingFolder(folder, content, None, refusal_of(error), recorded=os.path.isdir(folder))  # noqa: PTH112  a Path's raises


def _order(waiting: WaitingFolder) -> tuple[bool, bool, datetime | None, str]:
    manifest = waiting.manifest
    if manifest is None:
        return True, True, None, waiting.folder.name
    return False, manifest.agency is not Agency.POLICE, manifest.extracted_at, manifest.extract_id
