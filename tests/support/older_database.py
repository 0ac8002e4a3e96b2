"""An older version of Casebeat beside this one, and a database as an older one made it."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from tasks.servers import migrate, postgres
from tests.support.copies import as_superuser
from tests.support.ran import ROOT, Ran

A_SOURCE = """insert into sources (name, agency, covers, first_loaded_at, last_extracted_at)
              values ('niche-45', 'police', '{45}', '2026-03-01 05:00Z', '2026-03-01 04:00Z')"""
A_SITTING = """insert into sittings (ref, force_code, cps_area, day, starts_at, places, minutes_per_case, chair_ref,
                                     place)
               values ('S1', '45', 'South East', '2026-03-17', '2026-03-17 10:00Z', 9, 10, 'P1', 'Room 1')"""
_numbers = count(1)
_PROGRAM = "from flows.command_line.main import main; main()"


class OlderDatabase(NamedTuple):
    """A database at a revision, with statements of that version's schema; `upgrade` brings it on."""

    url: str  # as its owner reaches it

    @contextmanager
    def opened(self) -> Iterator[Connection]:
        """A connection of its own, which commits if its block ends well."""
        engine = create_engine(self.url, poolclass=NullPool)
        with closing(engine.connect()) as connection:
            yield connection
            connection.commit()
        engine.dispose()

    def run(self, *statements: str) -> None:
        """Run statements in one transaction."""
        with self.opened() as connection:
            for statement in statements:
                connection.execute(text(statement))

    def ask(self, statement: str) -> list[tuple[Any, ...]]:
        """Return the rows of a statement."""
        with self.opened() as connection:
            return list(map(tuple, connection.execute(text(statement))))

    def upgrade(self, revision: str) -> None:
        """Bring it to a revision by Alembic itself; `migrate.migrate` is the whole way, as people go it."""
        with self.opened() as connection:
            config = migrate.configuration()
            config.attributes["connection"] = connection
            command.upgrade(config, revision)


@contextmanager
def older_database(server: Path, revision: str, filled: Sequence[str] = ()) -> Iterator[OlderDatabase]:
    """Make a database of a revision with rows of that version, and drop it at the end."""
    name = f"of_revision_{revision}_{next(_numbers)}"
    as_superuser(server, f"create database {name} owner casebeat_owner")
    made = OlderDatabase(postgres.url(server, database=name, role="casebeat_owner"))
    try:
        made.upgrade(revision)
        made.run(*filled)
        yield made
    finally:
        as_superuser(server, f"drop database {name} with (force)")


class Version:
    """The commands of one version, on a data directory with the embedded database."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree

    def casebeat(self, home: Path, *arguments: str) -> Ran:
        """Run a command of this version."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("CASEBEAT_")}
        told = {"CASEBEAT_HOME": str(home), "CASEBEAT_CLOCK": "virtual", "PYTHONPATH": str(self.tree)}
        ran = subprocess.run(
            [sys.executable, "-c", _PROGRAM, *arguments],
            cwd=self.tree, env=kept | told, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        return Ran(ran.returncode, ran.stdout, ran.stderr)


THIS = Version(ROOT)


def before_migration(revision: str, folder: Path) -> Version:
    """Return the last version before a migration came, in a new folder. Skips where the history does not reach."""
    commit = _before(revision)
    if commit is None:
        pytest.skip("this checkout has no history of git up to an older version")
    folder.mkdir()
    tree = subprocess.run(["git", "archive", commit], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    subprocess.run(["tar", "--extract"], cwd=folder, input=tree.stdout, check=True)
    return Version(folder)


@cache
def _before(revision: str) -> str | None:
    came = ("git", "log", "--diff-filter=A", "--format=%H", "--", f"models/migrations/versions/{revision}_*.py")
    commits = _asked(*came).split()
    return _asked("git", "rev-parse", "--verify", "--quiet", f"{commits[-1]}^").strip() or None if commits else None


def _asked(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout
