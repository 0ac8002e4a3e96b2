"""The statements of the sittings to come, the parties of their cases, and series."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from models.queries.reviews import attended_sittings
from models.queries.reviews.attended_sittings import KnownSeries, NewSeries
from models.sittings import Convening, SeriesRow, SittingRow
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows

AT = datetime(2026, 3, 18, 10, tzinfo=UTC)
WEDNESDAY, FRIDAY = date(2026, 3, 18), date(2026, 3, 20)


@pytest.fixture
def rows(connection) -> ReviewRows:
    return ReviewRows(connection)


def test_the_sittings_to_come_begin_after_the_moment_with_their_cases_by_slot(rows):
    shared = rows.urn("45ZZ0000126")
    for ref, day, given in (
        ("d", FRIDAY, {}), ("at", WEDNESDAY, {}), ("gone", FRIDAY, {"cancelled_on": TUESDAY}),
        ("a", FRIDAY, {"starts_at": AT + timedelta(days=3)}),
        ("soon", WEDNESDAY, {"starts_at": AT + timedelta(minutes=1)}),
    ):  # fmt: skip
        rows.sitting(ref, day, area=f"Area {ref}", **given)
    ids = dict(rows.found(select(SittingRow.ref, SittingRow.id)))
    for slot, (ref, sitting, ended) in enumerate((
        ("live", "d", {}), ("held", "d", {"end": "held"}), ("not-held", "d", {"end": "not_held"}),
        ("moved", "d", {"end": "moved"}), ("unrecorded", "d", {"end": "unrecorded"}), ("of-at", "at", {}),
        ("shared", "a", {}),
    )):  # fmt: skip
        case_id = rows.case_of(ref, urn_key_id=shared if ref == "shared" else None, restricted=ref == "live")
        rows.convening(case_id, ids[sitting], slot=9 - slot, ended_on=TUESDAY if ended else None, **ended)
    rows.prosecuted(shared, "pr1")
    rows.move_back(SittingRow, ids["d"])
    rows.move_back(Convening, min(id_ for id_ in rows.slots()))
    found = attended_sittings.sittings(rows.connection, AT)
    assert [one.ref for one in found] == ["d", "a", "soon"]
    assert [(one.slot, one.restricted) for one in found[0].cases] == [(7, False), (8, False), (9, True)]
    assert [(one.slot, one.matter.prosecutor_ref) for one in found[1].cases] == [(3, "pr1")]
    assert found[2].cases == ()
    (last,) = attended_sittings.sittings(rows.connection, AT + timedelta(days=2))
    assert (last.ref, len(last.cases)) == ("a", 1)
    assert attended_sittings.sittings(rows.connection, AT + timedelta(days=9)) == []


def test_a_series_is_known_for_two_weeks_after_its_end(rows):
    for ref, days in (("c", None), ("b", 13), ("d", 14), ("a", 0)):
        ended_on = None if days is None else TUESDAY - timedelta(days=days)
        rows.add(SeriesRow, ref=ref, force_code="45", cps_area="South East", rule=f"rule {ref}", ended_on=ended_on)
    found = attended_sittings.series(rows.connection, TUESDAY)
    assert [(one.ref, one.ended_on) for one in found] == [
        ("a", TUESDAY), ("b", TUESDAY - timedelta(days=13)), ("c", None),
    ]  # fmt: skip
    assert attended_sittings.series_refs(rows.connection) == {"a", "b", "c", "d"}


def test_a_series_begins_with_its_reference_and_ends_by_it(rows):
    new = [(f"s{force}", NewSeries(force, "South East", "2nd Tue", FRIDAY)) for force in ("45", "46", "47")]
    attended_sittings.begin_series(rows.connection, new)
    attended_sittings.end_series(rows.connection, {"s45", "s47"}, TUESDAY)
    assert attended_sittings.series(rows.connection, TUESDAY) == [
        KnownSeries(f"s{force}", force, "South East", "2nd Tue", ended)
        for force, ended in (("45", TUESDAY), ("46", None), ("47", TUESDAY))
    ]
    attended_sittings.end_series(rows.connection, {"s46"}, WEDNESDAY)
    ends = dict(rows.found(select(SeriesRow.ref, SeriesRow.ended_on)))
    assert ends == {"s45": TUESDAY, "s46": WEDNESDAY, "s47": TUESDAY}
