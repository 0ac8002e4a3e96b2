"""What followed a URN in a database that the version before made: suffixes stay, free text goes."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from tasks.platform import migrate, postgres

BEFORE, AFTER = "0005", "0006"
KEPT = ("M", "(M)", "S", "/1", "-01", "M/1", "(AB)(12)")
REMOVED = ("- JANE SMITH, REFUSED TO ATTEND", "JANE", "/REFUSED", "M;", "(M", "1234")


@contextmanager
def opened(url: str) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool)
    with closing(engine.connect()) as connection:
        yield connection
        connection.commit()
    engine.dispose()


def upgrade(url: str, revision: str) -> None:
    with opened(url) as connection:
        config = migrate.configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


@pytest.fixture
def before(server, superuser) -> Iterator[str]:
    """The URL of a database of the version before, as its owner reaches it."""
    superuser("create database before_suffixes owner casebeat_owner")
    url = postgres.url(server, database="before_suffixes", role="casebeat_owner")
    try:
        upgrade(url, BEFORE)
        yield url
    finally:
        superuser("drop database before_suffixes with (force)")


def test_free_text_after_a_urn_is_removed_and_a_suffix_stays(before):
    with opened(before) as connection:
        connection.execute(
            text(
                """insert into sources (name, agency, covers, first_loaded_at, last_extracted_at)
                   values ('niche-45', 'police', '{45}', '2026-03-01 05:00Z', '2026-03-01 04:00Z')"""
            )
        )
        connection.execute(text("insert into case_keys (urn_root) values ('45AB1234567')"))
        for number, suffix in enumerate((None, *KEPT, *REMOVED)):
            connection.execute(
                text(
                    """insert into incidents
                         (incident_ref, source_id, key_id, occurred_on, reported_on, breach, urn_suffix)
                       select :ref, s.id, k.id, '2026-03-01', '2026-03-01', false, :suffix
                       from sources s, case_keys k"""
                ),
                {"ref": f"I{number}", "suffix": suffix},
            )
    upgrade(before, AFTER)
    with opened(before) as connection:
        stored = connection.scalars(text("select urn_suffix from incidents where urn_suffix is not null"))
        assert sorted(stored) == sorted(KEPT)
        assert connection.scalar(text("select count(*) from incidents")) == 1 + len(KEPT) + len(REMOVED)
