"""Loaded extracts in the drop folder, which hold every column that their source sent."""

import shutil
from contextlib import ExitStack
from datetime import date

from config.retention import Held
from models.errors import Refuse
from models.queries.intake import extracts
from models.queries.intake.extracts import LoadedExtract
from tasks.intake.content import marks_of
from tasks.intake.folders import WaitingFolder, dropped, in_order
from tasks.intake.load import open_all, read_content
from tasks.platform.configuration import Configuration
from tasks.retention.account import HeldCount
from tasks.servers.database import transaction


def loaded_extracts(configuration: Configuration, until: date, *, erase: bool) -> HeldCount:
    """Count the folders of the drop folder that were loaded up to a day, and delete them if asked to.

    Only what was loaded goes: a folder that was refused, or has changed since, stays. No extract is loaded meanwhile.
    """
    drop = configuration.settings.drop
    if drop is None:
        return HeldCount(Held.EXTRACTS, until, None)
    count = 0
    try:
        with transaction() as connection:
            extracts.take_turn(connection, 0)
            loaded = extracts.loaded_until(connection, until)
            for waiting in in_order(configuration, dropped(configuration, drop), None) if loaded else ():
                if _was_loaded(configuration, waiting, loaded):
                    count += 1
                    if erase:
                        shutil.rmtree(waiting.folder)
    except OSError as error:
        why = f"{drop} cannot be emptied ({error.strerror}): give Casebeat the right to delete in it, and run it again"
        return HeldCount(Held.EXTRACTS, until, None, trouble=why)
    return HeldCount(Held.EXTRACTS, until, count)


def _was_loaded(configuration: Configuration, waiting: WaitingFolder, loaded: dict[str, LoadedExtract]) -> bool:
    manifest = waiting.manifest
    if manifest is None or (known := loaded.get(manifest.extract_id)) is None:
        return False
    try:
        with ExitStack() as stack:
            files = open_all(waiting, manifest, stack)
            marks = marks_of(waiting.content, files)
            return known.marks == marks or (
                known.content == read_content(configuration, waiting, manifest, files, marks).digest
            )
    except Refuse:
        return False
