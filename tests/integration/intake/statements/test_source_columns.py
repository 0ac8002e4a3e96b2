"""The statements of the columns that each source sends, and of what they let the rules see."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from config.terms import Agency
from models.intake import OWN, SourceColumn
from models.queries.intake import source_columns
from models.queries.intake.source_columns import KnownColumn
from models.rules.sight import SentColumn
from tests.integration.source_rows import DAY, SourceRows


@pytest.fixture
def rows(connection) -> SourceRows:
    return SourceRows(connection)


def test_what_is_known_of_a_sources_columns_changes_its_day_where_it_begins_to_be_lacking_or_sent(rows):
    one, other = rows.source("one"), rows.source("other")
    rows.column(other, "cases.csv", "risk")
    for name, state in (("a", "sent"), ("b", "sent"), ("c", "lacking"), ("d", "lacking"), ("e", "supposed")):
        rows.column(one, "cases.csv", name, state)
    later = DAY + timedelta(days=1)
    states = {"a": "sent", "b": "lacking", "c": "lacking", "d": "sent", "e": "sent", "f": "sent"}
    source_columns.record(rows.connection, one, [KnownColumn("cases.csv", *each) for each in states.items()], later)
    source_columns.record(rows.connection, one, [], later)
    found = {column.name: column.state for column in source_columns.known(rows.connection, one)}
    assert found == states
    since = select(SourceColumn.name, SourceColumn.since).where(SourceColumn.source_id == one)
    assert dict(rows.found(since)) == {
        "a": DAY, "b": later, "c": DAY, "d": later, "e": DAY, "f": later,
    }  # fmt: skip
    assert [one.name for one in source_columns.known(rows.connection, other)] == ["risk"]


def test_what_people_record_is_seen_in_every_column_that_any_source_of_the_file_knows(rows):
    """After an upgrade one source has sent a new column, and another has not sent since."""
    new, old, own = rows.source("new"), rows.source("old"), rows.source(OWN, None, ())
    rows.column(new, "cases.csv", "risk", "sent")
    rows.column(new, "cases.csv", "restricted", "lacking")
    rows.column(old, "cases.csv", "risk", "sent")
    found = source_columns.sights(rows.connection, ["45"])
    assert found["45"].sent[own, "cases.csv"] == {"risk", "restricted"}
    assert found["45"].sent[old, "cases.csv"] == {"risk"}


def test_the_rules_see_what_the_sources_of_a_force_and_of_its_rows_send(rows):
    police, cps = rows.source("niche", covers=("45", "46")), rows.source("cms", "cps")
    left, apart = rows.source("left", covers=("47",)), rows.source("apart", covers=("48",))
    own = rows.source(OWN, None, ())
    for of, file, name, state in (
        (police, "cases.csv", "risk", "sent"), (police, "cases.csv", "urn", "lacking"),
        (police, "orders.csv", "kind", "supposed"), (cps, "cases.csv", "urn", "sent"),
        (cps, "cases.csv", "risk", "lacking"), (left, "cases.csv", "risk", "sent"),
        (left, "cases.csv", "urn", "lacking"), (apart, "cases.csv", "risk", "sent"),
    ):  # fmt: skip
        rows.column(of, file, name, state)
    found = source_columns.sights(rows.connection, ["45", "46"], [left])
    assert set(found) == {"45", "46"}
    sent = found["45"].sent
    assert {key: set(names) for key, names in sent.items() if key[0] != own} == {
        (police, "cases.csv"): {"risk"}, (police, "orders.csv"): {"kind"}, (cps, "cases.csv"): {"urn"},
        (left, "cases.csv"): {"risk"},
    }  # fmt: skip
    assert {file: set(names) for (of, file), names in sent.items() if of == own} == {
        "cases.csv": {"risk", "urn"}, "orders.csv": {"kind"},
    }  # fmt: skip
    assert found["45"].names == {police: "niche", cps: "cms", left: "left", own: OWN}
    assert found["45"].covering == {Agency.POLICE: (police,), Agency.CPS: (cps,)}
    assert found["46"].covering == {Agency.POLICE: (police,), Agency.CPS: ()}


def test_each_source_that_sends_has_its_columns_and_since_when_it_lacks_others(rows):
    made = {name: rows.source(name) for name in ("d", "b", "c", "a", "e")}
    rows.source(OWN, None)
    for name, state in (("risk", "sent"), ("urn", "lacking"), ("bail_ends_on", "supposed")):
        rows.column(made["b"], "cases.csv", name, state)
    rows.column(made["b"], "orders.csv", "kind", "lacking", DAY - timedelta(days=3))
    rows.column(made["d"], "cases.csv", "urn")
    found = {
        one.source: {(each.file, each.name) for each in one.sent} for one in source_columns.sources(rows.connection)
    }
    assert list(found) == ["a", "b", "c", "d", "e"]
    assert (found["b"], found["a"]) == ({("cases.csv", "risk"), ("cases.csv", "bail_ends_on")}, set())
    assert source_columns.lacking_since(rows.connection) == {
        "b": {SentColumn("cases.csv", "urn"): DAY, SentColumn("orders.csv", "kind"): DAY - timedelta(days=3)},
    }  # fmt: skip
