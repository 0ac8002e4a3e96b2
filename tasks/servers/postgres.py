"""The embedded PostgreSQL server: started on demand under the data directory, shared, and running until stopped.

It listens only on a Unix socket beside its files. A socket's path is limited to 107 bytes, so that a data directory
with a longer path has it in a private folder of /tmp. PostgreSQL refuses to run as root, so root runs it as the
system's `postgres` user.
"""

import fcntl
import os
import secrets
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2

from models.errors import Refuse
from tasks.platform.home import keep_private
from tasks.servers import postgres_programs as programs
from tasks.servers.postgres_place import OF_COPIES, SOCKET, Place

ROLES = ("casebeat_app", "casebeat_report")
_START_TIMEOUT = 60.0  # seconds, including recovery from a crash
_SHARED = Path("/dev/shm")  # noqa: S108  only measured: a container's may be too small for a parallel query
_INITDB = ("-U", "postgres", "-E", "UTF8", "--no-locale", "--no-sync", "--auth-local=trust", "--auth-host=reject")
_CONFIGURATION = """\
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 256MB
work_mem = 64MB
maintenance_work_mem = 256MB
dynamic_shared_memory_type = {shared}
max_wal_size = 4GB
checkpoint_timeout = 15min
random_page_cost = 1.1
jit = off
synchronous_commit = on
wal_level = minimal
max_wal_senders = 0
log_min_messages = fatal
log_error_verbosity = terse
log_min_error_statement = panic
log_checkpoints = off
logging_collector = on
log_filename = 'server-%a.log'
log_truncate_on_rotation = on
timezone = 'UTC'
log_timezone = 'UTC'
"""


def start(home: Path) -> bool:
    """Start the server of `home` unless it runs, and return whether this call did. Safe from many processes.

    Raises Refuse if it cannot start.
    """
    place = _place(home)
    with _os_errors_refused(place):
        if place.prepared.exists() and place.answers():
            return False
        with _exclusive(place):
            if not (place.data / "PG_VERSION").exists():
                _initialise(place)
            if started := not place.answers():
                _refuse_half_a_copy(place)
                running = programs.postmaster(place.data)
                if running is not None and place.listens_elsewhere():
                    _stop(place, running)
                _launch(place)
            if not place.prepared.exists():
                _prepare(place)
                place.prepared.touch()
            return started


def stop(home: Path) -> bool:
    """Stop the server of `home` and return whether it was running. Only its data remains."""
    place = _place(home)
    with _os_errors_refused(place):
        if not (place.data / "PG_VERSION").exists():
            return False
        with _exclusive(place):
            postmaster = programs.postmaster(place.data)
            if postmaster is not None:
                _stop(place, postmaster)
            if place.sockets != place.data:
                place.check_sockets()
                shutil.rmtree(place.sockets, ignore_errors=True)
            return postmaster is not None


def url(home: Path, database: str = "casebeat", role: str = "casebeat_app", driver: str = "psycopg2") -> str:
    """Return the SQLAlchemy URL of one database of `home`'s server for one role. Start the server first."""
    return f"postgresql+{driver}://{role}@/{database}?host={_place(home).sockets}"


def prefect_url(home: Path) -> str:
    """Return the URL for PREFECT_SERVER_DATABASE_CONNECTION_URL. Start the server first.

    Prefect gets a database and a role of its own, which the first call creates.
    """
    place = _place(home)
    with _exclusive(place):
        _make_database(place, "prefect", "prefect")
        _create_missing(place, "prefect", "create extension pg_trgm", unless=("pg_extension", "extname", "pg_trgm"))
    return url(home, database="prefect", role="prefect", driver="asyncpg")


def _place(home: Path) -> Place:
    return Place(home.expanduser().resolve())


@contextmanager
def _os_errors_refused(place: Place) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Refuse(
            f"{place.home} cannot be used ({error.strerror}); set CASEBEAT_HOME to a folder of yours."
        ) from None


