"""What a backup has to be before it is restored, and what is told of one that the database refuses."""

import io
import json
import shutil
from contextlib import nullcontext
from datetime import UTC, datetime
from types import SimpleNamespace
from zipfile import ZipFile

import pytest

from models import migrations
from models.errors import Refuse
from models.queries import schema
from tasks.servers import restore
from tasks.servers.backup import MANIFEST, BackupManifest

AT = datetime(2026, 3, 17, 9, tzinfo=UTC)
MB = 1 << 20
MADE = BackupManifest(
    casebeat="1", revision=migrations.HEAD, postgres=17, made_at=AT, bytes=3 * MB, rows={"cases": 2, "audit": 3}
)


@pytest.fixture
def refused(monkeypatch):
    """Why a backup does not fit a server of a release with these tables; None where it does."""

    def of(*, release=17, tables=(), free=None, **changed):
        monkeypatch.setattr(schema, "release", lambda _: release)
        monkeypatch.setattr(schema, "tables", lambda _: list(tables))
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
        try:
            restore._refuse_unfit(None, MADE.model_copy(update=changed), None if free is None else "/disk")
        except Refuse as why:
            return str(why)
        return None

    return of


def test_a_backup_of_this_or_an_older_release_fits_an_empty_database(refused):
    assert refused() is None
    assert refused(release=18, revision="0001") is None
    assert "newer than this code" in refused(revision="9999")
    assert refused(release=16).startswith("The backup is of PostgreSQL 17, and this server is 16")
    assert "The database has 2 tables already" in refused(tables=("a", "b"))


def test_it_needs_twice_its_bytes_on_the_disk_of_the_database(refused):
    assert refused(free=6 * MB) is None
    assert "has 5 MB free, and the backup needs 6 MB" in refused(free=6 * MB - 1)


@pytest.mark.parametrize(
    ("faults", "meaning"),
    [
        ("psql:<stdin>:9: ERROR:  23505\n", "pgcode 23505"), ("", "pgcode none"),
        ("psql:<stdin>:9: ERROR:  CB001: counts\n", "pgcode count"),
        ("ERROR:  CB001\n", "its rows are not those that its manifest counts"),
    ],
)  # fmt: skip
def test_a_refusal_of_the_database_is_told_by_its_code_alone(faults, meaning):
    assert restore._meaning(faults) == meaning


class Psql:
    """psql, which reads to a fault or to its end."""

    def __init__(self, code, faults=b"", broken=False):
        self.stdin, self.stderr, self.code, self.read = self, io.BytesIO(faults), code, []
        self.broken, self.closed = broken, False

    def write(self, block):
        if self.broken and len(self.read) == 1:
            raise BrokenPipeError
        self.read.append(block)

    def close(self):
        self.closed = True

    def wait(self):
        return self.code


def run(psql, monkeypatch, sql):
    progress = []
    monkeypatch.setattr(restore, "running", lambda *_, **__: nullcontext(psql))
    monkeypatch.setattr(restore, "BLOCK", 4)
    restore._run(["psql"], "u", io.BytesIO(sql), "commit;", progress.append)
    return progress


def test_all_is_read_in_one_transaction_which_its_last_line_ends(monkeypatch):
    psql = Psql(0)
    assert run(psql, monkeypatch, b"a\nb\nc\n\nd") == [2, 4]
    assert psql.closed
    assert b"".join(psql.read) == b"begin;\na\nb\nc\n\ndcommit;"


@pytest.mark.parametrize("broken", [True, False])
def test_a_fault_of_psql_is_told_whether_it_read_to_the_end_or_not(monkeypatch, broken):
    with pytest.raises(Refuse, match=r"refused the backup \(pgcode 23505\)"):
        run(Psql(3, b"psql:<stdin>:1: ERROR:  23505\n", broken), monkeypatch, b"a\n")


def test_only_a_whole_archive_with_a_manifest_is_a_backup(tmp_path):
    file = tmp_path / "a.zip"

    def manifest():
        with restore._opened(file) as archive:
            return restore._manifest(archive, file)

    with pytest.raises(Refuse, match=r"cannot be read \(No such file"):
        manifest()
    file.write_bytes(b"something else")
    with pytest.raises(Refuse, match="is no whole backup"):
        manifest()
    for held in ({"other": "x"}, {MANIFEST: json.dumps({"casebeat": "1"})}):
        with ZipFile(file, "w") as archive:
            for name, text in held.items():
                archive.writestr(name, text)
        with pytest.raises(Refuse, match="it has no manifest"):
            manifest()
    with ZipFile(file, "w") as archive:
        archive.writestr(MANIFEST, MADE.model_dump_json())
    assert manifest() == MADE
    assert manifest().total == 5
