"""What followed a URN in a database that the version before made: suffixes stay, free text goes."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from tests.support.older_database import A_SOURCE, OlderDatabase, older_database

BEFORE, AFTER = "0005", "0006"
KEPT = ("M", "(M)", "S", "/1", "-01", "M/1", "(AB)(12)")
REMOVED = ("- JANE SMITH, REFUSED TO ATTEND", "JANE", "/REFUSED", "M;", "(M", "1234")


@pytest.fixture
def before(server) -> Iterator[OlderDatabase]:
    with older_database(server, BEFORE, [A_SOURCE, "insert into case_keys (urn_root) values ('45AB1234567')"]) as made:
        yield made


def test_free_text_after_a_urn_is_removed_and_a_suffix_stays(before):
    with before.opened() as connection:
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
    before.upgrade(AFTER)
    stored = before.ask("select urn_suffix from incidents where urn_suffix is not null order by incident_ref")
    assert sorted(suffix for (suffix,) in stored) == sorted(KEPT)
    assert before.ask("select count(*) from incidents") == [(1 + len(KEPT) + len(REMOVED),)]
