"""The statements of the systems that send extracts, and of Casebeat as a source of its own."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from models.intake import OWN, Source
from models.queries.intake import sources
from models.queries.intake.sources import SourceState
from tests.integration.outbox_world import AT_NINE
from tests.integration.source_rows import SourceRows

HOUR = timedelta(hours=1)


@pytest.fixture
def rows(connection) -> SourceRows:
    return SourceRows(connection)


def test_the_forces_and_the_sources_that_send_are_in_order(rows):
    for name, agency, covers in (("n", "police", ("46", "44", "45")), ("c", "cps", ("45", "01")), (OWN, None, ("99",))):
        rows.source(name, agency, covers, datetime(2026, 7, 1, 23, 30, tzinfo=UTC))
    rows.source("p", covers=("43", "47", "42"))
    assert sources.force_codes(rows.connection) == ["01", "42", "43", "44", "45", "46", "47", "99"]
    assert list(sources.last_extracted(rows.connection).items()) == [
        ("c", date(2026, 7, 2)), ("n", date(2026, 7, 2)), ("p", date(2026, 3, 17)),
    ]  # fmt: skip


def test_casebeat_is_found_as_its_own_source_beside_others(rows):
    rows.source("n")
    own = sources.own(rows.connection, AT_NINE)
    rows.source("p")
    assert sources.own(rows.connection, AT_NINE) == own
    assert rows.found(select(Source.name).where(Source.id == own)) == [(OWN,)]


def test_a_source_has_its_newest_extract_if_that_was_refused(rows):
    for name in ("well", "refused", "older", "same", "loaded-after", "sends-nothing"):
        rows.source(name)
    rows.source(OWN, None)
    for of, extract_id, state, at in (
        ("well", "w1", "loaded", AT_NINE), ("refused", "r1", "loaded", AT_NINE),
        ("refused", "r2", "refused", AT_NINE + HOUR), ("refused", "r3", "refused", AT_NINE + HOUR),
        ("older", "o1", "loaded", AT_NINE), ("older", "o2", "refused", AT_NINE - HOUR),
        ("same", "s1", "loaded", AT_NINE), ("same", "s2", "refused", AT_NINE),
        ("loaded-after", "l1", "refused", AT_NINE + HOUR), ("loaded-after", "l2", "loaded", AT_NINE),
        ("a-new-one", "n1", "refused", AT_NINE), (None, "x1", "refused", AT_NINE),
    ):  # fmt: skip
        rows.extract(of, extract_id, state, at, refusal=f"why {extract_id}" if state == "refused" else None)
    found = sources.states(rows.connection)
    on = date(2026, 3, 17)
    known = [
        SourceState(name, ("45",), on, None, None)
        for name in ("loaded-after", "older", "same", "sends-nothing", "well")
    ]
    refused = SourceState("refused", ("45",), on, "r3", "why r3")
    new = SourceState("a-new-one", (), None, "n1", "why n1")
    assert found == sorted([*known, refused, new], key=lambda one: one.name)
