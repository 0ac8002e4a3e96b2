"""Messages on their way in a database that the version before letters made: each is said once, and none is lost."""

from email import message_from_bytes, policy

import pytest

from config.days.london import at_london
from config.settings import settings
from tasks.outbox.delivery import deliver
from tasks.outbox.digests import group
from tasks.servers import database, migrate
from tests.support.older_database import A_SITTING, A_SOURCE, older_database
from tests.worlds.days import day

YESTERDAY, TODAY = "Tue 17 Mar 2026", "Wed 18 Mar 2026"
PEOPLE = """
insert into contacts (contact_ref, source_id, agency, name, email, roles, force_codes, cps_areas, first_seen_on)
select ref, id, 'police', 'Robin Example', lower(ref) || '@surrey.police.uk', array[role], '{45}', '{}', '2026-03-02'
from sources, (values ('P1', 'officer'), ('SP1', 'spoc')) people(ref, role)"""
KEYS = "insert into case_keys (force_code, case_ref) select '45', 'S-' || n from generate_series(1, 4) n"
CASES = """
insert into cases (id, source_id, force_code, case_ref, cps_area, opened_on, offence_codes, classification, risk,
                   oic_ref, finalised_on, finalised_reason, transfer_seen_on)
select k.id, s.id, '45', k.case_ref, 'South East', '2026-03-02', '{PH97011}', 'stalking', 'high', 'P1',
       case when k.case_ref = 'S-4' then date '2026-03-16' end, case when k.case_ref = 'S-4' then 'transferred' end,
       case when k.case_ref = 'S-4' then date '2026-03-17' end
from case_keys k, sources s"""
OWED = """
insert into obligations (case_id, force_code, rule, subject, version, chain_from, edition, owed_by, due_on, remind_on,
                         escalate_on, hard, stalls, because, began_on, last_step)
select id, '45', rule, subject, 1, 1, 'x', 'police', due_on, '2026-03-01', '2026-03-30', hard, false, '[]',
       '2026-03-01', step
from cases join (values ('S-1', 'action', 'action:A-1', date '2026-03-16', false, 2),
                        ('S-2', 'bail-end', 'case', date '2026-03-20', true, 4),
                        ('S-3', 'bail-end', 'case', date '2026-03-21', true, 4))
           o(case_ref, rule, subject, due_on, hard, step) using (case_ref)"""
AT_ONCE = """
insert into messages (key, kind, contact_ref, channel, day, hard, due_at)
select format('at_once:%s:4::P1:email', o.id), 'at_once', 'P1', 'email', '2026-03-17', true, '2026-03-17 08:00Z'
from obligations o where hard"""
LETTERS = """
insert into messages (key, kind, contact_ref, channel, day, about, due_at)
values ('digest:P1:email:2026-03-17', 'digest', 'P1', 'email', '2026-03-17', null, '2026-03-17 08:00Z'),
       ('agenda:S1:SP1:before:2026-03-17', 'agenda', 'SP1', 'email', '2026-03-17', 'S1', '2026-03-17 08:00Z')"""
TRANSFER = """
insert into messages (key, kind, contact_ref, channel, day, about, due_at)
select format('transfer:%s:45:2026-03-17:SP1:email', id), 'transfer', 'SP1', 'email', '2026-03-17',
       format('%s:45:2026-03-17', id), '2026-03-17 08:00Z'
from cases where case_ref = 'S-4'"""
TOLD = """
insert into notifications (obligation_id, happening, step, step_name, day, duty, manner, addressee, contact_ref,
                           channel, state, message_id)
select o.id, 'step', o.last_step, case when o.hard then 'one-week' else 'overdue' end, '2026-03-17', 'chase',
       case when o.hard then 'at_once' else 'digest' end, 'owner', 'P1', 'email', 'queued', m.id
from obligations o join messages m on m.key = case when o.hard then format('at_once:%s:4::P1:email', o.id)
                                                   else 'digest:P1:email:2026-03-17' end"""
# What was decided, and not grouped yet when the version before was stopped.
UNGROUPED = """
insert into notifications (obligation_id, happening, step, step_name, occasion, day, duty, manner, addressee,
                           contact_ref, channel, state)
select id, 'handed_over', last_step, 'one-week', 'handed over', '2026-03-17', 'chase', 'at_once', 'spoc', 'SP1',
       'email', 'queued' from obligations where hard"""
FILLED = [A_SOURCE, A_SITTING, PEOPLE, KEYS, CASES, OWED, AT_ONCE, LETTERS, TRANSFER, TOLD, UNGROUPED]


@pytest.fixture
def upgraded(server, monkeypatch, tmp_path):
    with older_database(server, "0012", FILLED) as made:
        assert migrate.migrate(made.url) == "0012"
        monkeypatch.setenv("CASEBEAT_DATABASE_URL", made.url)
        monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("CASEBEAT_CLOCK", "virtual")
        yield made
        database.close()


def test_what_waited_is_said_once_and_none_of_it_is_lost(upgraded):
    group(day(TODAY), at_london(day(TODAY)).replace(hour=6))
    deliver(at_london(day(TODAY)))
    assert upgraded.ask("select state, count(*) from notifications group by 1") == [("shown", 5)]
    written = "select kind, contact_ref, state from messages where contact_ref is not null order by 1, 2, 3"
    assert upgraded.ask(written) == [
        ("agenda", "SP1", "silent"),  # its sitting has been held
        ("at_once", "P1", "shown"), ("at_once", "P1", "shown"),
        ("digest", "P1", "shown"), ("digest", "P1", "silent"), ("digest", "SP1", "shown"),
        ("transfer", "SP1", "shown"),
    ]  # fmt: skip
    texts = {}
    for path in (settings().home / "mail" / "new").iterdir():
        read = message_from_bytes(path.read_bytes(), policy=policy.default)
        texts.setdefault(str(read["To"].addresses[0].username), []).append(read.get_body(("plain",)).get_content())
    (letter,) = [text for text in texts["p1"] if "45/S-1" in text]
    assert sorted(text[:8] for text in texts["p1"] if text != letter) == ["45/S-2: ", "45/S-3: "]
    (spocs,) = texts["sp1"]
    for said in ("45/S-2", "45/S-3", "45/S-4: transferred to another force"):
        assert said in spocs
    deliver(at_london(day(TODAY)).replace(hour=9))
    assert upgraded.ask("select count(*) from messages where state = 'queued' and contact_ref is not null") == [(0,)]
