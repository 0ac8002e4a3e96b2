"""Letters that the version before sent: they had no pattern list, so that the first one lists everything as new."""

import pytest
from sqlalchemy import text

from models.queries.pattern import sent_lists
from models.rules.outbox.message_states import DELIVERED
from tasks.servers import migrate
from tests.support.older_database import A_SOURCE, older_database
from tests.worlds.days import day

FILLED = (
    A_SOURCE,
    "insert into case_keys (force_code, case_ref) values ('45', 'C1')",
    """insert into cases (id, source_id, force_code, case_ref, cps_area, opened_on, offence_codes, classification, risk,
                          oic_ref)
       select k.id, s.id, '45', 'C1', 'South East', '2026-03-02', '{PH97004}', 'harassment', 'high', 'P1'
       from case_keys k, sources s""",
    """insert into messages (key, kind, contact_ref, channel, day, standing, state, due_at, sent_at)
       values ('digest:P1:email:2026-03-16', 'digest', 'P1', 'email', '2026-03-16', true, 'sent', '2026-03-16 08:00Z',
               '2026-03-16 08:00Z')""",
)


@pytest.fixture
def upgraded(server):
    with older_database(server, "0026", FILLED) as made:
        assert migrate.migrate(made.url) == "0026"
        yield made


def test_an_older_letter_has_no_list_and_keys_are_found_by_an_index(upgraded):
    with upgraded.opened() as connection:
        assert sent_lists.last_lists(connection, ["P1"], "email", day("Mon 23 Mar 2026"), DELIVERED) == {}
        case_id, message_id = connection.execute(text("select c.id, m.id from cases c, messages m")).one()
        sent_lists.keep(connection, message_id, {case_id: ["breach:1"]})
        last = sent_lists.last_lists(connection, ["P1"], "email", day("Mon 23 Mar 2026"), DELIVERED)
        assert last == {"P1": {case_id: ("breach:1",)}}
        names = connection.execute(text("select indexname from pg_indexes where tablename = 'cases'")).scalars().all()
        assert {"ix_cases_suspect_key", "ix_cases_victim_key"} <= set(names)
