"""The systems that send extracts: the forces they cover, and when each sent last."""

from datetime import UTC, date, datetime

from sqlalchemy import Connection, text

from models.queries.intake import sources


def _source(connection: Connection, name: str, agency: str | None, covers: str, at: str) -> None:
    connection.execute(
        text(
            """insert into sources (name, agency, covers, first_loaded_at, last_extracted_at)
               values (:name, :agency, :covers, :at, :at)"""
        ),
        {"name": name, "agency": agency, "covers": covers, "at": at},
    )


def test_a_force_that_two_sources_cover_is_one_force(connection: Connection) -> None:
    _source(connection, "niche", "police", "{46,45}", "2026-03-02T05:00Z")
    _source(connection, "cms", "cps", "{45,01}", "2026-03-02T05:00Z")
    assert sources.force_codes(connection) == ["01", "45", "46"]


def test_by_a_day_those_forces_are_covered_of_which_an_extract_was_loaded_by_then(connection: Connection) -> None:
    _source(connection, "niche", "police", "{45}", "2026-06-01T22:30Z")
    _source(connection, "cms", "cps", "{46}", "2026-06-01T23:30Z")  # after midnight in London
    found = [sources.force_codes(connection, date(2026, 6, day)) for day in (1, 2)]
    assert found == [["45"], ["45", "46"]]


def test_each_source_that_sends_is_told_with_the_london_day_of_its_latest_extract(connection: Connection) -> None:
    _source(connection, "niche", "police", "{45}", "2026-06-01T23:30Z")
    _source(connection, "cms", "cps", "{45}", "2026-03-02T23:30Z")
    sources.own(connection, datetime(2026, 3, 2, tzinfo=UTC))
    told = [(name, on.isoformat()) for name, on in sources.last_extracted(connection).items()]
    assert told == [("cms", "2026-03-02"), ("niche", "2026-06-02")]


def test_casebeat_is_a_source_once_however_often_it_is_asked_for(connection: Connection) -> None:
    _source(connection, "niche", "police", "{45}", "2026-03-02T05:00Z")
    own = sources.own(connection, datetime(2026, 3, 2, tzinfo=UTC))
    assert sources.own(connection, datetime(2026, 3, 3, tzinfo=UTC)) == own
    found = connection.execute(
        text("select id, agency, covers, last_extracted_at from sources where name = 'casebeat'")
    )
    assert [tuple(row) for row in found] == [(own, None, [], datetime(2026, 3, 2, tzinfo=UTC))]
