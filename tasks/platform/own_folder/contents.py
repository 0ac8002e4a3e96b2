"""The contents of a force's own folder: each file of the checkout that it begins with, and its place and mode there."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from config.settings import HERE

CHECKOUT = HERE.parent
FOLDERS = {"secrets": 0o750, "drop": 0o750, "sources": 0o755, "systemd": 0o755}  # with their modes
ENVIRONMENT = "casebeat.env"
_READ = 0o644
_ENVIRONMENT = 0o640
_PROGRAM = 0o755
# The paths that packaging/ names, and the unit's command, whose path a space would end.
_OURS = re.compile(r"/(?:etc|srv|opt)/casebeat\b")
_COMMAND = re.compile(r"^(ExecStart=)(/\S+)", re.MULTILINE)
_VALUE = re.compile(r"^([A-Z_]+=)(.* .*)$", re.MULTILINE)


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
    return _OURS.sub(lambda found: str(CHECKOUT if found[0].startswith("/opt") else folder), text)
