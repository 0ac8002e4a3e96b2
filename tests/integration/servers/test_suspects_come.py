"""From revision 1016 on: suspects and defendants have rows of their own, and keys of people are in lower case."""

from pathlib import Path

from tasks.servers import migrate
from tests.support.older_database import A_SOURCE, older_database

KEYS = """insert into case_keys (id, force_code, case_ref) values (1, '45', 'C1'), (2, '45', 'C2')"""
CASES = """insert into cases (id, force_code, case_ref, cps_area, opened_on, offence_codes, classification, risk,
                              oic_ref, source_id, suspect_status, status_on, bail_ends_on, suspect_key, projection)
           select id, force_code, case_ref, 'South East', '2026-03-02', '{PH97006}', 'stalking', 'high',
                  'P1', 1, 'bail', '2026-03-02', '2026-05-30', case when id = 1 then 'AB12AB12AB12AB12' end, 'evaluated'
           from case_keys"""
A_CPS_CASE = "insert into cps_cases (key_id, source_id, charged_on) values (1, 1, '2026-03-09')"
A_DUTY = """
    insert into obligations (id, case_id, force_code, rule, subject, version, chain_from, edition, owed_by, due_on,
                             remind_on, escalate_on, hard, stalls, because, parts, began_on, last_step, addressed,
                             through)
    values (1, 1, '45', 'bail-end', 'case', 1, 1, 'x', 'police', '2026-05-30',
            '2026-04-18', '2026-05-31', true, true, '[]', '{}', '2026-03-02', 1, '{}', '{}')"""
ON_THEIR_WAY = (
    """insert into messages (key, kind, contact_ref, channel, day, state, due_at)
       values ('letter:P1', 'letter', 'P1', 'email', '2026-03-17', 'queued', '2026-03-17 09:00Z')""",
    """insert into notifications (obligation_id, happening, step, step_name, occasion, day, duty, manner, addressee,
                                  contact_ref, channel, state, message_id)
       select 1, 'step', 1, 'remind', 'step', '2026-03-17', 'chase', 'digest', 'owner', 'P1', 'email', 'queued', id
       from messages""",
)


def test_cases_and_messages_on_their_way_stay_and_nobody_has_suspects_of_their_own(server: Path) -> None:
    filled = (A_SOURCE, KEYS, CASES, A_CPS_CASE, A_DUTY, *ON_THEIR_WAY)
    with older_database(server, "1015", filled) as made:
        assert migrate.migrate(made.url) == "1015"
        asked = """select case_ref, suspect_status, bail_ends_on::text, suspect_key, charged_on, risk_ratified_on,
                          projection from cases order by id"""
        assert made.ask(asked) == [
            ("C1", "bail", "2026-05-30", "ab12ab12ab12ab12", None, None, "evaluated"),
            ("C2", "bail", "2026-05-30", None, None, None, "evaluated"),
        ]
        assert made.ask("select charged_on::text, in_custody from cps_cases") == [("2026-03-09", None)]
        for table in ("suspects", "defendants", "seen_changes"):
            assert made.ask(f"select count(*) from {table}") == [(0,)]
        said = "select m.key, m.state, n.state from messages m join notifications n on n.message_id = m.id"
        assert made.ask(said) == [("letter:P1", "queued", "queued")]