@contextmanager
def _exclusive(place: Place) -> Iterator[None]:
    keep_private(place.home)
    with (place.home / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _initialise(place: Place) -> None:
    """Create the cluster in a temporary folder and rename it, so that a kill leaves no partial cluster."""
    fresh = place.home / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    if os.geteuid() == 0:
        os.chown(fresh, *programs.account())
    if programs.run([programs.folder_for(fresh) / "initdb", *_INITDB], fresh).returncode:
        raise Refuse(f"PostgreSQL's initdb failed under {place.home}: is the disk full, or the folder not writable?")
    (fresh / OF_COPIES).write_text(secrets.token_hex(16), "ascii")
    with (fresh / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write("\ninclude_if_exists = 'casebeat.conf'\n")
    os.sync()  # one sync for all files; initdb would sync a thousand files one by one
    shutil.rmtree(place.data, ignore_errors=True)
    fresh.rename(place.data)


def _refuse_half_a_copy(place: Place) -> None:
    """Raise Refuse for a copy whose original's server still runs: files that change meanwhile do not fit."""
    if there := programs.original(place.data):
        raise Refuse(
            f"{place.home} is a copy of {there.parent}, made while the database there was running, and may not be "
            f"whole: remove {place.data}, run casebeat stop there and copy it again. Nothing was done."
        )


def _launch(place: Place) -> None:
    programs.hand_over(place.data)
    place.make_sockets()
    configuration = place.data / "casebeat.conf"
    shared = "posix" if _is_roomy(_SHARED) else "mmap"
    configuration.write_text(_CONFIGURATION.format(sockets=place.listens_in, shared=shared), "utf-8")
    deadline = time.monotonic() + _START_TIMEOUT
    while not (_pg_ctl_start(place) and place.answers()):
        if place.answers():
            return
        if time.monotonic() > deadline:
            log = place.data / "start.log"
            why = f"see {log}" if log.exists() else f"its programs could not be run in {place.data}"
            raise Refuse(f"The embedded PostgreSQL did not start: {why}.")
        if programs.postmaster(place.data) is None:
            for left in ("postmaster.pid", f"{SOCKET}.lock"):  # by a server that was killed
                (place.data / left).unlink(missing_ok=True)
        time.sleep(0.2)


def _is_roomy(folder: Path) -> bool:
    return folder.is_dir() and shutil.disk_usage(folder).total >= 2**30


def _stop(place: Place, postmaster: int) -> None:
    """Stop the server as `pg_ctl stop --mode=fast` does: roll back open transactions and flush all data."""
    os.kill(postmaster, signal.SIGINT)
    deadline = time.monotonic() + _START_TIMEOUT
    while programs.postmaster(place.data) == postmaster:
        if time.monotonic() > deadline:
            raise Refuse(f"The embedded PostgreSQL under {place.data} did not stop; see its log there.")
        time.sleep(0.05)


def _prepare(place: Place) -> None:
    """Create the roles and Casebeat's database where they are missing."""
    _make_database(place, "casebeat", "casebeat_owner")
    for role in ROLES:
        _create_missing(place, "postgres", f"create role {role} login", unless=("pg_roles", "rolname", role))


def _make_database(place: Place, name: str, owner: str) -> None:
    _create_missing(place, "postgres", f"create role {owner} login", unless=("pg_roles", "rolname", owner))
    made = f"create database {name} owner {owner} template template0"
    _create_missing(place, "postgres", made, unless=("pg_database", "datname", name))


def _create_missing(place: Place, database: str, statement: str, unless: tuple[str, str, str]) -> None:
    catalogue, column, name = unless
    with closing(psycopg2.connect(host=str(place.sockets), user="postgres", dbname=database)) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"select 1 from {catalogue} where {column} = %s", (name,))  # noqa: S608  names above
            if cursor.fetchone() is None:
                cursor.execute(statement)


def _pg_ctl_start(place: Place) -> bool:
    pg_ctl = programs.folder_for(place.data) / "pg_ctl"
    log, patience = f"{programs.DATA}/start.log", str(int(_START_TIMEOUT))
    command: list[Path | str] = [pg_ctl, "start", "-w", "-s", "-t", patience, "-l", log]
    return programs.run(command, place.data).returncode == 0
