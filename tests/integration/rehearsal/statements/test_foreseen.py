"""The statements of what is foreseen: what cases owe, what a round would look at anew, and what is set in copies."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from config.policy import load_policy
from config.settings import settings
from models.obligations import Obligation
from models.queries.rehearsal import foreseen
from tests.integration.outbox_world import TUESDAY
from tests.integration.review_rows import ReviewRows


def on(days: int) -> date:
    return TUESDAY + timedelta(days=days)


@pytest.fixture
def rows(connection) -> ReviewRows:
    made = ReviewRows(connection)
    made.contact("of1")
    return made


def test_what_a_forces_cases_owe_up_to_a_day_waits_where_it_was_promised_or_a_letter_of_it_has_not_left(rows):
    one, two, there = rows.case_of("one"), rows.case_of("two"), rows.case_of("there", "46")
    assert foreseen.cases(rows.connection, "45") == [one, two]
    ids = {
        name: rows.owes(one, on(0), rule=name, **{"next_step_on": on(0)} | given)
        for name, given in (
            ("free", {}), ("sent", {}), ("queued", {}), ("promised", {}), ("shown", {}), ("hard-shown", {"hard": True}),
            ("later", {"next_step_on": on(9)}), ("done", {"next_step_on": None}),
            ("over", {"ended_on": on(0), "end_reason": "met"}),
        )
    }  # fmt: skip
    beside = rows.owes(two, on(0), next_step_on=on(3))
    rows.owes(there, on(0), "46", next_step_on=on(0))
    for name, state in (("sent", "sent"), ("queued", "queued"), ("shown", "shown"), ("hard-shown", "shown")):
        rows.notification(ids[name], None, "of1", step=1, day=on(-1), state=state)
    rows.promise(ids["promised"], until_on=on(2), by_ref="of1")
    rows.convening(two, rows.sitting("S1", on(5)))
    found = {each.id: each for each in foreseen.of_cases(rows.connection, [one, two], on(3))}
    names = {"free", "sent", "queued", "promised", "shown", "hard-shown"}
    assert found.keys() == {beside} | {ids[name] for name in names}
    assert {name for name in names if found[ids[name]].waits} == {"queued", "promised", "hard-shown"}
    assert (found[beside].sits_on, found[ids["free"]].sits_on) == (on(5), None)
    every = {each.id for each in foreseen.of_cases(rows.connection, [one, two], None)}
    assert every == found.keys() | {ids["later"], ids["done"]}
    assert [each.id for each in foreseen.of_ids(rows.connection, [ids["later"], ids["over"]])] == [ids["later"]]
    assert foreseen.of_ids(rows.connection, []) == []
    assert foreseen.live(rows.connection, [ids["free"], ids["over"], beside]) == {ids["free"], beside}


def test_a_round_would_look_at_what_has_its_step_today_or_began_since(rows):
    one, there = rows.case_of("one"), rows.case_of("there", "46")
    before = [rows.owes(one, on(0), rule=f"r{day}", next_step_on=on(day)) for day in (-1, 0, 1)]
    newest = foreseen.newest(rows.connection)
    assert newest == before[-1]
    since = [rows.owes(one, on(0), rule=f"s{day}", next_step_on=on(day)) for day in (-1, 0, 1)]
    rows.owes(there, on(0), "46", next_step_on=on(0))
    rows.owes(None, on(0), "45", subject="force:45", next_step_on=on(0))
    rows.owes(one, on(0), rule="over", next_step_on=on(0), ended_on=on(0), end_reason="met")
    found = sorted(foreseen.woken(rows.connection, ["45"], on(0), newest))
    assert found == [before[1], *since[:2]]


def test_where_rules_differ_their_manner_is_set_and_what_is_looked_at_again_never_waits_longer(rows):
    one, there = rows.case_of("one"), rows.case_of("there", "46")
    rules = {"action": load_policy(settings().policy).rules.of("action")}
    kept, changed = rows.owes(one, on(0)), rows.owes(one, on(0), rule="action", hard=True, stalls=False)
    elsewhere = rows.owes(there, on(0), "46", rule="action", hard=True, next_step_on=on(4))
    foreseen.renumber(rows.connection, "45", rules)
    hard = dict(rows.found(select(Obligation.id, Obligation.hard)))
    assert hard == {kept: False, changed: rules["action"].hard, elsewhere: True}
    foreseen.look_at(rows.connection, [elsewhere, changed], on(2))
    assert dict(rows.found(select(Obligation.id, Obligation.next_step_on)))[elsewhere] == on(2)
    foreseen.no_climb(rows.connection, [elsewhere])
    assert dict(rows.found(select(Obligation.id, Obligation.next_step_on)))[elsewhere] is None
