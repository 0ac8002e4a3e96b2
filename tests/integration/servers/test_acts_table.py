"""A database of the version before acts: what was done then keeps its rows, and no door is made up for it."""

import pytest
from sqlalchemy.exc import IntegrityError

from tasks.servers import migrate
from tests.support.older_database import A_SITTING, A_SOURCE, older_database

KEY = "insert into case_keys (force_code, case_ref) values ('45', 'S-1')"
CASE = """
insert into cases (id, source_id, force_code, case_ref, cps_area, opened_on, offence_codes, classification, risk,
                   oic_ref)
select k.id, s.id, '45', 'S-1', 'South East', '2026-03-02', '{PH97011}', 'stalking', 'high', 'P1'
from case_keys k, sources s"""
OWED = """
insert into obligations (case_id, force_code, rule, subject, version, chain_from, edition, owed_by, due_on, remind_on,
                         escalate_on, hard, stalls, because, began_on)
select id, '45', 'action', 'action:A1', 1, 1, 'x', 'police', '2026-03-16', '2026-03-09', '2026-03-19', false, true,
       '[]', '2026-03-02' from cases"""
PROMISED = """
insert into promises (obligation_id, by_ref, made_at, made_on, until_on, reason)
select id, 'P1', '2026-03-17 08:00Z', '2026-03-17', '2026-03-24', 'x' from obligations"""
MOVED = """
insert into convenings (case_id, sitting_id, slot, due_on, deadline_on, because, chosen_by, convened_on)
select c.id, s.id, 0, '2026-03-17', '2026-03-17', 'chosen', 'P1', '2026-03-10' from cases c, sittings s"""
WAITING = """
insert into messages (key, kind, contact_ref, channel, day, due_at)
values ('digest:P1:email:2026-03-17', 'digest', 'P1', 'email', '2026-03-17', '2026-03-17 08:00Z')"""
FILLED = [A_SOURCE, A_SITTING, KEY, CASE, OWED, PROMISED, MOVED, WAITING]


@pytest.fixture
def upgraded(server):
    with older_database(server, "0021", FILLED) as made:
        assert migrate.migrate(made.url) == "0021"
        yield made


def test_what_was_done_before_has_no_door_and_tells_nobody(upgraded):
    assert upgraded.ask("select count(*) from acts") == [(0,)]
    assert upgraded.ask("select by_ref from promises") == [("P1",)]
    assert upgraded.ask("select kind, state from messages") == [("digest", "queued")]


def test_an_act_is_of_one_thing(upgraded):
    of_nothing = "(made_at, made_on, by_ref, door, through_ref) values (now(), '2026-03-17', 'P1', 'mail', '')"
    with pytest.raises(IntegrityError, match="ck_acts_of_one"):
        upgraded.run(f"insert into acts {of_nothing}")
