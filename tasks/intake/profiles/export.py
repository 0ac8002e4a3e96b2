"""A source's own export: a folder that has no manifest and whose source has a profile."""

import hashlib
import hmac
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from config.sources.profile import SUFFIX, ExportFile, Profile, is_name
from tasks.intake.manifest import Manifest, Mode
from tasks.intake.profiles.checking import read_profile
from tasks.intake.profiles.made_tables import MadeTables, OpenFile
from tasks.intake.profiles.own_files import SourceFile, extract_id, listing, newest, own_files
from tasks.intake.profiles.own_rows import encoding_of
from tasks.intake.reading import FirstLook, blocks, look, marks, opened, opened_folder
from tasks.platform import secret_file
from tasks.platform.configuration import Configuration

_KEPT_AT = "source-secret"  # under the data directory, used if no setting gives the secret
_SETTING = "CASEBEAT_SOURCE_SECRET"


class Export(NamedTuple):
    """A source's own export: its profile, and which files are meant."""

    source: str
    profile: Profile
    content: bytes  # the profile, and the files with their last changes and digests
    files: Mapping[str, SourceFile]  # by their name in the profile

    @property
    def manifest(self) -> Manifest:
        """The manifest that it would have; no rows are counted."""
        last = newest(self.profile, self.files)
        made = {rows.rows_of for file in self.profile.files for rows in file.makes}
        return Manifest(
            extract_id(self.source, self.content, last.at),
            self.source,
            self.profile.agency,
            Mode(self.profile.mode),
            last.at,
            tuple(sorted(set(self.profile.covers))),
            dict.fromkeys(sorted(made), 0),
            last.by_day,
        )


def profile_path(configuration: Configuration, folder: Path) -> Path | None:
    """Return the profile of the source for which a folder is named; None if there is none."""
    path = configuration.settings.sources / f"{folder.name}{SUFFIX}"
    return path if is_name(folder.name) and path.is_file() else None


def state_of(folder: Path) -> bytes:
    """Return bytes that differ once something in the folder was written; a fault is reported again then."""
    try:
        return str(max((path.stat().st_mtime_ns for path in folder.iterdir()), default=0)).encode()
    except OSError:
        return b""


def read_export(folder: Path, path: Path) -> Export:
    """Read the profile, find its files and digest them.

    Raises Faults if the profile cannot be used, and Refuse if a file is missing.
    """
    profile, content = read_profile(path), path.read_bytes()
    with opened_folder(folder) as handle:
        files = own_files(handle, profile)
        listed = sorted(set(files.values()))
        digests = "".join(f"\n{_digest(handle, file.name)}" for file in listed).encode()
    return Export(path.stem, profile, content + b"\x00" + listing(listed) + digests, files)


def _digest(folder: int, name: str) -> str:
    content = hashlib.sha256()
    with opened(folder, name) as handle:
        for block in blocks(handle):
            content.update(block)
    return content.hexdigest()


def open_export(folder: Path, export: Export, stack: ExitStack) -> dict[str, int]:
    """Open the export's files until `held` closes. Raises Refuse if one is not a regular file."""
    handle = stack.enter_context(opened_folder(folder))
    return {file.name: stack.enter_context(opened(handle, file.name)) for file in sorted(set(export.files.values()))}


def made_tables(configuration: Configuration, export: Export, handles: Mapping[str, int]) -> tuple[MadeTables, str]:
    """Return the tables that the profile makes, and the digest of the export's content."""
    digest = hashlib.sha256(export.content)
    found: dict[str, OpenFile] = {}
    for file in export.profile.files:
        name = export.files[file.read].name
        found[file.read] = _seen(handles[name], name, file)
        digest.update(f"\n{file.read} {found[file.read].seen.digest}".encode())
    return MadeTables(export.profile, found, lambda: source_secret(configuration, export.source)), digest.hexdigest()


def _seen(handle: int, name: str, file: ExportFile) -> OpenFile:
    """Digest a file, count its lines, and find its encoding. Raises Refuse if that is none of those it may be."""
    before, lines, content = marks(handle), 0, hashlib.sha256()
    for block in blocks(handle):
        content.update(block)
        lines += block.count(b"\n")
    if file.is_workbook:
        return OpenFile(handle, name, FirstLook(content.hexdigest(), "", before), 0)
    wide = encoding_of(handle, file)
    return OpenFile(handle, name, FirstLook(content.hexdigest(), wide or look(handle, name).encoding, before), lines)


def source_secret(configuration: Configuration, source: str) -> bytes:
    """Return the secret of a source's keys, the same on every machine and every night: a person keeps one key.

    Raises Refuse if the one that it comes from cannot be read or made.
    """
    configured = configuration.settings.source_secret
    whole = (
        configured.get_secret_value().encode()
        if configured is not None
        else secret_file.kept(configuration.settings.home / _KEPT_AT, _SETTING)
    )
    return hmac.digest(whole, f"casebeat source {source}".encode(), hashlib.sha256)
