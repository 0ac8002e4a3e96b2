"""Restoring: a backup into an empty database, in one transaction that ends with the outbox on hold."""

import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import IO, NamedTuple, cast
from zipfile import BadZipFile, ZipFile

from pydantic import ValidationError
from sqlalchemy import Connection

from config.terms import Verb
from models import migrations
from models.errors import Refuse
from models.migrations.rights import RIGHTS
from models.queries import audit, schema
from models.queries.audit import AuditEntry
from models.queries.outbox import outbox_list
from tasks.servers import postgres_programs as programs
from tasks.servers.backup import BLOCK, MANIFEST, SQL, BackupManifest, RowsDone
from tasks.servers.migrate import as_owner, make_groups, migrate

_OPTIONS = ("--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", "--set=VERBOSITY=sqlstate")


class Hold(NamedTuple):
    """The account that puts the outbox on hold, and the moment."""

    by: str
    at: datetime


def restore(url: str, file: Path, hold: Hold, disk: Path | None, progress: RowsDone) -> BackupManifest:
    """Restore a backup into the empty database at the owner's `url`, with the outbox on hold, and migrate it.

    Until the last statement nobody sees a row of it; a cut at any moment leaves the database empty. `disk` is a folder
    on the database's disk, where that is this machine's. Raises Refuse where the file is no whole backup, is of a newer
    Casebeat or PostgreSQL or of a trial before 1.0.0, has other rows than it counts, or where the database has tables.
    """
    with _opened(file) as archive:
        manifest = _manifest(archive, file)
        with as_owner(url) as connection:
            with connection.begin():
                _refuse_unfit(connection, manifest, disk)
                psql = programs.client("psql", schema.release(connection))
                make_groups(connection)
                end = _end(connection, manifest, hold)
            with archive.open(SQL) as sql:
                _run([psql, *_OPTIONS], url, sql, end, lambda done: progress(min(done, manifest.total), manifest.total))
    migrate(url)
    with as_owner(url) as connection, connection.begin():
        audit.record(
            connection,
            AuditEntry(Verb.ALTERATION, "database", manifest.revision, "restored", by=hold.by),
            AuditEntry(Verb.ALTERATION, "outbox", "outbox", "held", by=hold.by),
        )
    return manifest


@contextmanager
def _opened(file: Path) -> Iterator[ZipFile]:
    """Open a backup. Raises Refuse where it cannot be read, or is cut or changed, also in the middle of its SQL."""
    try:
        with _readable(file) as read, ZipFile(read) as archive:
            yield archive
    except (BadZipFile, EOFError, zlib.error):
        raise Refuse(f"{file} is no whole backup: cut, changed or another file. Nothing was done.") from None


def _readable(file: Path) -> IO[bytes]:
    try:
        return file.open("rb")
    except OSError as error:
        raise Refuse(f"{file} cannot be read ({error.strerror}): name a backup. Nothing was done.") from None


def _manifest(archive: ZipFile, file: Path) -> BackupManifest:
    try:
        return BackupManifest.model_validate_json(archive.read(MANIFEST))
    except (KeyError, ValidationError):
        raise Refuse(f"{file} is no backup of Casebeat's: it has no manifest. Nothing was done.") from None


def _refuse_unfit(connection: Connection, manifest: BackupManifest, disk: Path | None) -> None:
    migrations.refuse_trial("The backup", manifest.revision)
    if manifest.revision > migrations.HEAD:
        raise Refuse(
            f"The backup is of revision {manifest.revision}, newer than this code ({migrations.HEAD}): install "
            f"Casebeat {manifest.casebeat} or later. Nothing was done."
        )
    if (here := schema.release(connection)) < manifest.postgres:
        raise Refuse(
            f"The backup is of PostgreSQL {manifest.postgres}, and this server is {here}: restore into one that is not "
            "older. Nothing was done."
        )
    if there := schema.tables(connection):
        raise Refuse(
            f"The database has {len(there)} tables already, and a backup is restored into an empty one only: name "
            "another database, or for the embedded one another CASEBEAT_HOME. Nothing was done."
        )
    needed = 2 * manifest.bytes  # with their indexes, and the log of writing them
    if disk is not None and (free := shutil.disk_usage(disk).free) < needed:
        raise Refuse(
            f"The disk of {disk} has {free // BLOCK} MB free, and the backup needs {needed // BLOCK} MB: make room. "
            "Nothing was done."
        )


def _end(connection: Connection, manifest: BackupManifest, hold: Hold) -> str:
    """Return what follows the rows in their transaction: rights, the comparison of counts, and the hold."""
    counts = (f"({schema.count_of(table)}) <> {rows}" for table, rows in manifest.rows.items())
    differ = (
        f"do $$ begin if {' or '.join(counts)} then raise exception 'counts' using errcode = 'CB001'; end if; end $$"
    )
    held = outbox_list.hold_text(connection, hold.by, hold.at)
    return ";\n".join(["\nset search_path = public", *RIGHTS, differ, held, "analyze", "commit;\n"])


def _run(psql: list[Path | str], url: str, sql: IO[bytes], end: str, progress: Callable[[int], None]) -> None:
    """Feed psql. Its transaction is committed by the last line alone, so that a cut at any moment rolls it back."""
    with programs.running(psql, url, stdin=PIPE, stdout=DEVNULL, stderr=PIPE) as process:
        to, faults = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stderr)
        done = 0
        with suppress(BrokenPipeError):  # psql ends at a fault, which it names
            to.write(b"begin;\n")
            for block in iter(partial(sql.read, BLOCK), b""):
                to.write(block)
                done += block.count(b"\n")
                progress(done)
            to.write(end.encode())
            to.close()
        named = faults.read().decode("ascii", "replace")
        if process.wait():
            raise Refuse(f"The database refused the backup ({_meaning(named)}). It is as empty as before.")


def _meaning(faults: str) -> str:
    """Return the code in psql's line, which at this verbosity holds nothing else: `psql:<stdin>:9: ERROR:  23505`."""
    code = faults.strip().rpartition(" ")[2][:5]
    return "its rows are not those that its manifest counts" if code == "CB001" else f"pgcode {code or 'none'}"
