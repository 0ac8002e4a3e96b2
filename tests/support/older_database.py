"""A database as an earlier version made it, for the tests of migrations."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from alembic import command
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from tasks.servers import migrate, postgres
from tests.support.copies import as_superuser

A_SOURCE = """insert into sources (name, agency, covers, first_loaded_at, last_extracted_at)
              values ('niche-45', 'police', '{45}', '2026-03-01 05:00Z', '2026-03-01 04:00Z')"""
A_SITTING = """insert into sittings (ref, force_code, cps_area, day, starts_at, places, minutes_per_case, chair_ref,
                                     place)
               values ('S1', '45', 'South East', '2026-03-17', '2026-03-17 10:00Z', 9, 10, 'P1', 'Room 1')"""
_numbers = count(1)


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
