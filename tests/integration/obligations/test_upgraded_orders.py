"""Orders of a database that the version before made, at each step of its ladder of three: each goes on where it was."""

from collections.abc import Iterator

import pytest

from config.days.london import at_london
from config.terms import Duty
from models.queries.rounds import undone_ladders
from models.rules.obligations.ladder_before import place_before
from tasks.obligations import projection
from tasks.obligations.climbing import climb_force
from tasks.servers import database as way
from tasks.servers import migrate
from tests.support.older_database import A_SOURCE, OlderDatabase, older_database
from tests.worlds.days import day

TODAY = day("Mon 16 Mar 2026")
# Order, version, the first it carries on from, due, last step, days of its steps, ended.
VERSIONS = """(values
    ('NEW', 1, 1, date '2026-09-01', 0, '{}', null::text, null::date),
    ('REMINDED', 1, 1, '2026-05-01', 1, '{2026-02-02}', null, null),
    ('WARNED', 1, 1, '2026-03-30', 2, '{NULL,2026-03-02}', null, null),
    ('ENDED', 1, 1, '2026-03-12', 3, '{NULL,2026-02-12,2026-03-13}', null, null),
    ('MOVED', 1, 1, '2026-03-05', 3, '{NULL,2026-02-16,2026-03-06}', 'moved', '2026-03-10'),
    ('MOVED', 2, 1, '2026-04-20', 1, '{NULL,2026-02-16,2026-03-06}', null, null),
    ('AGAIN', 1, 1, '2026-03-09', 3, '{NULL,NULL,2026-03-10}', 'met', '2026-03-11'),
    ('AGAIN', 2, 1, '2026-03-09', 3, '{NULL,NULL,2026-03-10}', null, null)
  ) given(ref, version, chain_from, due_on, last_step, taken_on, end_reason, ended_on)"""
FILLED = (
    A_SOURCE,
    f"insert into case_keys (force_code, case_ref) select distinct '45', ref from {VERSIONS}",
    """insert into cases (id, source_id, force_code, case_ref, cps_area, opened_on, offence_codes, classification, risk,
                          oic_ref, finalised_on, finalised_reason)
       select k.id, s.id, '45', k.case_ref, 'South East', '2025-01-06', '{PH97011}', 'stalking', 'high', 'P1',
              '2025-09-01', 'charged_and_disposed' from sources s, case_keys k""",
    f"""insert into orders (order_ref, key_id, source_id, kind, expires_on)
        select ref, k.id, s.id, 'spo', max(due_on) from sources s, case_keys k join {VERSIONS} on ref = k.case_ref
        group by 1, 2, 3""",
    """insert into source_columns (source_id, file, name, state, since)
       select id, 'orders.csv', unnest(array['expires_on', 'renewal_decided_on']), 'sent', '2026-03-01' from sources""",
    f"""insert into obligations (case_id, force_code, rule, subject, version, chain_from, edition, owed_by, due_on,
                                 remind_on, escalate_on, hard, stalls, because, began_on, last_step, taken_on,
                                 next_step_on, end_reason, ended_on)
        select k.id, '45', 'order-expiry', 'order:' || ref, version, chain_from, '2026-11', 'police', due_on,
               due_on - interval '3 months', due_on + 1, true, false, '[]', '2025-09-01', last_step, taken_on::date[],
               '2027-01-01', end_reason, ended_on
        from {VERSIONS} join case_keys k on k.case_ref = ref""",
    """insert into steps (obligation_id, step, name, on_day, outcome)
       select id, step, (array['reminder', 'expiring', 'expired'])[step], taken_on[step], 'taken'
       from obligations, generate_series(1, 3) step where taken_on[step] is not null and version = 1""",
    """insert into notifications (obligation_id, happening, step, step_name, occasion, day, duty, manner, addressee,
                                  contact_ref, channel, state)
       select s.obligation_id, said.happening, s.step, s.name, said.occasion, s.on_day, 'escalate', 'at_once', 'spoc',
              'P1', 'email', said.state
       from steps s, (values ('step', '', 'sent'), ('handed_over', 'handed over', 'queued')) said(happening, occasion,
                                                                                                 state)""",
    """insert into messages (key, kind, channel, day, due_at, state)
       select format('post:7:%s:%s:', obligation_id, step), 'post', 'slack', on_day, on_day,
              case when subject = 'order:ENDED' then 'unknown' else 'sent' end
       from steps s join obligations o on o.id = s.obligation_id""",
)
PLACES = "select substr(subject, 7), version, last_step, taken_on::text from obligations order by 1, 2"
POSTS = """select substr(o.subject, 7), m.state, split_part(m.key, ':', 4) as step
           from messages m join obligations o on o.id = split_part(m.key, ':', 3)::int
           where o.subject in ('order:WARNED', 'order:ENDED', 'order:AGAIN') order by 1, 3"""


