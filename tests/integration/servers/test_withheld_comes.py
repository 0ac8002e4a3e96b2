"""From revision 1019 on: a notification knows whether its case was withheld from its reader."""

from pathlib import Path

from tasks.servers import migrate
from tests.support.older_database import A_SOURCE, older_database

KEYS = "insert into case_keys (id, force_code, case_ref) values (1, '45', 'C1')"
A_CASE = """
    insert into cases (id, force_code, case_ref, cps_area, opened_on, offence_codes, classification, risk, oic_ref,
                       source_id, restricted)
    values (1, '45', 'C1', 'South East', '2026-03-02', '{PH97006}', 'stalking', 'high', 'P1', 1, true)"""
A_DUTY = """
    insert into obligations (id, case_id, force_code, rule, subject, version, chain_from, edition, owed_by, due_on,
                             remind_on, escalate_on, hard, stalls, because, parts, began_on, last_step, addressed,
                             through)
    values (1, 1, '45', 'no-progress', 'case', 1, 1, 'x', 'police', '2026-03-16',
            '2026-03-12', '2026-03-19', false, true, '[]', '{}', '2026-03-02', 1, '{P1}', '{P1}')"""
ON_THEIR_WAY = (
    """insert into messages (key, kind, contact_ref, channel, day, state, due_at)
       values ('letter:P1', 'letter', 'P1', 'email', '2026-03-17', 'queued', '2026-03-17 09:00Z'),
              ('letter:P2', 'letter', 'P2', 'email', '2026-03-12', 'sent', '2026-03-12 09:00Z')""",
    """insert into notifications (obligation_id, happening, step, step_name, day, duty, manner, addressee,
                                  contact_ref, channel, state, message_id)
       select 1, 'step', 1, 'reminder', day, 'chase', 'digest', 'owner', contact_ref, 'email', state, id
       from messages""",
)


def test_messages_on_their_way_stay_and_what_was_sent_counts_as_read(server: Path) -> None:
    with older_database(server, "1018", (A_SOURCE, KEYS, A_CASE, A_DUTY, *ON_THEIR_WAY)) as made:
        assert migrate.migrate(made.url) == "1018"
        said = """select m.key, m.state, n.state, n.withheld from messages m
                  join notifications n on n.message_id = m.id order by 1"""
        assert made.ask(said) == [("letter:P1", "queued", "queued", False), ("letter:P2", "sent", "sent", False)]
