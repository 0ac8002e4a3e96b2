"""The day of the fact that ended a version, in a database in which the version before ended some."""

from datetime import date

from tasks.servers import migrate
from tests.support.older_database import older_database

ENDED = """insert into obligations (case_id, force_code, rule, subject, version, chain_from, edition, owed_by, due_on,
                                   remind_on, escalate_on, hard, stalls, because, began_on, ended_on, end_reason)
           values (7, '45', 'action', 'action:A1', 1, 1, '1', 'police', '2026-03-16', '2026-03-12', '2026-03-19', false,
                   true, '[]', '2026-03-02', '2026-03-17', 'met')"""


def test_of_a_version_that_ended_before_it_is_not_known(server):
    with older_database(server, "0016", (ENDED,)) as made:
        migrate.migrate(made.url)
        assert made.ask("select end_reason, ended_on, fact_on from obligations") == [("met", date(2026, 3, 17), None)]
