"""The reads of a round's account: the cases stalled longest, by force."""

from datetime import date

import pytest
from sqlalchemy import Connection, text

from config.days.london import at_london
from flows.configured import configured
from models.queries.rounds import summary
from tasks.rounds import expected
from tests.worlds.rows import World

TODAY = date(2026, 3, 17)


@pytest.fixture
def stalled(connection: Connection) -> Connection:
    """Cases that came into the book in another order than they stalled in; of one, two things are owed."""
    world = World(connection)
    for reference, since in (("LATER", 12), ("FIRST", 9), ("SECOND", 10), ("THIRD", 11)):
        days = {"due_on": date(2026, 3, 5), "escalate_on": date(2026, 3, since), "last_step": 3}
        case_id = world.case(reference)
        world.obligation(case_id, **days)
        if reference == "SECOND":
            world.obligation(case_id, **days, rule="action", subject="action:A1", owed_by="police")
            world.obligation(case_id, **days, rule="action", subject="action:A2", owed_by="police")
        if reference == "THIRD":
            connection.execute(text("update cases set restricted = true where case_ref = 'THIRD'"))
    return connection


def listed(connection: Connection, most: int, forces: tuple[str, ...] = ("45", "46")) -> list[tuple[str, str]]:
    found = summary.worst_stalled(connection, forces, TODAY, most)
    return [(one.case_ref, one.since.isoformat()) for one in found]


def test_the_longest_stalled_come_first_and_no_restricted_case_is_among_them(stalled: Connection) -> None:
    assert listed(stalled, 9) == [("FIRST", "2026-03-09"), ("SECOND", "2026-03-10"), ("LATER", "2026-03-12")]
    assert summary.unlisted_stalled(stalled, ["45"], TODAY) == 1
    assert summary.unlisted_stalled(stalled, ["46"], TODAY) == 0


def test_where_there_are_too_many_the_longest_stalled_are_kept(stalled: Connection) -> None:
    assert [reference for reference, _ in listed(stalled, 2)] == ["FIRST", "SECOND"]


def test_of_several_forces_the_longest_stalled_come_first_whichever_they_are_of(stalled: Connection) -> None:
    stalled.execute(text("update cases set force_code = '46' where case_ref = 'FIRST'"))
    stalled.execute(
        text("update obligations set force_code = '46' where case_id = (select id from cases where case_ref = 'FIRST')")
    )
    assert [reference for reference, _ in listed(stalled, 2)] == ["FIRST", "SECOND"]
    assert [reference for reference, _ in listed(stalled, 9, ("46",))] == ["FIRST"]
    assert listed(stalled, 9, ()) == []


def test_what_stalls_a_case_is_named_once_however_often_it_is_owed(stalled: Connection) -> None:
    by_reference = {one.case_ref: one for one in summary.worst_stalled(stalled, ["45"], TODAY, 9)}
    assert tuple(by_reference["SECOND"])[-1] == ("action owed by police", "joint-review owed by both")
    assert tuple(by_reference["FIRST"])[-1] == ("joint-review owed by both",)


def test_what_is_not_escalated_today_does_not_stall(stalled: Connection) -> None:
    found = summary.worst_stalled(stalled, ["45"], date(2026, 3, 9), 9)
    assert [one.case_ref for one in found] == ["FIRST"]


def test_every_source_that_sends_is_listed_by_name_with_the_last_day_of_its_next_extract(
    connection: Connection,
) -> None:
    for name, agency in (("zeta", "police"), ("alpha", "cps"), ("casebeat", None)):
        connection.execute(
            text(
                """insert into sources (name, agency, covers, first_loaded_at, last_extracted_at)
                   values (:name, :agency, '{45}', '2026-03-02T05:00Z', '2026-06-01T23:30Z')"""
            ),
            {"name": name, "agency": agency},
        )
    found = expected.feed_states(configured(), connection, at_london(date(2026, 6, 4)))
    feeds = [(one.source, one.extracted_on, one.due_on, one.trouble is None) for one in found]
    assert [one for one in feeds if not one[0].startswith("niche")] == [
        (name, date(2026, 6, 2), date(2026, 6, 3), False) for name in ("alpha", "zeta")
    ]


def test_the_outbox_is_counted_by_state_of_the_day_and_of_earlier_days_what_waits_or_failed(
    connection: Connection,
) -> None:
    world = World(connection)
    for state in ("sent", "retry", "queued", "claimed", "sending", "dead", "unknown", "silent"):
        world.message(None, state=state)
        world.message(None, state=state, day=date(2026, 3, 16))
    assert [*summary.outbox(connection, TODAY).items()] == [
        ("claimed", 2), ("dead", 2), ("queued", 2), ("retry", 2), ("sending", 2), ("sent", 1), ("silent", 1),
        ("unknown", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(("first", "today", "found"), [(9, 10, True), (8, 10, True), (10, 11, False), (8, 9, False)])
def test_the_daily_message_is_looked_for_from_a_first_day_on_and_before_today(
    connection: Connection, first: int, today: int, found: bool
) -> None:
    connection.execute(
        text(
            """insert into messages (key, kind, channel, day, due_at, state)
               values ('daily:2026-03-09', 'operations', 'email', '2026-03-09', '2026-03-09T08:00Z', 'sent')"""
        )
    )
    assert summary.daily_message_since(connection, date(2026, 3, first), date(2026, 3, today)) is found


def test_the_stalled_cases_of_a_force_are_those_of_its_latest_round_up_to_a_day(connection: Connection) -> None:
    connection.execute(
        text(
            """insert into rounds (force_code, day, began_at, account) values
               ('45', '2026-03-09', '2026-03-09T06:00Z', '{"stalled": 1}'),
               ('45', '2026-03-10', '2026-03-10T06:00Z', '{"stalled": 2}'),
               ('45', '2026-03-10', '2026-03-10T09:00Z', '{"stalled": 3}'),
               ('45', '2026-03-11', '2026-03-11T06:00Z', '{"stalled": 4}')"""
        )
    )
    assert summary.counted_stalled(connection, ["45"], date(2026, 3, 10)) == {"45": 3}
    assert summary.counted_stalled(connection, ["45"], date(2026, 3, 9)) == {"45": 1}
