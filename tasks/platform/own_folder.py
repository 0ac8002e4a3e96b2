"""Writing a force's own folder, whole or not at all, and only where nothing is yet."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from config.settings import HERE
from models.errors import Refuse

_PLAIN = re.compile(r"/[\w ./@+,=-]*")  # what units, shells and files of settings all read alike
CHECKOUT = HERE.parent
_NAMED = "casebeat"  # of a link beside a release, by which units reach the one in use
FOLDERS = {"secrets": 0o750, "drop": 0o750, "sources": 0o755, "systemd": 0o755}  # with their modes
ENVIRONMENT = "casebeat.env"
_READ = 0o644
_ENVIRONMENT = 0o640
_PROGRAM = 0o755
# The paths that packaging/ names, and the unit's command, whose path a space would end.
_OURS = re.compile(r"/(?:etc|srv|opt)/casebeat\b")
_COMMAND = re.compile(r"^(ExecStart=)(/\S+)", re.MULTILINE)
_VALUE = re.compile(r"^([A-Z_]+=)(.* .*)$", re.MULTILINE)


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


class OwnFile(NamedTuple):
    """One file of the folder: its path in it, its bytes and its mode."""

    path: str
    text: str
    mode: int


def own_files(folder: Path) -> Iterator[OwnFile]:
    """Yield the files of a folder that is to be at `folder`, an absolute path. Raises OSError if one cannot be read."""
    packaging = CHECKOUT / "packaging"
    for name in ("policy.yaml", "panels.yaml", "calendar.yaml"):
        yield OwnFile(name, (HERE / name).read_text("utf-8"), _READ)
    environment = _placed((packaging / ENVIRONMENT).read_text("utf-8"), folder)
    yield OwnFile(ENVIRONMENT, _VALUE.sub(r'\1"\2"', environment), _ENVIRONMENT)
    yield OwnFile("casebeat", _placed((packaging / "sudo-casebeat").read_text("utf-8"), folder), _PROGRAM)
    yield OwnFile("README.md", _placed((packaging / "own-folder.md").read_text("utf-8"), folder), _READ)
    for unit in sorted((packaging / "systemd").iterdir()):
        quoted = _COMMAND.sub(r'\1"\2"', unit.read_text("utf-8"))
        yield OwnFile(f"systemd/{unit.name}", _placed(quoted, folder), _READ)


def _placed(text: str, folder: Path) -> str:
    """Return a text of packaging/ with the paths of this checkout and of this folder."""
    return _OURS.sub(lambda match: str(_reached() if match[0].startswith("/opt") else folder), text)


def _reached() -> Path:
    """Return the path by which units reach this code: a link that an upgrade turns, where one leads here."""
    link = CHECKOUT.parent / _NAMED
    return link if link.is_symlink() and link.resolve() == CHECKOUT else CHECKOUT
