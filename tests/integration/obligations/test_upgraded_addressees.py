"""Steps that the version before took, with messages on their way: who was told is told nothing again."""

from collections.abc import Iterator

import pytest

from config.days.london import at_london
from config.terms import Duty
from tasks.obligations import projection
from tasks.obligations.climbing import climb_force
from tasks.servers import database as way
from tasks.servers import migrate
from tests.support.older_database import A_SOURCE, OlderDatabase, older_database
from tests.worlds.days import day

FILLED = (
    A_SOURCE,
    """insert into contacts (contact_ref, source_id, agency, name, email, roles, force_codes, cps_areas, first_seen_on,
                             changed)
       select ref, id, 'police', 'Sam', lower(ref) || '@surrey.police.uk', array[role], '{45}', '{}', '2026-03-01',
              false
       from sources, (values ('P1', 'officer'), ('S1', 'supervisor'), ('SP1', 'spoc'), ('SP2', 'spoc')) who(ref,
                                                                                                            role)""",
    "insert into case_keys (force_code, case_ref) values ('45', 'C')",
    """insert into cases (id, source_id, force_code, case_ref, cps_area, opened_on, offence_codes, classification, risk,
                          oic_ref, supervisor_ref)
       select k.id, s.id, '45', 'C', 'South East', '2026-03-02', '{PH97011}', 'stalking', 'standard', 'P1', 'S1'
       from sources s, case_keys k""",
    """insert into actions (action_ref, key_id, source_id, kind, source, owner_agency, status, raised_on, due_on)
       select ref, k.id, s.id, 'CCTV', 'investigation', 'police', 'pending', '2026-03-02', '2026-03-04'
       from sources s, case_keys k, unnest(array['LATE', 'AGAIN']) ref""",
    """insert into obligations (case_id, force_code, rule, subject, version, chain_from, edition, owed_by, due_on,
                                remind_on, escalate_on, hard, stalls, because, began_on, last_step, taken_on,
                                next_step_on, owner_told, ended_on, end_reason)
       select k.id, '45', rule, subject, version, 1, '2026-11', 'police', due_on, remind_on, escalate_on, false, true,
              '[]', '2026-03-02', last_step, '{}', '2027-01-01', '{P1}', ended_on, end_reason
       from case_keys k, (values
            ('action', 'action:LATE', 1, date '2026-03-04', date '2026-03-02', date '2026-03-18', 3, null::date, null),
            ('action', 'action:AGAIN', 1, '2026-03-03', '2026-03-02', '2026-03-17', 3, '2026-03-19', 'moved'),
            ('action', 'action:AGAIN', 2, '2026-03-04', '2026-03-02', '2026-03-18', 3, null, null),
            ('supervisor-review', 'case', 1, '2026-03-30', '2026-03-19', '2026-04-08', 1, null, null)
       ) owed(rule, subject, version, due_on, remind_on, escalate_on, last_step, ended_on, end_reason)""",
    """insert into notifications (obligation_id, happening, step, step_name, day, duty, manner, addressee, contact_ref,
                                  channel, state)
       select o.id, 'step', o.last_step, 'critical', '2026-03-18', 'escalate', 'digest', addressee, ref, 'email', state
       from obligations o, (values ('owner', 'P1', 'sent'), ('supervisor', 'S1', 'sent'), ('spoc', 'SP1', 'queued'),
                                   ('spoc', 'SP2', 'silent')) who(addressee, ref, state)
       where o.rule = 'action' and o.version = 1""",
    """insert into notifications (obligation_id, happening, step, step_name, day, duty, manner, addressee, contact_ref,
                                  channel, state)
       select id, 'step', 1, 'reminder', '2026-03-19', 'chase', 'digest', 'owner', 'P1', 'email', 'sent'
       from obligations where rule = 'supervisor-review'""",
)


@pytest.fixture
def upgraded(server, monkeypatch: pytest.MonkeyPatch, tmp_path) -> Iterator[OlderDatabase]:
    with older_database(server, "0015", FILLED) as made:
        migrate.migrate(made.url)
        monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("CASEBEAT_DATABASE_URL", made.url)
        try:
            yield made
        finally:
            way.close()


def climb(today: str) -> None:
    projection.project("45", day(today), at_london(day(today)))
    for duty in Duty:
        climb_force("45", day(today), duty)


def test_everyone_who_was_addressed_by_an_escalation_is_kept_and_of_a_chase_its_owner(upgraded):
    addressed = "select subject, version, addressed::text from obligations where ended_on is null order by 1"
    assert upgraded.ask(addressed) == [
        ("action:AGAIN", 2, "{P1,S1,SP1,SP2}"), ("action:LATE", 1, "{P1,S1,SP1,SP2}"), ("case", 1, "{P1}"),
    ]  # fmt: skip


def test_the_first_round_tells_only_the_supervisor_whose_review_it_is_now_and_the_second_nobody(upgraded):
    told = """select o.rule, n.happening, n.contact_ref
              from notifications n join obligations o on o.id = n.obligation_id where n.day >= '2026-03-20'"""
    climb("Fri 20 Mar 2026")
    assert upgraded.ask(told) == [("supervisor-review", "handed_over", "S1")]
    climb("Mon 23 Mar 2026")
    assert upgraded.ask(told) == [("supervisor-review", "handed_over", "S1")]
    through = "select subject, through::text from obligations where ended_on is null and last_step > 0 order by 1"
    assert upgraded.ask(through) == [
        ("action:AGAIN", '{P1,S1,SP1,SP2,"panel 45 South East","police spoc 45"}'),
        ("action:LATE", '{P1,S1,SP1,SP2,"panel 45 South East","police spoc 45"}'),
        ("case", "{S1}"),
    ]
