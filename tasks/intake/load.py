"""Loading of extract folders: each extract loads in one transaction, or not at all."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

from config.days.london import london_day
from models.errors import Refuse
from models.queries.intake import extracts
from tasks.intake import recording, rejects
from tasks.intake.content import Content, content_of, marks_of, open_files
from tasks.intake.extract import ExtractLoad
from tasks.intake.faults import refusal_of
from tasks.intake.folders import Haste, WaitingFolder, in_order
from tasks.intake.manifest import Manifest
from tasks.intake.options import NOTHING_ALLOWED, Allowed, Options, Taken
from tasks.intake.profiles.export import made_tables, open_export
from tasks.intake.results import Fate, FileCount, LoadResult, Progress
from tasks.intake.sentences import printable
from tasks.intake.volume import Unlike
from tasks.platform.configuration import Configuration
from tasks.servers.database import transaction


def load_folders(
    configuration: Configuration,
    folders: Sequence[Path],
    as_of: datetime,
    *,
    allowed: Allowed = NOTHING_ALLOWED,
    profile: Path | None = None,
    now: bool = False,
    progress: Progress | None = None,
) -> list[LoadResult]:
    """Load every extract in the folders or their subfolders, one by one: police before CPS, oldest first.

    A refusal does not stop the others; it is returned, recorded, and reported to operations once per content. A fault
    that nobody foresaw is a refusal of its folder too. An extract that is so unlike its source that a person has to
    decide is held. `as_of` is the moment of loading, in UTC; `profile` reads the folders that have no manifest; `now`
    waits for none of them that was written a moment ago. Raises Refuse if the database cannot be reached, and the fault
    itself if it is the database's or the machine's.
    """
    rejects.close(configuration.settings.home / "rejected")
    options = options_of(configuration, as_of, configuration.settings.home / "rejected", progress)
    options = options._replace(allowed=allowed)
    found = in_order(configuration, folders, as_of, profile, Haste.NOW if now else Haste.NONE)
    return [_load(configuration, waiting, options) for waiting in found]


def take_held(
    configuration: Configuration,
    folders: Sequence[Path],
    extract_id: str,
    as_of: datetime,
    taken: Taken,
    allowed: Allowed = NOTHING_ALLOWED,
) -> list[LoadResult]:
    """Load the folders of an extract that a person takes, however unlike its source it is. Raises as `load_folders`.

    One whose content is another than what is `taken` is judged by itself.
    """
    options = options_of(configuration, as_of, configuration.settings.home / "rejected", None)
    options = options._replace(taken=taken, allowed=allowed)
    found = in_order(configuration, folders, as_of)
    mine = [waiting for waiting in found if waiting.manifest and waiting.manifest.extract_id == extract_id]
    return [_load(configuration, waiting, options) for waiting in mine]


def options_of(
    configuration: Configuration, as_of: datetime, rejected: Path | None, progress: Progress | None
) -> Options:
    """Return the parameters of an intake that allows nothing. `rejected` is the folder for rejected rows, if any."""
    limits, domains = configuration.policy.intake, configuration.settings.mail.allowed_domains
    shown = progress or (lambda _name, _done, _all: None)
    return Options(as_of, rejected, domains, limits, shown)


def _load(configuration: Configuration, waiting: WaitingFolder, options: Options) -> LoadResult:
    folder, manifest = printable(waiting.folder.name, 100), waiting.manifest
    if manifest is None and not waiting.recorded:
        return LoadResult(folder, waiting.fate, source=waiting.source, sentence=waiting.sentence)
    digest, marks, sentence = waiting.digest, "", waiting.sentence
    try:
        if manifest is not None:
            manifest = after_its_last(manifest)
            with ExitStack() as stack:
                files = open_all(waiting, manifest, stack)
                marks = marks_of(waiting.content, files)
                if before := judged(folder, manifest, marks, options):
                    return before
                content = read_content(configuration, waiting, manifest, files, marks)
                digest = content.digest
                return _load_content(configuration, folder, manifest, content, options)
    except Unlike as unlike:
        if manifest is not None:
            return _hold(configuration, folder, manifest, recording.Read(digest, marks), unlike, options.as_of)
    except Exception as error:  # noqa: BLE001  one folder's fault stops no other
        sentence = refusal_of(error)
    with transaction() as connection:
        recording.refused(
            configuration, connection, folder, manifest, digest, sentence, options.as_of, source=waiting.source
        )
    extract_id, source = (manifest.extract_id, manifest.source) if manifest else ("", waiting.source)
    return LoadResult(folder, Fate.REFUSED, extract_id, source, sentence)


def after_its_last(manifest: Manifest) -> Manifest:
    """Return the manifest of an export that is known by its day alone as one after the last of its source on that day.

    So a day's export that was corrected later is not taken for one from before the last.
    """
    if not manifest.by_day:
        return manifest
    with transaction() as connection:
        last = extracts.sender(connection, manifest.source)
    if last is None or london_day(last.last_extracted_at) != manifest.day:
        return manifest
    return manifest._replace(extracted_at=last.last_extracted_at + timedelta(microseconds=1))


def open_all(waiting: WaitingFolder, manifest: Manifest, stack: ExitStack) -> dict[str, int]:
    """Open the files of an extract, or of a source's own export, until `held` closes. Raises Refuse."""
    if waiting.export is not None:
        return open_export(waiting.folder, waiting.export, stack)
    return open_files(waiting.folder, manifest, stack)


