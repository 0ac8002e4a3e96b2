"""Versions of one identity: found by index, and their state is carried on, with a case or without."""

from datetime import date

import pytest
from sqlalchemy import Engine, text

from models.queries.driver import execute, mapping, scalars
from models.queries.obligations import ladders, projection
from models.queries.obligations.versions import CHAIN
from models.queries.people import contacts

_VERSION = """
insert into obligations (case_id, force_code, rule, subject, version, chain_from, edition, owed_by, due_on, remind_on,
                         escalate_on, hard, stalls, because, began_on, ended_on, end_reason, last_step)
values (:case_id, null, 'feed-stale', 'source:niche-45', :version, 1, '1', 'operations', '2026-03-16', '2026-03-16',
        '2026-03-17', false, false, '[]', '2026-03-16', :ended_on, :end_reason, 1) returning id"""
_PROMISE = """
insert into promises (obligation_id, by_ref, made_at, made_on, until_on, reason)
values (:id, 'L1', '2026-03-16T09:00Z', '2026-03-16', '2026-03-18', 'Secret Words')"""
_TOLD = """
insert into notifications (obligation_id, happening, step, step_name, day, duty, manner, addressee, contact_ref,
                           channel)
values (:id, 'step', 1, 'late', '2026-03-16', 'escalate', 'at_once', 'spoc', 'SP1', 'email')"""


@pytest.fixture
def versions(database: Engine, case_id: int | None) -> tuple[int, int]:
    """A version that moved, with a promise and a notification, and the version that carries on from it."""
    with database.begin() as connection:
        moved = {"ended_on": date(2026, 3, 17), "end_reason": "moved"}
        first = connection.execute(text(_VERSION), {"case_id": case_id, "version": 1, **moved}).scalar_one()
        live = {"ended_on": None, "end_reason": None}
        second = connection.execute(text(_VERSION), {"case_id": case_id, "version": 2, **live}).scalar_one()
        connection.execute(text(_PROMISE), {"id": first})
        connection.execute(text(_TOLD), {"id": first})
    return first, second


@pytest.mark.parametrize("case_id", [None, 7])
def test_a_promise_is_handed_on_to_the_version_that_carries_on(database: Engine, versions: tuple[int, int]) -> None:
    first, second = versions
    with database.begin() as connection:
        projection.move_promises(connection, [first], date(2026, 3, 17), end_others=[])
        promises = "select obligation_id, ended_on from promises"
        assert mapping(connection, "obligation_id", "ended_on", promises) == {second: None}


@pytest.mark.parametrize("case_id", [None, 7])
def test_who_was_told_in_an_earlier_version_was_told(database: Engine, versions: tuple[int, int]) -> None:
    with database.begin() as connection:
        assert ladders.notified_at_present_step(connection, [versions[1]])[versions[1]].everyone == {"SP1"}


def test_a_chain_is_found_by_index_with_a_case_or_without(database: Engine) -> None:
    with database.begin() as connection:
        execute(connection, "select set_config('enable_seqscan', 'off', true)")
        statement = f"explain select v.id from obligations o cross join {CHAIN} where o.id = 1"
        plan = [line.strip() for line in scalars(connection, statement)]
    found = [line for line in plan if line.startswith("Index Cond: ((case_id")]
    assert len(found) == 2, plan
    assert all("rule = o.rule" in line and "subject = o.subject" in line for line in found), plan


@pytest.mark.parametrize("force_code", ["45", None])
def test_what_a_leave_concerns_is_found_by_index_however_large_the_book(
    database: Engine, force_code: str | None
) -> None:
    with database.begin() as connection:
        execute(
            connection,
            """with many as (
                 insert into obligations (case_id, force_code, rule, subject, version, chain_from, edition, owed_by,
                                          due_on, remind_on, escalate_on, hard, stalls, because, began_on, last_step,
                                          through, next_step_on)
                 select n, %s, 'action', 'action:' || n, 1, 1, '1', 'police', '2026-03-16', '2026-03-16',
                        '2026-03-17', false, false, '[]', '2026-03-16', 1, array['P' || n], '2026-04-01'
                 from generate_series(1, 5000) n returning 1)
               select count(*) from many""",
            (force_code,),
        )
        execute(connection, "analyze obligations")
        asked = {"force": force_code, "keys": ["P7", "P8"], "today": date(2026, 3, 18)}
        look = contacts.LOOK.format(of=contacts.OF_FORCE if force_code else "force_code is null")
        plan = [line.strip() for line in scalars(connection, f"explain analyze {look}", asked)]
    used = " ".join(plan)
    assert "ix_obligations_through" in used, plan
    assert "Seq Scan" not in used, plan
