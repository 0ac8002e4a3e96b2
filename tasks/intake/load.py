"""Loading of extract folders: each extract loads in one transaction, or not at all."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from config.policy import load_policy
from config.settings import settings
from models.errors import Refuse
from models.queries.intake import extracts
from tasks.intake import recording
from tasks.intake.extract import Content, ExtractLoad, Options, content_of, marks_of, open_files
from tasks.intake.faults import refusal_of
from tasks.intake.folders import WaitingFolder, in_order
from tasks.intake.manifest import Manifest
from tasks.intake.results import Fate, LoadResult, Progress
from tasks.intake.sentences import printable
from tasks.platform.database import transaction


def load_folders(
    folders: Sequence[Path],
    as_of: datetime,
    *,
    allow_older: bool = False,
    allow_shrink: bool = False,
    allow_fewer_columns: bool = False,
    progress: Progress | None = None,
) -> list[LoadResult]:
    """Load every extract in the folders or their subfolders, one by one: police before CPS, oldest first.

    A refusal does not stop the others; it is returned, recorded, and reported to operations once per content. A fault
    that nobody foresaw is a refusal of its folder too. `as_of` is the moment of loading, in UTC. Raises Refuse if the
    database cannot be reached, and the fault itself if it is the database's or the machine's.
    """
    options = Options(
        as_of,
        settings().home,
        settings().mail.allowed_domains,
        load_policy(settings().policy).intake,
        allow_older,
        allow_shrink,
        allow_fewer_columns,
        progress or (lambda _name, _done, _all: None),
    )
    return [_load(waiting, options) for waiting in in_order(folders)]


def _load(waiting: WaitingFolder, options: Options) -> LoadResult:
    folder, manifest = printable(waiting.folder.name, 100), waiting.manifest
    if manifest is None and not waiting.recorded:
        return LoadResult(folder, waiting.fate, sentence=waiting.sentence)
    digest, sentence = waiting.digest, waiting.sentence
    try:
        if manifest is not None:
            with ExitStack() as held:
                files = open_files(waiting.folder, manifest, held)
                marks = marks_of(waiting.content, files)
                if _is_loaded_unchanged(manifest, marks):
                    return _already(folder, manifest)
                content = content_of(waiting.content, files, marks)
                digest = content.digest
                return _load_content(folder, manifest, content, options)
    except Exception as error:  # noqa: BLE001  one folder's fault stops no other
        sentence = refusal_of(error)
    with transaction() as connection:
        recording.refused(connection, folder, manifest, digest, sentence, options.as_of)
    extract_id, source = (manifest.extract_id, manifest.source) if manifest else ("", "")
    return LoadResult(folder, Fate.REFUSED, extract_id, source, sentence)


def _is_loaded_unchanged(manifest: Manifest, marks: str) -> bool:
    """Return whether these files are loaded and unchanged, so that old extracts in a drop folder are not read again."""
    with transaction() as connection:
        return extracts.loaded_marks(connection, manifest.extract_id) == marks


def _already(folder: str, manifest: Manifest) -> LoadResult:
    sentence = "this extract was loaded before; nothing was done"
    return LoadResult(folder, Fate.ALREADY, manifest.extract_id, manifest.source, sentence)


def _load_content(folder: str, manifest: Manifest, content: Content, options: Options) -> LoadResult:
    """Load content that is not loaded yet. Raises Refuse, and then leaves nothing of it in the database."""
    with transaction() as connection:
        extracts.take_turn(connection, sum(manifest.files.values()))
        before = extracts.loaded_content(connection, manifest.extract_id)
        if before == content.digest:
            extracts.store_marks(connection, manifest.extract_id, content.marks)
            return _already(folder, manifest)
        if before is not None:
            raise Refuse(
                f"Extract {manifest.extract_id} was loaded before with other content; "
                "send the new content under a new extract_id."
            )
        return ExtractLoad(connection, manifest, content, options).load(folder)