def read_content(
    configuration: Configuration, waiting: WaitingFolder, manifest: Manifest, files: dict[str, int], marks_before: str
) -> Content:
    """Return the open files as tables, with the digest of what they hold. Raises Refuse."""
    if waiting.export is not None:
        return Content(*made_tables(configuration, waiting.export, files), marks_before)
    return content_of(waiting.content, manifest, files, marks_before)


def judged(folder: str, manifest: Manifest, marks: str, options: Options) -> LoadResult | None:
    """Return what became of these files when they were read, so that old extracts in a drop folder are not read again.

    None where they have to be read: they are new, or have changed, or are to be taken now.
    """
    with transaction() as connection:
        before = extracts.judged(connection, manifest.extract_id, marks)
    if before is None or before.content == options.taken.content:
        return None
    if before.state == "loaded":
        return already(folder, manifest)
    if before.overtaken:
        sentence = f"it was {before.state}, and a later extract of its source was loaded since; nothing was done"
        return LoadResult(folder, Fate.OVERTAKEN, manifest.extract_id, manifest.source, sentence)
    return LoadResult(folder, Fate(before.state), manifest.extract_id, manifest.source, before.sentence)


def _hold(
    configuration: Configuration, folder: str, manifest: Manifest, read: recording.Read, unlike: Unlike, at: datetime
) -> LoadResult:
    """Record that an extract is held, and tell whom it concerns."""
    with transaction() as connection:
        recording.held(configuration, connection, manifest, read, unlike, at)
    return LoadResult(folder, Fate.HELD, manifest.extract_id, manifest.source, str(unlike))


def already(folder: str, manifest: Manifest, files: tuple[FileCount, ...] = ()) -> LoadResult:
    """Return the result of an extract that is loaded; `files` are those of one that was tried all the same."""
    sentence = "this extract was loaded before; nothing was done"
    return LoadResult(folder, Fate.ALREADY, manifest.extract_id, manifest.source, sentence, files)


def _load_content(
    configuration: Configuration, folder: str, manifest: Manifest, content: Content, options: Options
) -> LoadResult:
    """Load content that is not loaded yet. Raises Refuse, and then leaves nothing of it in the database."""
    with transaction() as connection:
        extracts.take_turn(connection, sum(map(content.tables.expected, manifest.files)))
        before = extracts.loaded_content(connection, manifest.extract_id)
        if before == content.digest:
            extracts.store_marks(connection, manifest.extract_id, content.marks)
            return already(folder, manifest)
        if before is not None:
            raise other_content(manifest.extract_id)
        refusal = extracts.refused_by_person(connection, manifest.extract_id, content.digest)
        if refusal and content.digest != options.taken.content:
            return LoadResult(folder, Fate.REFUSED, manifest.extract_id, manifest.source, refusal)
        return ExtractLoad(configuration, connection, manifest, content, options).load(folder)


def other_content(extract_id: str) -> Refuse:
    """Return the refusal of other content under an extract_id that is loaded."""
    return Refuse(
        f"Extract {extract_id} was loaded before with other content, which stays in force; "
        "send the new content under a new extract_id."
    )
