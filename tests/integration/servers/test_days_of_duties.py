"""From revision 1015 on: the days on which a recurring duty was done before are those that its obligations had."""

from pathlib import Path

from tasks.servers import migrate
from tests.support.older_database import A_SOURCE, older_database

A_CASE = (
    "insert into case_keys (id, force_code, case_ref) values (901, '45', 'C1')",
    """insert into cases (id, force_code, case_ref, cps_area, opened_on, offence_codes, classification, risk, oic_ref,
                          source_id, victim_contacted_on)
       select 901, '45', 'C1', 'South East', '2026-01-05', '{PH97010}', 'stalking', 'high', 'P1', min(id), '2026-03-16'
       from sources""",
)
VERSIONS = """
    insert into obligations (case_id, force_code, rule, subject, version, chain_from, edition, owed_by, due_on, done_on,
                             remind_on, escalate_on, hard, stalls, because, note, began_on, ended_on, end_reason,
                             addressed, through)
    select 901, '45', 'victim-contact', 'case', version, version, 'x', 'police', done_on::date + 7, done_on::date,
           done_on::date + 7, done_on::date + 7, false, false, '[]', '', done_on::date + 1, ended_on::date, reason,
           '{}', '{}'
    from (values (1, null, '2026-03-03', 'met'), (2, '2026-03-02', '2026-03-05', 'moved'),
                 (3, '2026-03-02', '2026-03-10', 'met'), (4, '2026-03-09', '2026-03-12', 'void'),
                 (5, '2026-03-16', null, null)) v (version, done_on, ended_on, reason)
    where done_on is not null"""


def test_each_day_that_is_not_the_cases_of_now_is_kept_once_and_none_of_what_is_void(server: Path) -> None:
    with older_database(server, "1014", (A_SOURCE, *A_CASE, VERSIONS)) as older:
        assert migrate.migrate(older.url) == "1014"
        found = older.ask("select key_id, name, day::text, state, until_on::text from earlier_days")
    assert found == [(901, "victim_contacted_on", "2026-03-02", None, "2026-03-10")]
