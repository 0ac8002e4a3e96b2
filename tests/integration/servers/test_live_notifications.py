"""The marks of what is still owed, in a database that the version before made, with messages on their way."""

import pytest

from models.queries.obligations import obligation_views
from tasks.servers import migrate
from tests.support.older_database import A_SOURCE, older_database

OWED = """
insert into obligations (case_id, force_code, rule, subject, version, chain_from, edition, owed_by, due_on, remind_on,
                         escalate_on, hard, stalls, because, began_on, ended_on, end_reason, last_step)
values (1, '45', 'action', 'action:live', 1, 1, 'x', 'police', '2026-03-03', '2026-03-01', '2026-03-09', false, false,
        '[]', '2026-03-01', null, null, 1),
       (1, '45', 'action', 'action:met', 1, 1, 'x', 'police', '2026-03-03', '2026-03-01', '2026-03-09', false, false,
        '[]', '2026-03-01', '2026-03-04', 'met', 1),
       (1, '45', 'action', 'action:moved', 1, 1, 'x', 'police', '2026-03-03', '2026-03-01', '2026-03-09', false, false,
        '[]', '2026-03-01', '2026-03-04', 'moved', 1),
       (1, '45', 'action', 'action:moved', 2, 1, 'x', 'police', '2026-03-04', '2026-03-02', '2026-03-10', false, false,
        '[]', '2026-03-04', null, null, 1),
       (null, null, 'feed-stale', 'source:niche-45', 1, 1, 'x', 'operations', '2026-03-03', '2026-03-03',
        '2026-03-04', false, false, '[]', '2026-03-01', null, null, 1)"""
LETTERS = """
insert into messages (key, kind, contact_ref, channel, day, state, due_at)
values ('digest:P1:email:2026-03-02', 'digest', 'P1', 'email', '2026-03-02', 'sent', '2026-03-02 08:00Z'),
       ('digest:P1:email:2026-03-03', 'digest', 'P1', 'email', '2026-03-03', 'queued', '2026-03-03 08:00Z')"""
TOLD = """
insert into notifications (obligation_id, happening, step, step_name, day, duty, manner, addressee, contact_ref,
                           channel, state, message_id)
select o.id, 'step', 1, 'reminder', m.day, 'chase', 'digest', 'owner', 'P1', 'email', m.state, m.id
from obligations o join messages m on m.state = case o.rule when 'feed-stale' then 'queued' else 'sent' end
where o.version = 1"""
AN_END = """
insert into notifications (obligation_id, happening, step, step_name, occasion, day, duty, manner, addressee,
                           contact_ref, channel, state)
select id, 'resolved', 1, 'resolved', 'resolved', '2026-03-04', 'escalate', 'digest', 'owner', 'P1', 'email', 'queued'
from obligations where subject = 'action:met'"""


@pytest.fixture
def upgraded(server):
    with older_database(server, "0014", [A_SOURCE, OWED, LETTERS, TOLD, AN_END]) as made:
        assert migrate.migrate(made.url) == "0014"
        yield made


def test_only_what_is_still_owed_is_marked_however_often_its_day_moved(upgraded):
    marked = """select o.subject, n.happening, n.live from notifications n join obligations o on o.id = n.obligation_id
                order by 1, 2"""
    assert upgraded.ask(marked) == [
        ("action:live", "step", True), ("action:met", "resolved", False), ("action:met", "step", False),
        ("action:moved", "step", True), ("source:niche-45", "step", True),
    ]  # fmt: skip
    with upgraded.opened() as connection:
        told = obligation_views.still_open(connection, ["P1"])
    assert [(one.matter.subject, one.matter.due_on.day) for one in told["P1"]] == [
        ("action:live", 3), ("action:moved", 4),
    ]  # fmt: skip


def test_a_letter_on_its_way_keeps_what_it_tells_and_what_is_told_next_is_marked(upgraded):
    assert upgraded.ask("select state, day::text from messages order by day") == [
        ("sent", "2026-03-02"), ("queued", "2026-03-03"),
    ]  # fmt: skip
    upgraded.run(TOLD.replace("'P1'", "'P2'"))
    assert upgraded.ask("select distinct live from notifications where contact_ref = 'P2'") == [(True,)]
