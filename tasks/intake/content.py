"""The content of an extract: its open files as tables, digested, with marks that recognise it without reading."""

import hashlib
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from tasks.intake.manifest import Manifest
from tasks.intake.reading import FirstLook, look, marks, opened, opened_folder
from tasks.intake.tables import ExtractTables, SentTables


class Content(NamedTuple):
    """An extract's files as tables, the digest of their content, and the marks that recognise it without reading."""

    tables: ExtractTables
    digest: str
    marks: str


def open_files(folder: Path, manifest: Manifest, stack: ExitStack) -> dict[str, int]:
    """Open the manifest's files until `held` closes. Raises Refuse if one is not a regular file."""
    handle = stack.enter_context(opened_folder(folder))
    return {name: stack.enter_context(opened(handle, name)) for name in sorted(manifest.files)}


def marks_of(manifest_bytes: bytes, files: dict[str, int]) -> str:
    """Digest the manifest and its files' metadata. An unchanged digest means unchanged content."""
    digest = hashlib.sha256(manifest_bytes)
    for name, handle in files.items():
        digest.update(f"\n{name} {marks(handle)}".encode())
    return digest.hexdigest()


def content_of(manifest_bytes: bytes, manifest: Manifest, files: dict[str, int], marks_before: str) -> Content:
    """Digest the opened files. `marks_before` are their marks, taken before reading."""
    digest = hashlib.sha256(manifest_bytes)
    found: dict[str, tuple[int, FirstLook]] = {}
    for name, handle in files.items():
        found[name] = handle, look(handle, name)
        digest.update(f"\n{name} {found[name][1].digest}".encode())
    return Content(SentTables(manifest, found), digest.hexdigest(), marks_before)
