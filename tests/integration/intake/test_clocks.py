"""The clocks that the machine's own is compared with."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, create_engine, delete

from models.intake import OWN, Extract, Source, SourceColumn
from models.queries.intake import clocks
from tests.support.postgres_elsewhere import FAKETIME, WHY_NOT, elsewhere, has_ipv6
from tests.worlds.review_rows import ReviewRows
from tests.worlds.rows import AT_NINE

HOUR = timedelta(hours=1)


class SourceRows(ReviewRows):
    """A book without any source."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        for table in (SourceColumn, Source):
            connection.execute(delete(table))

    def source(
        self, name: str, agency: str | None = "police", covers: tuple[str, ...] = ("45",), at: datetime = AT_NINE
    ) -> int:
        """Add a source that covers Surrey unless others are given; without an agency it is Casebeat itself."""
        return self._put(
            Source, name=name, agency=agency, covers=list(covers), first_loaded_at=at, last_extracted_at=at
        )

    def extract(
        self,
        name: str | None,
        extract_id: str,
        state: str,
        at: datetime = AT_NINE,
        judged: datetime = AT_NINE,
        refusal: str | None = None,
    ) -> None:
        self._add(
            Extract, source_name=name, extract_id=extract_id, content=extract_id, state=state, extracted_at=at,
            judged_at=judged, counts={}, refusal=refusal,
        )  # fmt: skip


@pytest.fixture
def rows(connection) -> SourceRows:
    return SourceRows(connection)


def test_the_latest_extract_tells_the_time_unless_it_was_ahead_of_the_clock_when_it_was_loaded(rows):
    minute = timedelta(minutes=1)
    assert clocks.latest_extract(rows.connection, minute) is None
    for name, hours in (("b", 1), ("a", 1), ("early", 0), ("ahead", 5), ("refused-ahead", 1), ("was-ahead", 1)):
        rows.source(name, at=AT_NINE + hours * HOUR)
    rows.source(OWN, None, at=AT_NINE + 9 * HOUR)
    later = AT_NINE + 5 * HOUR
    rows.extract("ahead", "1", "loaded", later, later - 2 * minute)
    assert clocks.latest_extract(rows.connection, minute) == ("a", AT_NINE + HOUR)
    assert clocks.latest_extract(rows.connection, 2 * minute) == ("ahead", later)
    rows.extract("a", "2", "refused", AT_NINE + HOUR, AT_NINE)
    rows.extract("a", "3", "loaded", AT_NINE + 2 * HOUR, AT_NINE)
    assert clocks.latest_extract(rows.connection, minute) == ("a", AT_NINE + HOUR)
    rows.extract("a", "4", "loaded", AT_NINE + HOUR, AT_NINE)
    assert clocks.latest_extract(rows.connection, minute) == ("b", AT_NINE + HOUR)


def test_a_server_on_a_socket_keeps_this_machines_clock(rows):
    assert not clocks.of_database(rows.connection).elsewhere


@pytest.mark.skipif(FAKETIME is None, reason=WHY_NOT)
@pytest.mark.skipif(not has_ipv6(), reason="this machine has no loopback address of IPv6")
def test_a_server_on_a_loopback_address_of_either_kind_keeps_this_machines_clock():
    with elsewhere("127.0.0.1,::1") as server, server.running("+0"):
        for host in ("127.0.0.1", "::1"):
            at = {"host": host, "port": server.port, "user": "postgres", "dbname": "postgres"}
            engine = create_engine("postgresql+psycopg2://", connect_args=at)
            with engine.connect() as connection:
                assert not clocks.of_database(connection).elsewhere, host
            engine.dispose()
