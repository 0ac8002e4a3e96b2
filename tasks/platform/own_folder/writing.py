"""Writing a force's own folder, whole or not at all, and only where nothing is yet."""

import re
import shutil
import tempfile
from pathlib import Path

from models.errors import Refuse
from tasks.platform.own_folder.contents import CHECKOUT, FOLDERS, own_files

_PLAIN = re.compile(r"/[\w ./@+,=-]*")  # what units, shells and files of settings all read alike


def write_own_folder(folder: Path) -> list[str]:
    """Write the folder at an absolute path and return the paths of its files, relative to it.

    Raises Refuse, with nothing written, if something is there already, if it lies in the checkout, if its path has a
    character that a unit would misread, or if it cannot be written.
    """
    _check(folder)
    draft = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        draft.chmod(0o755)
        for name, mode in FOLDERS.items():
            (draft / name).mkdir()
            (draft / name).chmod(mode)
        files = list(own_files(folder))
        for file in files:
            (draft / file.path).write_text(file.text, "utf-8")
            (draft / file.path).chmod(file.mode)
        draft.rename(folder)  # takes the place of an empty folder, and of no other
    except OSError as error:
        if draft:
            shutil.rmtree(draft, ignore_errors=True)
        raise Refuse(f"{folder} cannot be written ({error.strerror}). Nothing was done.") from None
    return sorted(file.path for file in files)


def _check(folder: Path) -> None:
    if folder.is_relative_to(CHECKOUT):
        raise Refuse(f"{folder} is in the checkout, which an upgrade replaces: name a folder outside {CHECKOUT}.")
    for path in (folder, CHECKOUT):
        if not _PLAIN.fullmatch(str(path)):
            raise Refuse(
                f"The path {path} has a character that a unit or a shell would misread: letters, digits, spaces and "
                ". _ @ + , = - are safe. Nothing was done."
            )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refuse(f"{folder} is there already, and is not empty: name a new folder. Nothing was done.")