@pytest.fixture
def upgraded(server, monkeypatch: pytest.MonkeyPatch, tmp_path) -> Iterator[OlderDatabase]:
    with older_database(server, "0013", FILLED) as made:
        migrate.migrate(made.url)
        monkeypatch.setenv("CASEBEAT_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("CASEBEAT_DATABASE_URL", made.url)
        try:
            yield made
        finally:
            way.close()


def test_what_was_taken_is_the_same_step_as_before(upgraded):
    assert upgraded.ask(PLACES) == [
        ("AGAIN", 1, 6, "{NULL,NULL,NULL,NULL,NULL,2026-03-10}"),
        ("AGAIN", 2, 6, "{NULL,NULL,NULL,NULL,NULL,2026-03-10}"),
        ("ENDED", 1, 6, "{NULL,2026-02-12,NULL,NULL,NULL,2026-03-13}"),
        ("MOVED", 1, 6, "{NULL,2026-02-16,NULL,NULL,NULL,2026-03-06}"),
        ("MOVED", 2, 1, "{NULL,2026-02-16,NULL,NULL,NULL,2026-03-06}"),
        ("NEW", 1, 0, "{}"),
        ("REMINDED", 1, 1, "{2026-02-02}"),
        ("WARNED", 1, 2, "{NULL,2026-03-02}"),
    ]
    steps = [(1, "reminder"), (2, "expiring"), (6, "expired")]
    assert upgraded.ask("select distinct step, name from steps where outcome = 'taken' order by 1") == steps
    assert upgraded.ask("select distinct step, step_name from notifications order by 1") == steps


def test_undoing_the_round_that_took_the_last_step_finds_the_place_before_it(upgraded):
    places = {}
    with upgraded.opened() as connection:
        for climbed, steps in undone_ladders.climbed_after(connection, day("Tue 3 Mar 2026")):
            places[climbed.id] = place_before(climbed.place, steps, day("Tue 3 Mar 2026")).last_step
    ended = upgraded.ask("select id from obligations where subject = 'order:ENDED'")[0][0]
    assert places[ended] == 2


def test_a_post_is_known_under_its_new_number_and_one_that_may_be_out_under_its_old_one_too(upgraded):
    assert upgraded.ask(POSTS) == [
        ("AGAIN", "sent", "6"),
        ("ENDED", "unknown", "2"),
        ("ENDED", "unknown", "3"),
        ("ENDED", "silent", "6"),
        ("WARNED", "sent", "2"),
    ]


@pytest.mark.parametrize("days", [1, 2])
def test_the_next_round_takes_the_steps_that_are_new_once_and_none_a_second_time(upgraded, days):
    for today in (TODAY, day("Tue 17 Mar 2026"))[:days]:
        projection.project("45", today, at_london(today))
        for duty in Duty:
            climb_force("45", today, duty)
    taken = upgraded.ask(
        """select substr(o.subject, 7), s.step, s.name from steps s join obligations o on o.id = s.obligation_id
           where s.on_day >= '2026-03-16' and o.rule = 'order-expiry' and s.outcome = 'taken'"""
    )
    assert taken == [("WARNED", 3, "two-weeks")]


def test_what_is_left_of_an_orders_ladder_is_taken_in_its_time(upgraded):
    for today in ("Thu 2 Apr 2026", "Fri 17 Apr 2026", "Tue 21 Apr 2026"):
        projection.project("45", day(today), at_london(day(today)))
        for duty in Duty:
            climb_force("45", day(today), duty)
    taken = upgraded.ask(
        """select substr(o.subject, 7), s.name, s.on_day::text
           from steps s join obligations o on o.id = s.obligation_id
           where s.on_day >= '2026-03-16' and o.rule = 'order-expiry' and s.outcome = 'taken' order by 1, 3"""
    )
    assert taken == [
        ("MOVED", "two-weeks", "2026-04-02"),
        ("MOVED", "last-day", "2026-04-17"),
        ("MOVED", "expired", "2026-04-21"),
        ("REMINDED", "expiring", "2026-04-02"),
        ("REMINDED", "two-weeks", "2026-04-17"),
        ("WARNED", "expired", "2026-04-02"),
    ]
